"""A seat on the bench goes to another judge, who must be free and a judge."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from remote_court.hearings.list_hearing import list_hearing
from remote_court.hearings.reassign import NotOnTheBench, SitsAlready, reassign
from remote_court.hearings.roles import Seat
from remote_court.hearings.rules import ListingRefused
from remote_court.scheduling.hold import SlotTaken
from remote_court.scheduling.models import Reservation
from tests.hearings.times import LAWFUL


async def test_the_other_judge_has_the_seat_and_the_hour(court_world, noon):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    old, new = here.judge.person_id, (await here.new_judge()).person_id
    opened = await reassign(here.session, here.clerk, listed.id, old, new, "مرخصی", noon)
    assert [(one.person_id, one.seat) for one in opened.seats] == [(new, Seat.PRESIDING)]
    taken = set(await here.session.scalars(select(Reservation.resource_id)))
    assert new in taken
    assert old not in taken


async def test_a_judge_who_sits_elsewhere_then_is_refused(court_world, noon):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    branch = await here.new_branch()
    clerk = await here.world.staff(here.clerk.role, branch.id)
    other = await here.new_judge(branch.id)
    case = await here.new_case(branch.id)
    await here.party(case=case, site="own_device", own_device_by=other.person_id)
    plan = here.plan(case_id=case.id, bench={other.person_id: Seat.PRESIDING})
    await list_hearing(here.session, clerk, plan, LAWFUL, noon)
    nested = await here.session.begin_nested()
    with pytest.raises(SlotTaken):
        await reassign(
            here.session, here.clerk, listed.id, here.judge.person_id, other.person_id, "x", noon
        )
    await nested.rollback()


async def test_who_is_no_judge_or_sits_already_is_refused(court_world, noon):
    here = court_world
    listed = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    judge, clerk = here.judge.person_id, here.clerk.person_id
    for old, new, refusal in [
        (judge, clerk, ListingRefused),
        (judge, here.plaintiff.person_id, ListingRefused),
        (judge, judge, SitsAlready),
        (clerk, judge, NotOnTheBench),
    ]:
        with pytest.raises(refusal):
            await reassign(here.session, here.clerk, listed.id, old, new, "علت", noon)
