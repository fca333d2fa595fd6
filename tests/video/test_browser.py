"""Two real browsers in one call, through the module the pages use."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from remote_court.video.lines import Source
from remote_court.video.ports import Left, State

from .site import Site, enter, grown, serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
]

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    async with serving() as made:
        yield made


@pytest_asyncio.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as tool:
        browser = await tool.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        await browser.close()


SHARE = """() => {
  const canvas = document.createElement('canvas'), pen = canvas.getContext('2d')
  setInterval(() => {
    pen.fillStyle = `hsl(${Date.now() % 360} 80% 50%)`
    pen.fillRect(0, 0, 300, 150)
  }, 50)
  return call.share(canvas.captureStream(15).getVideoTracks()[0])
}"""
SCREEN_ACTIVE = "peers.at(-1).getSenders().at(2).getParameters().encodings[0].active"
CONNECTIONS = "events.filter(([name]) => name === 'connected').length"


async def names(page: Page) -> list[str]:
    return await page.evaluate("events.map(([name]) => name)")


async def test_two_browsers_see_and_hear_each_other_and_survive_a_dead_socket(
    site: Site, browser: Browser
) -> None:
    anna = await enter(browser, site, "anna", "visitor")
    ben = await enter(browser, site, "ben", "inmate")
    for page in (anna, ben):
        assert (await grown(page))["lost"] == 0
    assert await anna.evaluate("call.streams.get('ben').getTracks().length") == 2
    assert await anna.evaluate("window.level") > 0
    assert 0 < await anna.evaluate("call.remaining()") <= 3_600_000

    for death in ("sockets.at(-1).close()", "sockets.at(-1).onmessage = null"):
        joins = await anna.evaluate("sockets.length")
        await anna.evaluate(death)
        async with asyncio.timeout(4):  # three seconds, and one for a busy machine
            await anna.wait_for_function(f"{CONNECTIONS} === {joins + 1}")
        for page in (anna, ben):
            await grown(page)
    assert await ben.evaluate("peers.length") == 1  # the other side renegotiated nothing

    site.court.change("s1", state=State.PAUSED, reason="a pause")
    await asyncio.sleep(0.3)
    still = await ben.evaluate("figures()")
    await asyncio.sleep(0.7)
    assert (await ben.evaluate("figures()"))["sound"] <= still["sound"] + 1
    site.court.change("s1", state=State.LIVE, reason="")
    await grown(ben)

    site.court.change("s1", state=State.CLOSED, reason="time")
    await anna.wait_for_function("events.at(-1)[0] === 'closed'")
    assert (await names(ben))[-1] == "closed"
    assert [reason for _, _, reason in site.court.departures][-2:] == [Left.ENDED] * 2


async def test_a_shared_screen_comes_beside_the_camera_and_a_second_tab_takes_the_firsts_place(
    site: Site, browser: Browser
) -> None:
    anna = await enter(browser, site, "anna", "visitor")
    ben = await enter(browser, site, "ben", "inmate")
    await grown(ben)
    assert await anna.evaluate(SCREEN_ACTIVE) is False  # it would keep a share of the line
    await anna.evaluate(SHARE)
    assert await anna.evaluate(SCREEN_ACTIVE) is True
    room = await site.worker.room("s1")
    sender = room.peers["anna"]
    async with asyncio.timeout(5):
        while sender.media.feeds[Source.SCREEN].track.forwarded < 5:  # noqa: ASYNC110 - a counter
            await asyncio.sleep(0.05)
    assert any(track.everybody() for track in sender.media.feeds[Source.CAMERA].tracks)
    assert await ben.evaluate("[...call.shown.screens.keys()]") == ["anna"]
    assert await ben.evaluate("call.streams.get('anna').getTracks().length") == 2
    await grown(ben, frames=5)
    await anna.evaluate("call.share(null)")
    await ben.wait_for_function("call.shown.screens.size === 0")
    assert await anna.evaluate(SCREEN_ACTIVE) is False
    await grown(ben)

    again = await enter(browser, site, "anna", "visitor")
    await anna.wait_for_function("events.at(-1)[0] === 'closed'")
    assert (await names(anna))[-2:] == ["displaced", "closed"]
    await grown(again)
    await grown(ben)
    await again.evaluate("call.leave()")
    assert (await names(again))[-1] == "closed"
