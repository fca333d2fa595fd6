"""A talk through the real pages: two browsers, a supervisor, the record."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from sqlalchemy import select, update

from remote_court import clock
from remote_court.assets import web_dir
from remote_court.assets.build import build
from remote_court.calls.models import Attendance
from remote_court.db import Database
from remote_court.people import SanaAccount, sessions
from remote_court.people.tokens import mint
from remote_court.scheduling.models import Session
from remote_court.server.identity import COOKIE
from remote_court.visits.models import Visit
from tests.calls.scene import Scene, make_scene
from tests.calls.stack import Stack, serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
pytestmark = pytest.mark.browser


@pytest_asyncio.fixture
async def stack(database: Database, tmp_path: Path) -> AsyncIterator[Stack]:
    build(web_dir(), say=lambda _: None)
    async with serving(database, tmp_path) as made:
        yield made


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as driver:
        opened = await driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield opened
        await opened.close()


@pytest_asyncio.fixture
async def scene(database: Database) -> Scene:
    async with database.transaction() as session:
        start = clock.now().replace(microsecond=0) - timedelta(seconds=5)
        return await make_scene(session, start=start)


async def signed_in(
    stack: Stack, browser: Browser, person_id: int, size: dict[str, int], locale: str = "fa"
) -> BrowserContext:
    """A browser in which somebody is signed in."""
    async with stack.site.database.transaction() as session:
        account = update(SanaAccount).where(SanaAccount.person_id == person_id)
        await session.execute(account.values(demo_code=mint()))
        token = await sessions.open_session(session, person_id, clock.now())
    context = await browser.new_context(viewport=size, locale=locale)
    host = stack.origin.split("//")[1].split(":")[0]
    cookie = {"name": COOKIE, "value": token, "domain": host, "path": "/"}
    language = {"name": "lang", "value": locale, "domain": host, "path": "/"}
    await context.add_cookies([cookie, language])
    return context


async def open_page(context: BrowserContext, url: str) -> Page:
    """A page on which no script error and no refused policy goes unseen."""
    page = await context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on(
        "console",
        lambda m: pytest.fail(m.text) if "Content Security Policy" in m.text else None,
    )
    await page.goto(url)
    return page


async def enter(page: Page) -> None:
    """Pass the device check and enter."""
    await expect(page.locator("#check-camera.works")).to_be_visible(timeout=10_000)
    await page.locator("#enter").click()
    await expect(page.locator("#talk")).to_be_visible()


FRAMES = """async (person) => {
  const video = document.querySelector(`[data-person="${person}"] video`)
  if (!video?.srcObject) return 0
  return video.getVideoPlaybackQuality().totalVideoFrames
}"""


async def sees(page: Page, person: int) -> None:
    """Wait until frames of somebody are decoded, and more of them come."""
    await page.wait_for_function(f"async () => (await ({FRAMES})('{person}')) > 5", timeout=20_000)
    before = await page.evaluate(FRAMES, str(person))
    await page.wait_for_function(
        f"async () => (await ({FRAMES})('{person}')) > {before}", timeout=10_000
    )


async def test_mother_and_son_talk_and_the_supervisor_pauses_and_ends(stack, browser, scene):
    url = f"{stack.origin}/call/{scene.visit_id}"
    mother_at = await signed_in(stack, browser, scene.world.mother.id, PHONE)
    prison_at = await signed_in(stack, browser, scene.officer.person_id, DESK)
    mother = await open_page(mother_at, url)
    await enter(mother)
    await expect(mother.locator("#talk-notice")).to_contain_text("زندانی")
    son = await open_page(prison_at, f"{url}?as=inmate")
    await enter(son)
    await sees(mother, scene.world.inmate.id)
    await sees(son, scene.world.mother.id)
    await expect(mother.locator("#clock")).to_be_visible()

    watch = await open_page(prison_at, f"{stack.origin}/watch/{scene.world.prison.id}")
    await expect(watch.locator(f"#visit-{scene.visit_id}")).to_contain_text("در حال برگزاری")
    await watch.locator(f"#visit-{scene.visit_id} a").first.click()
    await sees(watch, scene.world.mother.id)
    await sees(watch, scene.world.inmate.id)
    await expect(mother.locator(".role.supervisor")).to_be_visible()

    await watch.fill("#pause-reason", "نظم کابین")
    await watch.locator("form[data-verb=pause] button").click()
    await expect(mother.locator("#talk-notice")).to_contain_text("نظم کابین")
    await watch.locator("form[data-verb=resume] button").click()
    await expect(mother.locator("#talk-notice")).to_contain_text("ادامه دارد")
    await watch.fill("#end-reason", "پایان کار")
    await watch.locator("form[data-verb=end] button").click()
    for page in (mother, son, watch):
        await expect(page.locator("#after-text")).to_contain_text("پایان کار")

    async with stack.site.database.transaction() as session:
        told = await session.get(Session, scene.visit_id)
        visit = await session.get(Visit, scene.visit_id)
        assert told is not None and visit is not None
        assert (told.status, visit.lost_reason) == ("completed", "supervisor_end")
        rows = await session.scalars(select(Attendance.role).distinct())
        assert set(rows) == {"visitor", "inmate", "supervisor"}
    await mother_at.close()
    await prison_at.close()
