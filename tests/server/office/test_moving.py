from __future__ import annotations

from datetime import timedelta

import pytest

from remote_court.scheduling.models import Session
from remote_court.visits.models import Visit
from tests.world import FREE_START


@pytest.fixture
def page(world):
    return lambda made: f"/desk/{world.office.id}/visits/{made.id}/move"


async def room_of(database, visit_id: int) -> int:
    async with database.transaction() as session:
        return (await session.get(Visit, visit_id)).room_id


async def test_a_visit_changes_its_room(clerk, world, page, send, booked, database):
    made = await booked()
    answer = await send(clerk, page(made), room_id=str(world.rooms[1].id))
    assert answer.status_code == 303
    assert await room_of(database, made.id) == world.rooms[1].id


async def test_a_taken_room_is_refused_and_said(clerk, world, page, send, booked, database):
    one, other = await booked(), await booked()
    answer = await send(clerk, page(one), room_id=str(await room_of(database, other.id)))
    assert answer.status_code == 409
    assert "Another booking already holds" in answer.text
    assert await room_of(database, one.id) == one.room_id


async def test_a_visit_moves_in_time_and_room_as_the_board_asks(
    clerk, world, page, send, booked, database
):
    made = await booked()
    later = FREE_START + timedelta(hours=1)
    answer = await send(
        clerk,
        page(made),
        starts_at=later.isoformat(),
        room_id=str(world.rooms[1].id),
        back="rooms",
        day="2026-11-29",
    )
    assert answer.headers["location"] == (
        f"/desk/{world.office.id}/rooms?day=2026-11-29&moved={made.id}"
    )
    assert await room_of(database, made.id) == world.rooms[1].id
    async with database.transaction() as session:
        assert (await session.get(Session, made.id)).starts_at == later


async def test_a_time_the_law_does_not_allow_says_why(clerk, page, send, booked):
    made = await booked()
    night = (FREE_START + timedelta(hours=10)).isoformat()
    answer = await send(clerk, page(made), starts_at=night)
    assert answer.status_code == 422
    assert "closed at this time" in answer.text


@pytest.mark.parametrize("fields", [{}, {"starts_at": "soon"}, {"room_id": "x"}])
async def test_a_form_that_says_nothing_changes_nothing(clerk, page, send, booked, fields):
    answer = await send(clerk, page(await booked()), **fields)
    assert answer.status_code == 422
    assert "Choose another room or another time" in answer.text


async def test_free_times_of_the_coming_days_are_offered(clerk, page, booked):
    shown = (await clerk.get(f"{page(await booked())}?day=2026-11-30")).text
    assert "2026-11-30T04:00:00+00:00" in shown
