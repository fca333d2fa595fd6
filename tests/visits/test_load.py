from __future__ import annotations

from datetime import date, timedelta

import pytest

from remote_court.places import DayClosure
from remote_court.visits.load import of_day
from tests.visits.stage import SUNDAY, booked, rules_of
from tests.world import make_world


@pytest.fixture
async def world(session):
    return await make_world(session)


async def load(world, noon, day=SUNDAY):
    (found,) = await of_day(world.session, day, noon, await rules_of(world, noon))
    return found


async def test_an_offices_load_is_its_visits_against_what_fits_into_its_hours(world, noon):
    await booked(world, noon)
    found = await load(world, noon)
    # Two rooms, 07:30 to 14:00, half an hour each.
    assert (found.booked, found.room_for, found.percent) == (1, 26, 4)
    assert (await load(world, noon, SUNDAY + timedelta(days=1))).booked == 0


@pytest.mark.parametrize("scope", ["office", "province", "country"])
async def test_on_a_closed_day_there_is_room_for_nobody(world, noon, scope):
    world.session.add(
        DayClosure(
            place_id=world.office.id if scope == "office" else None,
            province_code="11" if scope == "province" else None,
            day=SUNDAY,
            reason="گرما",
            entered_at=noon,
        )
    )
    await world.session.flush()
    found = await load(world, noon)
    assert (found.room_for, found.percent) == (0, None)


async def test_a_friday_and_an_office_out_of_service_have_no_room(world, noon):
    assert (await load(world, noon, date(2026, 11, 27))).percent is None
    world.office.in_service = False
    await world.session.flush()
    assert (await load(world, noon)).percent is None
