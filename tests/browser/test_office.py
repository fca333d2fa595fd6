"""The desk that changes by itself, and the board whose visits are carried by hand or by keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from remote_court import clock
from remote_court.assets import web_dir
from remote_court.assets.build import build
from remote_court.db import Database
from remote_court.visits.models import Visit
from remote_court.visits.reseat import reseat
from tests.browser import chromium
from tests.browser.test_call import DESK, open_page, signed_in
from tests.calls.scene import Scene, make_scene
from tests.calls.stack import Stack, serving

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture
async def stack(database: Database, tmp_path: Path) -> AsyncIterator[Stack]:
    build(web_dir(), say=lambda _: None)
    async with serving(database, tmp_path) as made:
        yield made


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as driver:
        opened = await driver.chromium.launch(
            executable_path=chromium.path(), args=chromium.arguments()
        )
        yield opened
        await opened.close()


@pytest_asyncio.fixture
async def scene(database: Database) -> Scene:
    """A visit a quarter of an hour from now, or from midnight when that is nearer."""
    now = clock.now().replace(second=0, microsecond=0)
    start = now + timedelta(minutes=15 - now.minute % 15)
    if clock.local(start).date() != clock.local(now).date():
        start -= timedelta(minutes=30)
    async with database.transaction() as session:
        return await make_scene(session, start=start)


@pytest.fixture
async def page(stack: Stack, browser: Browser, scene: Scene) -> Page:
    clerk = await signed_in(stack, browser, scene.world.clerk.person_id, DESK, "en")
    return await open_page(clerk, f"{stack.origin}/desk/{scene.world.office.id}")


async def room_of(database: Database, scene: Scene) -> int | None:
    async with database.transaction() as session:
        return (await session.get_one(Visit, scene.visit_id)).room_id


async def other_room(database: Database, scene: Scene) -> int:
    taken = await room_of(database, scene)
    return next(room.id for room in scene.world.rooms if room.id != taken)


async def test_the_desk_shows_a_change_at_once_and_keeps_the_focus(
    page: Page, scene: Scene, database: Database
) -> None:
    row = page.locator(f"#visit-{scene.visit_id}")
    into = await other_room(database, scene)
    name = next(room.name_en for room in scene.world.rooms if room.id == into)
    await expect(row).not_to_contain_text(name)
    await page.locator(f"#open-{scene.visit_id}").focus()
    async with database.transaction() as session:
        await reseat(session, scene.world.clerk, scene.visit_id, into, clock.now())
    await expect(row).to_contain_text(name, timeout=5_000)
    await expect(page.locator(f"#open-{scene.visit_id}")).to_be_focused()


async def test_a_visit_is_carried_to_another_room_by_keys(
    page: Page, stack: Stack, scene: Scene, database: Database
) -> None:
    was, into = await room_of(database, scene), await other_room(database, scene)
    await page.goto(f"{stack.origin}/desk/{scene.world.office.id}/rooms")
    item = page.locator(f"#item-{scene.visit_id}")
    await item.locator("a").focus()
    await page.keyboard.press("m")
    await expect(page.locator("#moving")).to_be_visible()
    numbers = {room.id: room.number for room in scene.world.rooms}
    down = was is None or numbers[into] > numbers[was]
    await page.keyboard.press("ArrowDown" if down else "ArrowUp")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**moved=*")
    assert await room_of(database, scene) == into


async def test_escape_leaves_a_visit_where_it_was(
    page: Page, stack: Stack, scene: Scene, database: Database
) -> None:
    was = await room_of(database, scene)
    await page.goto(f"{stack.origin}/desk/{scene.world.office.id}/rooms")
    link = page.locator(f"#item-{scene.visit_id} a")
    await link.focus()
    for key in ("m", "ArrowDown", "ArrowRight", "Escape"):
        await page.keyboard.press(key)
    await expect(page.locator("#moving")).to_be_hidden()
    await expect(link).to_be_focused()
    assert await page.locator(f"#room-{was} #item-{scene.visit_id}").count() == 1


async def test_a_visit_is_dragged_to_another_room(
    page: Page, stack: Stack, scene: Scene, database: Database
) -> None:
    into = await other_room(database, scene)
    await page.goto(f"{stack.origin}/desk/{scene.world.office.id}/rooms")
    item = page.locator(f"#item-{scene.visit_id}")
    await item.scroll_into_view_if_needed()
    start = await item.bounding_box()
    target = await page.locator(f"#room-{into} .board-track").bounding_box()
    assert start
    assert target
    x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    for step in range(1, 6):
        height = y + (target["y"] + target["height"] / 2 - y) * step / 5
        await page.mouse.move(x, height)
    await page.mouse.up()
    await page.wait_for_url("**moved=*")
    assert await room_of(database, scene) == into
