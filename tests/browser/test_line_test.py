"""An operator tries a line from the page: what is sent comes back, and a ticket is shown once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from remote_court import clock
from remote_court.assets import web_dir
from remote_court.assets.build import build
from remote_court.db import Database
from remote_court.people.sessions import open_session
from remote_court.server.identity import COOKIE
from tests.browser.stage import make_cast
from tests.calls.stack import Stack, serving

pytestmark = pytest.mark.browser
BACK = """document.getElementById('line-back').videoWidth > 0
  && document.getElementById('line-heard').value > 0"""


@pytest_asyncio.fixture
async def stack(database: Database, tmp_path: Path) -> AsyncIterator[Stack]:
    build(web_dir(), say=lambda _: None)
    async with serving(database, tmp_path) as made:
        yield made


@pytest_asyncio.fixture
async def page(stack: Stack, browser: Browser, database: Database) -> Page:
    async with database.transaction() as session:
        cast = await make_cast(session)
        token = await open_session(session, cast.people["operator"], clock.now())
    context = await browser.new_context(locale="en")
    for name, value in ((COOKIE, token), ("lang", "en")):
        await context.add_cookies([{"name": name, "value": value, "url": stack.origin}])
    opened = await context.new_page()
    await opened.goto(f"{stack.origin}/line-test")
    return opened


async def test_what_a_browser_sends_comes_back_with_figures(page: Page, stack: Stack):
    await page.get_by_role("button", name="Start the test").click()
    await expect(page.locator("#line-state")).to_have_text("Sending and receiving.", timeout=15_000)
    async with asyncio.timeout(15):
        while not await page.evaluate(BACK):  # noqa: ASYNC110 - meters have no event
            await asyncio.sleep(0.1)
    for name in ("sent", "received"):
        await expect(page.locator(f"#line-{name}")).to_contain_text("kbit/s", timeout=15_000)
    await expect(page.locator("#line-loss")).to_have_text("0 %")
    (room,) = stack.worker.session_ids
    assert room.startswith("line-test.here-")
    await page.get_by_role("button", name="Stop").click()
    await expect(page.locator("#line-state")).to_have_text("The test is over.")
    await expect(page.get_by_role("button", name="Start the test")).to_be_visible()
    async with asyncio.timeout(5):
        while stack.worker.load.peers:  # noqa: ASYNC110 - a figure has no event
            await asyncio.sleep(0.05)


async def test_a_ticket_is_shown_once_and_its_room_can_be_closed(page: Page, stack: Stack):
    await page.get_by_label("Name of the room").fill("Tabriz 3")
    await page.get_by_role("button", name="Make a ticket").click()
    await expect(page.locator("#room-error")).to_contain_text("small letters")
    await page.get_by_label("Name of the room").fill("tabriz-3")
    await page.get_by_label("In which role").select_option("viewer")
    await page.get_by_role("button", name="Make a ticket").click()
    await expect(page.get_by_text(f"{stack.origin}/whep/line-test.tabriz-3")).to_be_visible()
    await page.goto(f"{stack.origin}/line-test")
    await expect(page.get_by_text("whep")).to_have_count(0)
    await page.get_by_role("button", name="Close tabriz-3").click()
    await expect(page.get_by_text("No room is open.")).to_be_visible()
