from __future__ import annotations

from datetime import timedelta

import pytest

from remote_court.visits.models import Visit
from tests.world import FREE_START


@pytest.fixture
async def made(booked, clock):
    visit = await booked()
    clock(FREE_START - timedelta(minutes=20))
    return visit


@pytest.fixture
async def clerk(made, world, as_person):
    """Signed in on the day of the visit."""
    return await as_person(world.clerk.person_id)


@pytest.fixture
def page(world, made) -> str:
    return f"/desk/{world.office.id}/visits/{made.id}"


@pytest.fixture
async def guest(database, made) -> int:
    async with database.transaction() as session:
        return (await session.get(Visit, made.id)).booked_for


async def test_visitors_are_received_by_a_form(clerk, page, send, guest, made, database):
    fields = {f"document_{guest}": "national_card"}
    answer = await send(clerk, page, f"{page}/check-in", **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}?received=1")
    async with database.transaction() as session:
        assert (await session.get(Visit, made.id)).checked_in_at is not None
    shown = (await clerk.get(f"{page}?received=1")).text
    assert "Received" in shown
    assert "Room 1" in shown


async def test_nobody_chosen_is_said_in_the_form(clerk, page, send):
    answer = await send(clerk, page, f"{page}/check-in")
    assert answer.status_code == 422
    assert "Choose the document you saw" in answer.text


async def test_the_document_that_does_not_serve_is_said_beside_the_visitor(
    clerk, page, send, guest
):
    answer = await send(clerk, page, f"{page}/check-in", **{f"document_{guest}": "marriage_deed"})
    assert answer.status_code == 422
    assert f'id="document_{guest}-error"' in answer.text


async def test_the_form_is_not_there_too_early(clerk, page, clock):
    clock(FREE_START - timedelta(hours=2))
    shown = (await clerk.get(page)).text
    assert "check-in" not in shown
    assert "1 hour before the visit" in shown
