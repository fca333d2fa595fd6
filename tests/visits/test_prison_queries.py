from __future__ import annotations

from datetime import timedelta

import pytest

from remote_court.visits import prison_queries
from remote_court.visits.kinships import KinshipKind
from tests.visits.stage import SUNDAY, booked
from tests.world import make_world


@pytest.fixture
async def world(session):
    return await make_world(session)


async def test_the_day_list_is_by_ward_and_leaves_out_mere_holds(world, noon):
    visit = await booked(world, noon)
    other = await world.another_inmate()
    await booked(world, noon, await world.relative(inmate=other), inmate_id=other.id, held=True)
    (ward,) = await prison_queries.day_list(world.session, world.prison.id, SUNDAY)
    assert (ward.name, [v.id for v, _ in ward.visits]) == ("3", [visit.id])
    later = SUNDAY + timedelta(days=1)
    assert not await prison_queries.day_list(world.session, world.prison.id, later)


async def test_requests_wait_until_their_time_is_over(world, noon):
    cousin = await world.relative(KinshipKind.COUSIN)
    asked = await booked(world, noon, cousin)
    waiting = await prison_queries.requests(world.session, world.prison.id, noon)
    assert [v.id for v in waiting] == [asked.id]
    ties = await prison_queries.ties(world.session, waiting)
    assert ties == {(world.inmate.id, cousin.id): "cousin"}
    late = noon + timedelta(days=4)
    assert not await prison_queries.requests(world.session, world.prison.id, late)


async def test_an_inmate_is_found_by_either_number(world):
    for number in (f"T-{world.inmate.id}", world.inmate.national_id):
        found = await prison_queries.inmate_by_number(world.session, number)
        assert found is not None
        assert found.id == world.inmate.id
    assert await prison_queries.inmate_by_number(world.session, "") is None
