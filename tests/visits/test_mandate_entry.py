from __future__ import annotations

import pytest

from remote_court.errors import NotFound, RuleRefused
from remote_court.people import Role
from remote_court.visits import mandate_entry
from remote_court.visits.mandate_entry import AlreadyEnded, AlreadyMandated, NotALawyer
from remote_court.visits.models import VisitKind
from tests.visits.stage import acts, booked, letters, status_of
from tests.world import make_world


@pytest.fixture
async def world(session):
    return await make_world(session)


@pytest.fixture
async def lawyer(world):
    return await world.staff(Role.LAWYER, None)


async def enter(world, noon, person_id, actor=None, place_id=None):
    return await mandate_entry.enter(
        world.session,
        actor or world.clerk,
        world.inmate.id,
        person_id,
        "وکالت‌نامه ۸۸",
        place_id=place_id or world.office.id,
        now=noon,
    )


async def visit_by(world, noon, lawyer):
    return await booked(
        world,
        noon,
        kind=VisitKind.LAWYER,
        visitor_ids=(lawyer.person_id,),
        booked_for=lawyer.person_id,
        actor=lawyer,
    )


async def test_a_lawyer_books_once_the_power_of_attorney_is_registered(world, noon, lawyer):
    with pytest.raises((RuleRefused, NotFound)):
        await visit_by(world, noon, lawyer)
    await enter(world, noon, lawyer.person_id)
    assert (await visit_by(world, noon, lawyer)).status == "booked"
    assert [a.place_id for a in await acts(world, "mandate.entered")] == [world.office.id]


async def test_only_a_lawyer_is_mandated_and_only_once(world, noon, lawyer):
    with pytest.raises(NotALawyer):
        await enter(world, noon, world.mother.id)
    await enter(world, noon, lawyer.person_id)
    with pytest.raises(AlreadyMandated):
        await enter(world, noon, lawyer.person_id)


async def test_a_clerk_enters_it_at_her_own_desk_only(world, noon, lawyer):
    with pytest.raises(NotFound):
        await enter(world, noon, lawyer.person_id, place_id=world.prison.id)


async def test_its_end_cancels_the_lawyers_visits(world, noon, lawyer):
    mandate = await enter(world, noon, lawyer.person_id)
    visit = await visit_by(world, noon, lawyer)
    family = await booked(world, noon, starts_at=visit.starts_at.replace(hour=8))
    _, cancelled = await mandate_entry.end(
        world.session,
        world.officer,
        mandate.id,
        "عزل",
        place_id=world.prison.id,
        now=noon,
    )
    assert cancelled == [visit.id]
    assert [await status_of(world, v.id) for v in (visit, family)] == ["cancelled", "booked"]
    assert [m["person_id"] for m in await letters(world, "cancelled")] == [lawyer.person_id]
    with pytest.raises(AlreadyEnded):
        await mandate_entry.end(
            world.session,
            world.officer,
            mandate.id,
            "باز",
            place_id=world.prison.id,
            now=noon,
        )
