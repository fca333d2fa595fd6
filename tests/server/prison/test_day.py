from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from starlette.requests import Request

from remote_court.server.live import Hub
from remote_court.server.prison.day import day_of, router
from tests.visits import stage


def test_a_day_that_cannot_be_read_is_today(noon):
    assert day_of("1405/09/08", noon) == date(2026, 11, 29)
    assert day_of("", noon) == day_of("tomorrow", noon) == date(2026, 11, 24)


@pytest.fixture
def hub(site):
    site.hub = Hub()
    return site.hub


async def test_the_list_is_sent_again_when_a_visit_changes(
    officer, world, database, noon, site, hub, app
):
    events = next(r for r in router.routes if r.path.endswith("/events")).endpoint
    scope = {
        "type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b"",
        "app": app, "state": {},
    }  # fmt: skip
    request = Request(scope)
    answer = await events(request, world.prison.id, world.officer, site, "1405/09/08")
    stream = answer.body_iterator

    async def until(word: str) -> str:
        async for part in stream:
            if word in part:
                return part
        raise AssertionError(word)

    first = await asyncio.wait_for(until("data:"), 10)
    assert world.mother.name not in first
    async with database.transaction() as session:
        await stage.booked(replace(world, session=session), noon)
    hub.publish({"channel": f"prison:{world.prison.id}", "event": "visit"})
    again = await asyncio.wait_for(until(world.mother.name), 10)
    assert "hx-" not in again
    hub.end()
