"""An encoder that is none of ours, GStreamer, in a room of a line test: seen, heard, and gone."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Page

from remote_court.assets import web_dir
from remote_court.assets.build import build
from remote_court.db import Database
from tests.browser.plain_page import PAGE
from tests.netns import packages
from tests.netns.browser import browsing
from tests.netns.network import Network
from tests.serve_process import ServeProcess, serve_process, take_for_migrated

pytestmark = pytest.mark.browser
PYTHON = "/usr/bin/python3"
PUBLISHER = Path(__file__).with_name("gst_publisher.py")
PACKAGES = (
    "python3-gi",
    "gir1.2-gst-plugins-bad-1.0",
    "gstreamer1.0-plugins-base",
    "gstreamer1.0-plugins-good",
    "gstreamer1.0-plugins-bad",
    "gstreamer1.0-nice",
)
ELEMENTS = ("webrtcbin", "nicesrc", "vp8enc", "opusenc", "rtpvp8pay", "dtlssrtpenc", "srtpenc")


def need_gstreamer() -> None:
    """Skip unless Debian's GStreamer and its bindings are here or can be installed."""
    asks = "import gi; gi.require_version('GstWebRTC', '1.0'); from gi.repository import Gst, GstWebRTC"  # noqa: E501
    found = f"{asks}; Gst.init(None); assert all(map(Gst.ElementFactory.find, {ELEMENTS}))"

    def here() -> bool:
        return (
            Path(PYTHON).exists()
            and not subprocess.run(
                [PYTHON, "-c", found], capture_output=True, check=False
            ).returncode
        )

    if not here() and not (packages.install(PACKAGES) and here()):
        pytest.skip("Debian's GStreamer with webrtcbin is not here and could not be installed")


async def ticket(served: ServeProcess, room: str, as_: str) -> dict[str, str]:
    """A ticket to a room of a line test, as an operator gets it on the server."""
    words = ("ticket", "--room", room, "--as", as_, "--json")
    made = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "remote_court", *words),
        env=served.environment,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await asyncio.wait_for(made.communicate(), 60)
    assert made.returncode == 0, said
    found: dict[str, str] = json.loads(said)
    return found


async def grown(page: Page, name: str, by: int) -> None:
    """Wait until a figure of the viewer's has grown since now."""
    before = (await page.evaluate("figures()"))[name]
    async with asyncio.timeout(20):
        while (await page.evaluate("figures()"))[name] - before < by:  # noqa: ASYNC110 - a counter
            await asyncio.sleep(0.1)


async def test_gstreamer_publishes_by_whip_and_a_page_without_our_code_watches_by_whep(
    database: Database, tmp_path: Path
) -> None:
    packages.need()
    need_gstreamer()
    build(web_dir(), say=lambda _: None)
    await take_for_migrated(database)
    async with AsyncExitStack() as stack:
        world = stack.enter_context(Network())
        street = world.street()
        court, studio, home = (world.place(name) for name in ("court", "studio", "home"))
        for place in (court, studio, home):
            place.live_in(street)
        here = {"MODE": "production", "HOST": court.address, "MEDIA_HOST": court.address}
        served = await stack.enter_async_context(
            serve_process(database, tmp_path, place=court, **here)
        )
        presenter = await ticket(served, "studio", "presenter")
        encoder = await asyncio.create_subprocess_exec(
            *studio.command(PYTHON, str(PUBLISHER), presenter["whip"]),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert encoder.stdin is not None
        assert encoder.stdout is not None
        encoder.stdin.write(f"{presenter['ticket']}\n".encode())
        try:
            said = await asyncio.wait_for(encoder.stdout.readline(), 30)
            assert said == b"published 201\n"
            viewer = await ticket(served, "studio", "viewer")
            browser = await stack.enter_async_context(browsing(home, tmp_path))
            page = await browser.new_page()
            await page.set_content(PAGE)
            watching = "([url, ticket]) => watch(url, ticket)"
            told = await page.evaluate(watching, [viewer["whep"], viewer["ticket"]])
            assert told == {"status": 201}
            await grown(page, "frames", 20)
            await grown(page, "sound", 50)
            encoder.terminate()
            assert await asyncio.wait_for(encoder.stdout.read(), 20) == b"gone 200\n"
        finally:
            if encoder.returncode is None:
                encoder.kill()
            await encoder.wait()
