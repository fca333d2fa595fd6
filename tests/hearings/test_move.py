"""A sitting moves with all its people and rooms, to a date of which everybody is served anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from remote_court.audit import AuditEntry
from remote_court.errors import Forbidden, NotFound, WrongState
from remote_court.hearings.cancel import cancel
from remote_court.hearings.door import WhyNeeded, look
from remote_court.hearings.lawful import UnlawfulDate
from remote_court.hearings.list_hearing import list_hearing
from remote_court.hearings.models import HearingPart
from remote_court.hearings.move import Target, move
from remote_court.hearings.plan import Coming
from remote_court.hearings.roles import PartyRole, Site
from remote_court.hearings.status import Status
from remote_court.notices.service import Notice
from remote_court.scheduling.hold import SlotTaken
from remote_court.scheduling.models import Reservation
from tests.hearings.times import LAWFUL, at

DAY = timedelta(days=1)


async def reserved(here, hearing_id):
    query = select(Reservation).where(Reservation.session_id == hearing_id)
    return {(r.resource_id, r.during.lower) for r in await here.session.scalars(query)}


async def test_the_new_date_has_its_own_number_and_notices_and_is_provisional_again(
    court_world, noon
):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    opened = await look(here.session, listed.id)
    opened.session.status = Status.CONFIRMED
    await here.session.flush()
    to = Target(at(9, 15, 10))
    moved = await move(here.session, here.clerk, listed.id, to, "بیماری قاضی", noon)
    assert (moved.id, moved.date_no, moved.status) == (listed.id, 2, Status.PROVISIONAL)
    assert moved.starts_at == at(9, 15, 10)
    again = await look(here.session, listed.id)
    assert again.status is Status.PROVISIONAL
    assert (again.session.starts_at, again.hearing.dated_at) == (at(9, 15, 10), noon)
    assert {start for _, start in await reserved(here, listed.id)} == {at(9, 15, 10)}
    rows = list(await here.session.scalars(select(Notice).where(Notice.date_no == 2)))
    assert {row.occasion for row in rows} == {"moved"}
    assert len(rows) == 3
    query = select(AuditEntry).where(AuditEntry.act == "hearing.moved")
    (entry,) = await here.session.scalars(query)
    assert (entry.detail["reason"], entry.detail["date_no"]) == ("بیماری قاضی", 2)
    assert entry.detail["was"] == LAWFUL.astimezone(opened.session.starts_at.tzinfo).isoformat()


async def test_it_stays_where_it_was_if_it_cannot_go_there(court_world, noon):
    here = court_world
    plan = here.plan(coming=(Coming(here.plaintiff.id),))
    first = await list_hearing(here.session, here.clerk, plan, LAWFUL, noon)
    second = await list_hearing(here.session, here.clerk, plan, LAWFUL + DAY, noon)
    before = await reserved(here, first.id)
    for start, refusal in [(second.starts_at, SlotTaken), (LAWFUL - DAY, UnlawfulDate)]:
        nested = await here.session.begin_nested()
        with pytest.raises(refusal):
            await move(here.session, here.clerk, first.id, Target(start), "تعارض", noon)
        await nested.rollback()
    assert await reserved(here, first.id) == before


async def test_a_sitting_may_move_into_the_hour_beside_its_own(court_world, noon):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    to = Target(LAWFUL + timedelta(minutes=15), minutes=60)
    moved = await move(here.session, here.clerk, listed.id, to, "طولانی‌تر", noon)
    assert moved.ends_at - moved.starts_at == timedelta(minutes=60)


async def test_who_left_the_case_is_gone_and_who_joined_it_comes(court_world, noon):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    here.lawyer.left_at = noon
    joined = await here.party(
        PartyRole.WITNESS, joined_at=noon + timedelta(minutes=1), site=Site.OWN_DEVICE,
        own_device_by=here.judge.person_id,
    )  # fmt: skip
    later = noon + timedelta(minutes=2)
    await move(here.session, here.clerk, listed.id, Target(at(9, 15, 10)), "شاهد", later)
    parts = await here.session.scalars(select(HearingPart.party_id))
    assert set(parts) == {here.plaintiff.id, here.defendant.id, joined.id}


async def test_a_displaced_sitting_finds_a_place_though_its_hour_has_passed(court_world, noon):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    opened = await look(here.session, listed.id)
    opened.session.status, opened.hearing.displaced_at = Status.DISPLACED, noon
    await here.session.flush()
    after = LAWFUL + DAY
    moved = await move(here.session, here.clerk, listed.id, Target(at(9, 22, 10)), "وقت", after)
    again = await look(here.session, moved.id)
    assert (again.status, again.hearing.displaced_at) == (Status.PROVISIONAL, None)


async def test_only_the_branch_moves_with_a_reason_and_only_what_is_ahead(court_world, noon):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    other = await here.world.staff(here.clerk.role, (await here.new_branch()).id)
    to = Target(at(9, 15, 10))
    for actor, refusal in [(other, NotFound), (here.world.clerk, Forbidden)]:
        with pytest.raises(refusal):
            await move(here.session, actor, listed.id, to, "علت", noon)
    with pytest.raises(WhyNeeded):
        await move(here.session, here.clerk, listed.id, to, " ", noon)
    with pytest.raises(WrongState):
        await move(here.session, here.clerk, listed.id, Target(at(9, 22, 10)), "علت", LAWFUL)
    await cancel(here.session, here.clerk, listed.id, "سازش", noon)
    with pytest.raises(WrongState):
        await move(here.session, here.clerk, listed.id, to, "علت", noon)
