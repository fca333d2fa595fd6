from __future__ import annotations

from datetime import timedelta

import pytest

from remote_court.errors import NotFound, RuleRefused, WrongState
from remote_court.people import Role
from remote_court.scheduling.models import Session
from remote_court.visits.cancel import LONGEST_REASON, ReasonNeeded, cancel
from remote_court.visits.door import open_visit
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.status import Status
from tests.visits.stage import acts, booked, channels, letters, places_of, rules_of, visit_of
from tests.world import FREE_START, NOON

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
LATE = FREE_START - 23 * HOUR


async def call_off(world, visit_id, actor=None, reason="", now=NOON):
    who = actor or world.actor(world.mother)
    return await cancel(world.session, who, visit_id, reason, now, await rules_of(world, now))


async def test_cancelling_frees_every_place_at_once_and_tells_everybody(village):
    made = await booked(village, NOON)
    opened = await call_off(village, made.id, reason="  بیماری  ")
    assert opened.status is Status.CANCELLED
    assert await places_of(village, made.id) == set()
    visit = await visit_of(village, made.id)
    assert (visit.cancelled_by, visit.cancelled_as) == (village.mother.id, Role.FAMILY)
    assert (visit.cancelled_at, visit.cancel_reason) == (NOON, "بیماری")
    (letter,) = await letters(village, "cancelled")
    assert letter["params"] == {"by": "family"}
    assert {f"office:{village.office.id}", f"prison:{village.prison.id}"} <= await channels(village)
    (line,) = await acts(village, "visit.cancelled")
    assert (line.actor_id, line.role, line.place_id) == (village.mother.id, Role.FAMILY, None)
    assert (await booked(village, NOON)).status is Status.BOOKED


@pytest.mark.parametrize(
    ("now", "by_staff", "used"),
    [
        (FREE_START - 24 * HOUR, False, False),
        (FREE_START - 24 * HOUR + MINUTE, False, True),
        (LATE, True, False),
    ],
)
async def test_only_a_visitors_late_word_costs_the_weeks_visit(village, now, by_staff, used):
    made = await booked(village, NOON)
    await call_off(village, made.id, village.clerk if by_staff else None, "نوبت بسته شد", now)
    assert (await visit_of(village, made.id)).counts_as_used is used
    again = {"starts_at": FREE_START + 4 * DAY}
    if not used:
        assert (await booked(village, LATE, **again)).status is Status.BOOKED
        return
    with pytest.raises(RuleRefused) as refused:
        await booked(village, LATE, **again)
    assert [reason.code for reason in refused.value.reasons] == ["allowance-used"]


@pytest.mark.parametrize("status", [Status.HELD, Status.REQUESTED, Status.DISPLACED])
async def test_what_was_never_sure_costs_nothing_however_late(village, status):
    cousin = await village.relative(KinshipKind.COUSIN)
    person = cousin if status is Status.REQUESTED else village.mother
    made = await booked(village, NOON, person, held=status is Status.HELD)
    if status is Status.DISPLACED:
        (await open_visit(village.session, made.id)).move_to(Status.DISPLACED)
        await village.session.flush()
    await call_off(village, made.id, village.actor(person), now=LATE)
    assert not (await visit_of(village, made.id)).counts_as_used


async def test_a_hold_that_is_let_go_brings_no_letter(village):
    made = await booked(village, NOON, held=True)
    await call_off(village, made.id)
    assert await letters(village, "cancelled") == []


async def test_staff_say_why_and_nobody_writes_a_novel(village):
    made = await booked(village, NOON)
    for actor, reason in (
        (village.clerk, "  "),
        (village.officer, ""),
        (None, "ا" * (LONGEST_REASON + 1)),
    ):
        with pytest.raises(ReasonNeeded):
            async with village.session.begin_nested():
                await call_off(village, made.id, actor, reason)
    opened = await call_off(village, made.id, village.officer, "بازرسی")
    assert opened.visit.cancelled_as is Role.PRISON_OFFICER
    (line,) = await acts(village, "visit.cancelled")
    assert line.place_id == village.prison.id


async def test_strangers_and_other_desks_do_not_see_the_visit(village):
    made = await booked(village, NOON)
    others = [
        village.actor(await village.person()),
        await village.staff(Role.OFFICE_CLERK, 10**6),
        await village.staff(Role.PRISON_OFFICER, 10**6),
        await village.staff(Role.HQ_PLANNER, None),
    ]
    for actor in others:
        with pytest.raises(NotFound):
            await call_off(village, made.id, actor, "چون")
    with pytest.raises(NotFound):
        await call_off(village, 10**9)


async def test_from_its_start_only_staff_cancel(village):
    made = await booked(village, NOON)
    with pytest.raises(WrongState):
        await call_off(village, made.id, now=FREE_START)
    assert (await call_off(village, made.id, village.clerk, "قطع برق", FREE_START)).status


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.COMPLETED, Status.CANCELLED])
async def test_what_is_under_way_or_over_stays_so(village, status):
    made = await booked(village, NOON)
    owner = await village.session.get(Session, made.id)
    owner.status = status
    await village.session.flush()
    with pytest.raises(WrongState):
        await call_off(village, made.id, village.clerk, "چون")
