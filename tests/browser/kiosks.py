"""Devices of a room and of a booth: paired by a code, then left to themselves."""

from __future__ import annotations

from playwright.async_api import Browser, Page

from remote_court import clock
from remote_court.calls import devices
from remote_court.db import Database
from remote_court.people import Actor
from tests.calls.scene import Scene

WALL = {"width": 1280, "height": 800}


async def paired(
    database: Database, browser: Browser, origin: str, unit_id: int, keeper: Actor
) -> Page:
    """A device that somebody has just paired with a unit; it goes on by itself from there."""
    async with database.transaction() as session:
        code = await devices.make_code(session, keeper, unit_id, clock.now())
    context = await browser.new_context(viewport=WALL, locale="en", ignore_https_errors=True)
    page = await context.new_page()
    await page.goto(f"{origin}/kiosk")
    await page.fill("#code", code)
    await page.fill("#label", "Display")
    await page.locator("main form button").click()
    return page


async def both(database: Database, browser: Browser, origin: str, scene: Scene) -> list[Page]:
    """The devices of a visit's office room and of its booth."""
    async with database.transaction() as session:
        scene.session = session
        visit = await scene.visit()
    assert visit.room_id
    assert visit.booth_id
    keepers = ((visit.room_id, scene.world.manager), (visit.booth_id, scene.officer))
    return [await paired(database, browser, origin, unit, keeper) for unit, keeper in keepers]
