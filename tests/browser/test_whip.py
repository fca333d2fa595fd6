"""A talk in which nobody runs a line of our code: WHIP and WHEP from a plain page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page
from sqlalchemy import select

from remote_court import clock
from remote_court.calls.models import Attendance
from remote_court.db import Database
from remote_court.demo.participant import Participant
from remote_court.people import Actor
from remote_court.server.calls.workers import door_of
from tests.browser.plain_page import plain_page
from tests.calls.scene import Scene, make_scene
from tests.calls.stack import Stack, serving

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture
async def stack(database: Database, tmp_path: Path) -> AsyncIterator[Stack]:
    async with serving(database, tmp_path) as made:
        yield made


@pytest_asyncio.fixture
async def scene(database: Database) -> Scene:
    async with database.transaction() as session:
        start = clock.now().replace(microsecond=0) - timedelta(seconds=5)
        return await make_scene(session, start=start)


@pytest_asyncio.fixture
async def plain() -> AsyncIterator[str]:
    async with plain_page() as address:
        yield address


async def grown(page: Page, name: str, by: int, seconds: float = 20) -> None:
    """Wait until a figure has grown since now."""
    before = (await page.evaluate("figures()"))[name]
    async with asyncio.timeout(seconds):
        while (await page.evaluate("figures()"))[name] - before < by:  # noqa: ASYNC110 - a counter
            await asyncio.sleep(0.1)


class Company:
    """People of a visit who come by a plain page."""

    def __init__(self, stack: Stack, browser: Browser, plain: str, visit_id: int) -> None:
        self.stack, self.browser, self.plain, self.visit_id = stack, browser, plain, visit_id

    async def come(self, act: str, actor: Actor, role: str) -> Page:
        url, ticket = await self.stack.ticket(actor, role, self.visit_id)
        door = {"publish": "whip", "watch": "whep"}[act]
        page = await self.browser.new_page()
        await page.goto(self.plain)
        address = door_of(url, door, str(self.visit_id))
        told: Any = await page.evaluate(f"([url, ticket]) => {act}(url, ticket)", [address, ticket])
        assert told == {"status": 201}
        return page


async def test_two_publish_and_a_third_watches_until_they_go(
    stack: Stack, scene: Scene, browser: Browser, plain: str, database: Database
):
    company = Company(stack, browser, plain, scene.visit_id)
    mother = await company.come("publish", scene.mother, "visitor")
    son = await company.come("publish", scene.officer, "inmate")
    officer = await company.come("watch", scene.officer, "supervisor")
    assert await mother.evaluate("trickle()") == 204
    for name, by in (("frames", 20), ("sound", 50)):
        await grown(officer, name, by)

    assert await mother.evaluate("go()") == 200
    assert await mother.evaluate("go()") == 404
    assert await son.evaluate("go()") == 200
    still = await officer.evaluate("figures()")
    await asyncio.sleep(0.5)
    assert await officer.evaluate("figures()") == still
    assert await officer.evaluate("go()") == 200
    async with database.transaction() as session:
        rows = (await session.scalars(select(Attendance))).all()
    assert {(row.role, row.left_reason) for row in rows} == {
        (role, "left") for role in ("visitor", "inmate", "supervisor")
    }


async def test_who_publishes_from_a_plain_page_is_seen_in_the_others_slots(
    stack: Stack, scene: Scene, browser: Browser, plain: str
):
    url, ticket = await stack.ticket(scene.officer, "inmate", scene.visit_id)
    son = Participant(url, ticket, sound=False)
    running = asyncio.create_task(son.run())
    mother = await Company(stack, browser, plain, scene.visit_id).come(
        "publish", scene.mother, "visitor"
    )
    await son.until(lambda p: min(p.counts.kinds[k] for k in ("audio", "video")) > 50, 20)
    told = {slot["source"] for slot in son.messages["slots"]["slots"].values() if slot}
    assert told == {"camera", "microphone"}
    await mother.close()  # the tab is gone, without a word: its checks stop
    await son.until(lambda p: not p.messages["people"]["people"], 30)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
