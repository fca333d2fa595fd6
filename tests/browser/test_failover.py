"""A media worker is killed under a talk, a line dies without a word: all are back in seconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect
from sqlalchemy import select

from remote_court import clock
from remote_court.assets import web_dir
from remote_court.assets.build import build
from remote_court.calls import supervise
from remote_court.calls.models import Attendance
from remote_court.db import Database
from remote_court.visits.models import Visit
from tests.browser import chromium
from tests.browser.test_call import (
    DESK,
    FRAMES,
    PHONE,
    enter,
    more_frames,
    open_page,
    sees,
    signed_in,
)
from tests.calls.dead_line import DeadLine
from tests.calls.scene import Scene, make_scene
from tests.calls.site_process import SiteProcess, site_process

pytestmark = pytest.mark.browser
BACK_WITHIN_S = 8.0
NEW_LINE_WITHIN_S = 3.0


@pytest_asyncio.fixture
async def scene(database: Database) -> Scene:
    async with database.transaction() as session:
        start = clock.now().replace(microsecond=0) - timedelta(seconds=5)
        return await make_scene(session, start=start)


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as driver:
        opened = await driver.chromium.launch(
            executable_path=chromium.path(), args=chromium.arguments()
        )
        yield opened
        await opened.close()


OLD = """(person) => {
  const video = document.querySelector(`[data-person="${person}"] video`)
  if (!video?.srcObject) return false
  video.srcObject.old = true
  return true
}"""
NEW = """([person]) => {
  const video = document.querySelector(`[data-person="${person}"] video`)
  if (!video?.srcObject || video.srcObject.old) return false
  const frames = video.getVideoPlaybackQuality().totalVideoFrames
  video.srcObject.first ??= frames
  return frames > video.srcObject.first + 3
}"""


async def see_anew(page: Page, person: int, seconds: float) -> None:
    """Wait until frames of somebody come by a new connection; `OLD` marked the one before."""
    await page.wait_for_function(NEW, arg=[str(person)], timeout=seconds * 1000)


def doors(site: SiteProcess) -> SimpleNamespace:
    """What signing in needs of a site."""
    return SimpleNamespace(origin=site.origin, site=SimpleNamespace(database=site.database))


async def test_everybody_is_back_by_themselves_when_the_worker_is_killed(
    database: Database, tmp_path: Path, scene: Scene, browser: Browser
) -> None:
    build(web_dir(), say=lambda _: None)
    son_id, mother_id = scene.world.inmate.id, scene.world.mother.id
    async with site_process(database, tmp_path, 2) as site:
        url = f"{site.origin}/call/{scene.visit_id}"
        mother_at = await signed_in(doors(site), browser, mother_id, PHONE, "en")
        prison_at = await signed_in(doors(site), browser, scene.officer.person_id, DESK, "en")
        mother = await open_page(mother_at, url)
        await enter(mother)
        son = await open_page(prison_at, f"{url}?as=inmate")
        await enter(son)
        watch = await open_page(prison_at, f"{url}?as=supervisor")
        await sees(mother, son_id)
        await sees(son, mother_id)
        await sees(watch, mother_id)

        pairs = ((mother, son_id), (son, mother_id), (watch, mother_id))
        for page, person in pairs:
            await page.wait_for_function(OLD, arg=str(person))
        killed = await site.worker_of(scene.visit_id)
        assert killed is not None
        process = await site.process_of(killed)
        died = clock.now()
        process.kill()
        await asyncio.gather(*(see_anew(*pair, 20) for pair in pairs))
        gone_for = (clock.now() - died).total_seconds()
        print(f"everybody back after {gone_for:.1f} s")  # noqa: T201 - shown with -s
        assert gone_for < BACK_WITHIN_S
        assert await site.worker_of(scene.visit_id) not in {None, killed}

        async with database.transaction() as session:
            rows = (await session.scalars(select(Attendance))).all()
            lost = [row for row in rows if row.left_reason == "worker_lost"]
            assert {row.role for row in lost} == {"visitor", "inmate", "supervisor"}
            for row in lost:
                assert row.left_at is not None
                assert abs((row.left_at - died).total_seconds()) < 1.5
            here = [row for row in rows if row.left_at is None]
            assert {row.role for row in here} == {"visitor", "inmate", "supervisor"}
        async with database.transaction() as session:
            await supervise.end(session, scene.officer, scene.visit_id, "test", clock.now())
        await expect(mother.locator("#after-text")).to_contain_text("test")
        async with database.transaction() as session:
            visit = await session.get(Visit, scene.visit_id)
            assert visit is not None
            assert visit.lost_reason == "supervisor_end"
        await mother_at.close()
        await prison_at.close()


async def test_a_line_that_dies_without_a_word_is_replaced_in_three_seconds(
    database: Database, tmp_path: Path, scene: Scene, browser: Browser
) -> None:
    """The son keeps his view of the mother meanwhile: she is away, and not gone."""
    build(web_dir(), say=lambda _: None)
    son_id, mother_id = scene.world.inmate.id, scene.world.mother.id
    async with DeadLine() as line:
        line_url = f"http://127.0.0.1:{line.port}"
        async with site_process(database, tmp_path, 1, WORKER_URL=f"{line_url}/{{number}}") as site:
            (worker,) = site.worker_ports()
            line.leads_to(worker, "/1")
            url = f"{site.origin}/call/{scene.visit_id}"
            mother_at = await signed_in(doors(site), browser, mother_id, PHONE, "en")
            prison_at = await signed_in(doors(site), browser, scene.officer.person_id, DESK, "en")
            mother = await open_page(mother_at, url)
            await enter(mother)
            son = await open_page(prison_at, f"{url}?as=inmate")
            await enter(son)
            await sees(mother, son_id)
            await sees(son, mother_id)
            await son.evaluate(TILES)

            await mother.wait_for_function(OLD, arg=str(son_id))
            before = await son.evaluate(FRAMES, str(mother_id))
            began = clock.monotonic()
            line.die(0)
            await see_anew(mother, son_id, 20)
            anew, seen = line.arrivals[2] - began, clock.monotonic() - began
            print(f"a new line after {anew:.1f} s, a picture after {seen:.1f} s")  # noqa: T201
            assert anew < NEW_LINE_WITHIN_S
            await more_frames(son, mother_id, before + 5, seconds=5)
            assert await son.evaluate("window.removed") == 0
            await mother_at.close()
            await prison_at.close()


TILES = """() => {
  window.removed = 0
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.removedNodes)
      if (node.dataset?.person) window.removed += 1
  }).observe(document.getElementById("stage"), { childList: true, subtree: true })
}"""
