from __future__ import annotations

import pytest

from remote_court.errors import NotFound
from remote_court.people import Role
from remote_court.places.rooms import RoomDraft
from remote_court.visits import booths
from remote_court.visits.displace import preview
from remote_court.visits.entering import ReasonMissing
from tests.visits.stage import acts, booked, status_of, visit_of
from tests.world import make_world


@pytest.fixture
async def world(session):
    return await make_world(session)


async def test_a_booth_is_added_with_the_next_number(world, noon):
    draft = RoomDraft("کابین تازه", "New booth")
    booth = await booths.add(world.session, world.officer, world.prison.id, draft, noon)
    assert (booth.number, booth.kind) == (3, "booth")
    every = await booths.booths(world.session, world.prison.id)
    assert [b.number for b in every] == [1, 2, 3]
    assert [a.subject_id for a in await acts(world, "booth.added")] == [booth.id]


async def test_visits_of_a_withdrawn_booth_go_to_another_at_the_same_time(world, noon):
    visit = await booked(world, noon)
    closing = await booths.withdrawal(world.session, world.officer, visit.booth_id, noon)
    asked = await preview(world.session, closing, noon)
    assert [t.session_id for t, _ in asked.moves] == [visit.id]
    plan = await booths.withdraw(world.session, world.officer, visit.booth_id, "دوربین", noon)
    assert (len(plan.moves), len(plan.lost)) == (1, 0)
    row = await visit_of(world, visit.id)
    assert row.booth_id not in {None, visit.booth_id}
    assert await status_of(world, visit.id) == "booked"


async def test_a_visit_that_needs_a_step_free_room_asks_nothing_of_the_booth(world, noon):
    visit = await booked(world, noon, step_free=True)
    plan = await booths.withdraw(world.session, world.officer, visit.booth_id, "دوربین", noon)
    assert (len(plan.moves), len(plan.lost)) == (1, 0)


async def test_without_another_booth_the_visit_is_displaced_and_a_returned_booth_serves(
    world, noon
):
    visit = await booked(world, noon)
    for booth in world.booths:
        await booths.withdraw(world.session, world.officer, booth.id, "برق", noon)
    assert await status_of(world, visit.id) == "displaced"
    back = await booths.put_back(world.session, world.officer, world.booths[0].id, noon)
    assert (back.in_service, back.out_of_service_reason) == (True, None)
    brother = await world.relative()
    other = await world.another_inmate()
    await world.tie(brother, "sibling", inmate=other)
    assert (await booked(world, noon, brother, inmate_id=other.id)).booth_id == back.id


async def test_a_reason_and_ones_own_prison_are_needed(world, noon):
    with pytest.raises(ReasonMissing):
        await booths.withdraw(world.session, world.officer, world.booths[0].id, " ", noon)
    other = await world.staff(Role.PRISON_OFFICER, world.prison.id + 9_000)
    with pytest.raises(NotFound):
        await booths.withdraw(world.session, other, world.booths[0].id, "برق", noon)
    with pytest.raises(NotFound):
        await booths.withdraw(world.session, world.officer, world.rooms[0].id, "برق", noon)
