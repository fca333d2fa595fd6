"""Who is expected at two sittings at one hour, or without time between them."""

from __future__ import annotations

from datetime import timedelta

from remote_court.calendars.jalali import gregorian
from remote_court.hearings.cancel import cancel
from remote_court.hearings.clashes import clashes
from remote_court.hearings.list_hearing import list_hearing
from remote_court.hearings.plan import Coming
from remote_court.hearings.roles import PartyRole, Seat, Site
from remote_court.people import Person
from tests.hearings.times import LAWFUL

DAY, NEAR = gregorian(1405, 9, 9), timedelta(minutes=15)
MINUTE = timedelta(minutes=1)


async def elsewhere(here, noon, start, **part):
    """A sitting of another branch, of whose case the lawyer of ours gets a part."""
    branch = await here.new_branch()
    clerk, judge = [await here.world.staff(a.role, branch.id) for a in (here.clerk, here.judge)]
    case = await here.new_case(branch.id)
    own = {"site": Site.OWN_DEVICE, "own_device_by": judge.person_id}
    party = await here.party(case=case, **own)
    plan = here.plan(
        case_id=case.id, bench={judge.person_id: Seat.PRESIDING}, coming=(Coming(party.id),)
    )
    listed = await list_hearing(here.session, clerk, plan, start, noon)
    person = await here.session.get(Person, here.lawyer.person_id)
    await here.party(PartyRole.LAWYER, case=case, person=person, speaks_for=party, **(own | part))
    return clerk, listed


async def test_a_lawyer_who_enters_a_listed_case_at_the_same_hour_is_shown(court_world, noon):
    here = court_world
    ours = await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    clerk, theirs = await elsewhere(here, noon, LAWFUL + 5 * MINUTE, joined_at=noon + MINUTE)
    (clash,) = await clashes(here.session, [here.branch.id], DAY, DAY, NEAR)
    assert (clash.person_id, clash.role, clash.overlap) == (
        here.lawyer.person_id, PartyRole.LAWYER, True
    )  # fmt: skip
    assert (clash.first.id, clash.second.id) == (ours.id, theirs.id)
    other = await clashes(here.session, [clash.second.branch_id], DAY, DAY, NEAR)
    assert other == [clash]
    assert await clashes(here.session, [2**40], DAY, DAY, NEAR) == []
    before = DAY - timedelta(days=1)
    assert await clashes(here.session, [here.branch.id], before, before, NEAR) == []
    await cancel(here.session, clerk, theirs.id, "سازش", noon)
    assert await clashes(here.session, [here.branch.id], DAY, DAY, NEAR) == []


async def test_sittings_too_near_each_other_are_told_from_those_at_one_hour(court_world, noon):
    here = court_world
    await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    await elsewhere(here, noon, LAWFUL + 30 * MINUTE, joined_at=noon + MINUTE)
    (clash,) = await clashes(here.session, [here.branch.id], DAY, DAY, NEAR)
    assert not clash.overlap
    assert await clashes(here.session, [here.branch.id], DAY, DAY, 5 * MINUTE) == []


async def test_who_was_in_the_case_and_is_not_to_attend_need_not_be_free(court_world, noon):
    here = court_world
    await list_hearing(here.session, here.clerk, here.plan(), LAWFUL, noon)
    await elsewhere(here, noon, LAWFUL, joined_at=noon - MINUTE)
    assert await clashes(here.session, [here.branch.id], DAY, DAY, NEAR) == []
