from __future__ import annotations

from datetime import date, timedelta

import pytest

from remote_court.errors import NotFound, RuleRefused
from remote_court.scheduling.wish import Pool, week_guard
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.matter import gather, wish_of
from remote_court.visits.request import Request, times
from remote_court.visits.status import Status
from tests.visits.stage import rules_of
from tests.world import FREE_START, NOON

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def ask(world, person=None, **changes) -> Request:
    person = person or world.mother
    values = {
        "inmate_id": world.inmate.id,
        "office_id": world.office.id,
        "starts_at": FREE_START,
        "visitor_ids": (person.id,),
        "booked_for": person.id,
    }
    return Request(**(values | changes))


async def matter(world, request, now=NOON):
    rule = await rules_of(world, now)
    return await gather(
        world.session, request, times(request.kind, request.starts_at, rule), rule, now
    )


async def test_a_wish_is_a_room_a_booth_the_inmate_and_every_visitor(village):
    rule = await rules_of(village, NOON)
    request = ask(village, step_free=True, visitor_ids=(7, 8))
    when = times(request.kind, FREE_START, rule)
    wish = wish_of(request, when, village.prison.id, 7)
    step_free = Pool(village.office.id, frozenset({"step_free"}))
    assert wish.pools == (step_free, Pool(village.prison.id))
    assert wish.people == (village.inmate.id, 7, 8)
    assert (wish.told, wish.reserved) == (when.told, when.reserved)
    assert wish.guards == (week_guard(village.inmate.id, date(2026, 11, 28).toordinal()),)


async def test_a_week_has_one_guard_whichever_day_of_it_is_asked_for(village):
    rule = await rules_of(village, NOON)
    guards = set()
    for n in range(-1, 6):
        when = times(ask(village).kind, FREE_START + n * DAY, rule)
        guards.add(wish_of(ask(village), when, 1, 1).guards)
    assert len(guards) == 1


@pytest.mark.parametrize(
    ("kin", "held", "status", "keeps_for"),
    [
        (KinshipKind.MOTHER, False, Status.BOOKED, None),
        (KinshipKind.COUSIN, False, Status.REQUESTED, 3 * DAY),
        (KinshipKind.MOTHER, True, Status.HELD, 10 * MINUTE),
        (KinshipKind.COUSIN, True, Status.HELD, 10 * MINUTE),
    ],
)
async def test_who_comes_of_right_is_booked_and_others_are_held_meanwhile(
    village, kin, held, status, keeps_for
):
    person = await village.relative(kin)
    found = await matter(village, ask(village, person, held=held))
    assert found.outcome() == (status, keeps_for and NOON + keeps_for)
    assert found.refusals() == []


async def test_a_request_waits_no_longer_than_until_its_own_start(village):
    cousin = await village.relative(KinshipKind.COUSIN)
    now = FREE_START - 2 * DAY
    assert (await matter(village, ask(village, cousin), now)).outcome()[1] == FREE_START


async def test_children_come_as_children_of_that_day(village):
    child = await village.relative(KinshipKind.CHILD, born_on=date(2008, 11, 30))
    both = (village.mother.id, child.id)
    here = await matter(village, ask(village, visitor_ids=both))
    later = await matter(village, ask(village, visitor_ids=both, starts_at=FREE_START + DAY))
    assert dict(here.visitors()) == {village.mother.id: True, child.id: False}
    assert dict(later.visitors()) == {village.mother.id: True, child.id: True}


async def test_a_stranger_stops_before_any_place_is_looked_at(village):
    stranger = await village.person()
    with pytest.raises(RuleRefused):
        await matter(village, ask(village, stranger))


@pytest.mark.parametrize("place", ["office", "prison", "no such office"])
async def test_a_place_that_serves_nobody_is_not_found(village, place):
    request = ask(village, office_id=10**9) if place == "no such office" else ask(village)
    if place != "no such office":
        getattr(village, place).in_service = False
        await village.session.flush()
    with pytest.raises(NotFound):
        await matter(village, request)


async def test_an_id_larger_than_any_is_simply_not_there(village):
    with pytest.raises(NotFound):
        await matter(village, ask(village, office_id=10**18 - 1))


async def test_a_prison_is_no_office(village):
    with pytest.raises(NotFound):
        await matter(village, ask(village, office_id=village.prison.id))
