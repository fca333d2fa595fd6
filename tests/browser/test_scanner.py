"""At the desk a slip's QR code is read by the camera: a real browser that films a real code."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import segno
from playwright.async_api import Browser, Page, async_playwright, expect

from remote_court import clock
from remote_court.assets import web_dir
from remote_court.assets.build import build
from remote_court.db import Database
from remote_court.identifiers import mint_tracking_code
from remote_court.server.visits.slip import check_in_address
from remote_court.visits import queries
from remote_court.visits.models import Visit
from tests.browser import chromium
from tests.browser.test_call import DESK, open_page, signed_in
from tests.calls.scene import Scene, make_scene
from tests.calls.stack import Stack, serving

pytestmark = pytest.mark.browser
WIDTH, HEIGHT, MODULE_PX, FRAMES = 640, 480, 7, 3
DARK, LIGHT, GREY, NO_COLOUR = 20, 230, 120, 128


@pytest_asyncio.fixture
async def stack(database: Database, tmp_path: Path) -> AsyncIterator[Stack]:
    build(web_dir(), say=lambda _: None)
    async with serving(database, tmp_path) as made:
        yield made


@pytest_asyncio.fixture
async def scene(database: Database) -> Scene:
    async with database.transaction() as session:
        made = await make_scene(session, start=clock.now().replace(microsecond=0))
        visit = await session.get_one(Visit, made.visit_id)
        visit.tracking_code = mint_tracking_code(random.Random(7))
        return made


@pytest_asyncio.fixture
async def film(database: Database, stack: Stack, scene: Scene, tmp_path: Path) -> Path:
    """What a camera sees before which the slip's code is held."""
    async with database.transaction() as session:
        visit = await queries.visit(session, scene.visit_id)
    assert visit is not None
    code = segno.make(check_in_address(stack.origin, visit), error="m", micro=False)
    file = tmp_path / "slip.y4m"
    file.write_bytes(filmed([[bool(dark) for dark in row] for row in code.matrix_iter(border=4)]))
    return file


def filmed(code: list[list[bool]]) -> bytes:
    """Some frames of YUV4MPEG2 with the code upright in the middle of a grey desk."""
    size = len(code) * MODULE_PX
    left, top = (WIDTH - size) // 2, (HEIGHT - size) // 2
    assert top > 0, "the code fits"
    blank = bytes([GREY]) * WIDTH
    rows = []
    for y in range(HEIGHT):
        line = (y - top) // MODULE_PX
        if not 0 <= line < len(code):
            rows.append(blank)
            continue
        middle = b"".join(bytes([DARK if dark else LIGHT]) * MODULE_PX for dark in code[line])
        rows.append(blank[:left] + middle + blank[: WIDTH - left - size])
    frame = b"FRAME\n" + b"".join(rows) + bytes([NO_COLOUR]) * (WIDTH * HEIGHT // 2)
    return f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420\n".encode() + frame * FRAMES


@pytest_asyncio.fixture
async def browser(film: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as driver:
        opened = await driver.chromium.launch(
            executable_path=chromium.path(),
            args=[*chromium.arguments(), f"--use-file-for-fake-video-capture={film}"],
        )
        yield opened
        await opened.close()


@pytest_asyncio.fixture
async def page(stack: Stack, browser: Browser, scene: Scene) -> Page:
    clerk = await signed_in(stack, browser, scene.world.clerk.person_id, DESK, "en")
    return await open_page(clerk, f"{stack.origin}/desk/{scene.world.office.id}")


async def test_a_slip_held_before_the_camera_leads_to_its_visit(page: Page, scene: Scene) -> None:
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    await page.locator("#scan").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#scanner video")).to_be_visible()
    await page.wait_for_url(f"**/desk/{scene.world.office.id}/visits/{scene.visit_id}")
    assert refused == []


async def test_escape_lets_go_of_the_camera_and_gives_the_keys_back(page: Page) -> None:
    # A detector that never finds anything, so that the window stays open.
    await page.evaluate(
        """() => { globalThis.BarcodeDetector = class {
             static async getSupportedFormats() { return ["qr_code"]; }
             async detect() { return []; }
           }; }"""
    )
    await page.locator("#scan").click()
    await expect(page.locator("#scanner video")).to_have_js_property("readyState", 4)
    tracks = await page.evaluate_handle(
        "document.querySelector('#scanner video').srcObject.getTracks()"
    )
    await page.keyboard.press("Escape")
    await expect(page.locator("#scanner")).to_be_hidden()
    await expect(page.locator("#scan")).to_be_focused()
    assert await tracks.evaluate("tracks => tracks.map(t => t.readyState)") == ["ended"]


async def test_who_may_not_use_the_camera_reads_what_to_do(page: Page) -> None:
    await page.evaluate(
        """() => { navigator.mediaDevices.getUserMedia = async () => {
             throw new DOMException("no", "NotAllowedError"); }; }"""
    )
    await page.locator("#scan").click()
    await expect(page.locator("#scanner [role=status]")).to_contain_text("type the code")
    await page.get_by_role("button", name="Close and type the code").click()
    await expect(page.locator("#scanner")).to_be_hidden()
