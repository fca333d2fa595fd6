"""A talk through the real pages: two browsers, a supervisor, the record."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    WebSocketRoute,
    async_playwright,
    expect,
)
from sqlalchemy import select, update

from remote_court import clock
from remote_court.assets import static_url, web_dir
from remote_court.assets.build import build
from remote_court.calls import devices
from remote_court.calls.models import Attendance
from remote_court.db import Database
from remote_court.people import SanaAccount, sessions
from remote_court.people.tokens import mint
from remote_court.scheduling.models import Session
from remote_court.server.identity import COOKIE
from remote_court.visits.models import Visit
from tests.browser import chromium
from tests.calls.scene import Scene, make_scene
from tests.calls.stack import Stack, serving

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
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


FRAMES = """(person) => {
  const video = document.querySelector(`[data-person="${person}"] video`)
  if (!video?.srcObject) return 0
  return video.getVideoPlaybackQuality().totalVideoFrames
}"""


SHARED = """() => document.querySelector(".tile.screen video")
  ?.getVideoPlaybackQuality().totalVideoFrames ?? 0"""
LISTEN = """() => {
  const notice = document.getElementById("talk-notice")
  window.said = []
  new MutationObserver(() => window.said.push(notice.textContent)).observe(
    notice, { childList: true, characterData: true, subtree: true })
}"""


async def sees(page: Page, person: int) -> None:
    """Wait until frames of somebody are decoded, and more of them come."""
    await more_frames(page, person, 5, seconds=20)
    await more_frames(page, person, await page.evaluate(FRAMES, str(person)))


async def more_frames(page: Page, person: int, than: int, seconds: float = 10) -> None:
    """Wait until more frames of somebody were decoded than this.

    The page is asked a plain question: whatever a function that waits returns passes for yes.
    """
    await page.wait_for_function(f"() => ({FRAMES})('{person}') > {than}", timeout=seconds * 1000)


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

    await son.locator("#tool-screen").click()
    await expect(son.locator("#tool-screen")).to_have_attribute("aria-pressed", "true")
    document = mother.locator(".tile.screen video")
    await expect(document).to_be_visible()
    await mother.wait_for_function(f"() => ({SHARED})() > 2", timeout=10_000)
    await sees(mother, scene.world.inmate.id)
    await son.locator("#tool-screen").click()
    await expect(document).to_have_count(0)

    watch = await open_page(prison_at, f"{stack.origin}/watch/{scene.world.prison.id}")
    await expect(watch.locator(f"#visit-{scene.visit_id}")).to_contain_text("در حال برگزاری")
    await watch.locator(f"#visit-{scene.visit_id} a").first.click()
    await sees(watch, scene.world.mother.id)
    await sees(watch, scene.world.inmate.id)
    await expect(mother.locator(".role.supervisor")).to_be_visible()
    silence = watch.locator(f'[data-person="{scene.world.inmate.id}"] .silence')
    await silence.click()
    await expect(silence).to_have_attribute("aria-pressed", "true")
    await expect(son.locator("#talk-notice")).to_contain_text("میکروفون شما خاموش شد")
    await silence.click()
    await expect(son.locator("#talk-notice")).to_contain_text("دوباره روشن شد")

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
        assert told is not None
        assert visit is not None
        assert (told.status, visit.lost_reason) == ("completed", "supervisor_end")
        rows = await session.scalars(select(Attendance.role).distinct())
        assert set(rows) == {"visitor", "inmate", "supervisor"}
    await mother_at.close()
    await prison_at.close()


async def test_a_kiosk_joins_by_itself_and_thanks(stack, browser, scene, database):
    async with database.transaction() as session:
        scene.session = session
        booth = (await scene.visit()).booth_id
        code = await devices.make_code(session, scene.officer, booth, clock.now())
    context = await browser.new_context(viewport=DESK, locale="fa")
    kiosk = await open_page(context, f"{stack.origin}/kiosk")
    await kiosk.fill("#code", code)
    await kiosk.fill("#label", "نمایشگر کابین")
    await kiosk.locator("main form button").click()
    await expect(kiosk.locator("#talk")).to_be_visible(timeout=15_000)

    mother_at = await signed_in(stack, browser, scene.world.mother.id, PHONE, "en")
    mother = await open_page(mother_at, f"{stack.origin}/call/{scene.visit_id}")
    await enter(mother)
    await sees(mother, scene.world.inmate.id)
    await sees(kiosk, scene.world.mother.id)
    far = await kiosk.locator(".tile.far").bounding_box()
    assert far
    assert far["width"] > DESK["width"] / 2
    await mother.locator("#tool-microphone").click()
    await expect(kiosk.locator(f'[data-person="{scene.world.mother.id}"] .muted')).to_be_visible()
    await mother.locator("#tool-leave").click()
    await mother.locator("#leaving button[value=leave]").click()
    await expect(mother.locator("#after-title")).to_have_text("You have left the talk")
    await mother.locator("#enter-again").click()
    await sees(mother, scene.world.inmate.id)

    await mother.evaluate(LISTEN)
    await stack.replace_worker()
    async with asyncio.timeout(20):
        # Back in an instant, so that a look at the page now and then may miss it.
        while "lost" not in " ".join(await mother.evaluate("said")):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await sees(mother, scene.world.inmate.id)
    await mother_at.close()
    await context.close()


async def test_who_loses_the_line_before_being_let_in_asks_for_a_fresh_ticket(
    stack, browser, scene
):
    context = await signed_in(stack, browser, scene.world.mother.id, PHONE)
    shown: list[dict[str, str]] = []

    def cut_first(page_side: WebSocketRoute) -> None:
        server_side = page_side.connect_to_server()

        def forward(message: str | bytes) -> None:
            word = json.loads(message)
            if word["type"] == "join":
                shown.append(word)
            server_side.send(message)

        async def answer(message: str | bytes) -> None:
            if len(shown) == 1:
                await page_side.close()  # the worker has used the ticket; its answer is lost
            else:
                page_side.send(message)

        page_side.on_message(forward)
        server_side.on_message(answer)

    await context.route_web_socket("**/ws/call", cut_first)
    page = await open_page(context, f"{stack.origin}/call/{scene.visit_id}")
    await enter(page)
    await expect(page.locator("#talk-notice")).to_contain_text("زندانی")
    assert len(shown) == 2
    assert shown[0]["ticket"] != shown[1]["ticket"]
    await context.close()


async def test_a_missing_camera_says_what_to_do_and_sound_alone_may_enter(stack, browser, scene):
    context = await signed_in(stack, browser, scene.world.mother.id, PHONE, "en")
    await context.add_init_script(
        """const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
        navigator.mediaDevices.getUserMedia = (wish) => wish.video
          ? Promise.reject(new DOMException("none", "NotFoundError")) : open(wish)"""
    )
    page = await open_page(context, f"{stack.origin}/call/{scene.visit_id}")
    await expect(page.locator("#check-camera.fails")).to_contain_text("Plug it in")
    await expect(page.locator("#check-network.works")).to_be_visible()
    await expect(page.locator("#again")).to_be_visible()
    await page.locator("#enter").click()
    await expect(page.locator("#talk-notice")).to_contain_text("Waiting for: Prisoner")
    await context.close()


async def test_warnings_come_at_five_two_and_one_minutes(stack, browser):
    page = await browser.new_page()
    await page.goto(f"{stack.origin}/sign-in")
    module = static_url("scripts/call/island.js")
    due = await page.evaluate(
        """async ([module, seconds]) => {
          const { warningDue } = await import(module)
          return seconds.map((s) => warningDue(s * 1000, [5, 2, 1]))
        }""",
        [module, [301, 300, 121, 120, 61, 60, 1, 0]],
    )
    assert due == [None, 5, 5, 2, 2, 1, 1, None]
    await page.close()
