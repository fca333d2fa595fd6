"""A camera in three sizes from a real Chromium, and a receiver that changes between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page

from remote_court.video.codecs import Codec
from remote_court.video.lines import Source

from .site import Site, enter
from .test_browser import browser, site

__all__ = ["browser", "site"]

pytestmark = pytest.mark.browser

LONGEST_FREEZE = 1.0
"""Seconds; Chromium counts a freeze where frames stay away three times as long as usual."""

WATCH = """async () => {
  for (const [, s] of await peers.at(-1).getStats())
    if (s.type === 'inbound-rtp' && s.kind === 'video' && s.framesDecoded)
      return { width: s.frameWidth, frames: s.framesDecoded, frozen: s.totalFreezesDuration,
        inter: s.totalInterFrameDelay, lost: s.packetsLost }
  return { width: 0, frames: 0, frozen: 0, inter: 0, lost: 0 }
}"""


async def watch(page: Page, *, width: int, seconds: float = 10) -> Any:
    """Wait until pictures of this width are shown."""
    async with asyncio.timeout(seconds):
        while True:
            found = await page.evaluate(WATCH)
            if found["width"] == width:
                return found
            await asyncio.sleep(0.1)


@pytest_asyncio.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """Pages that are gone with their test: cameras that go on sending make the next one slow."""
    async with await browser.new_context() as pages:
        yield pages


async def test_a_small_tile_gets_a_small_picture_and_a_large_one_a_large_without_a_freeze(
    site: Site, context: BrowserContext
) -> None:
    anna = await enter(context, site, "anna", "visitor", width=1280, height=720)
    ben = await enter(context, site, "ben", "inmate")
    room = await site.worker.room("s1")
    layers = room.peers["anna"].media.feeds[Source.CAMERA].layers
    await watch(ben, width=1280, seconds=15)
    assert [layer.size for layer in layers] == [(320, 180), (640, 360), (1280, 720)]
    assert len({layer.ssrc for layer in layers} - {None}) == 3

    for width, tile in ((320, (160, 90)), (1280, (1280, 720)), (640, (600, 340)), (1280, None)):
        before = await ben.evaluate(WATCH)
        await ben.evaluate("(tile) => call.view(tile ? { anna: tile } : {})", tile)
        await watch(ben, width=width)
        await asyncio.sleep(1)
        after = await ben.evaluate(WATCH)
        assert after["frames"] - before["frames"] >= 10
        assert after["frozen"] - before["frozen"] < LONGEST_FREEZE
        assert after["lost"] == 0

    reports = await anna.evaluate("""async () => [...(await peers.at(-1).getStats()).values()]
        .filter((s) => s.type === 'remote-inbound-rtp' && s.kind === 'video').length""")
    assert reports == 3

    before = await ben.evaluate(WATCH)
    await anna.evaluate("""async () => {
        const sender = peers.at(-1).getSenders().find((s) => s.track?.kind === 'video')
        const wish = sender.getParameters()
        wish.encodings.at(-1).active = false
        await sender.setParameters(wish)
    }""")
    after = await watch(ben, width=640, seconds=4)
    assert after["frozen"] - before["frozen"] < LONGEST_FREEZE


ONLY_H264 = """{
  const h264 = ({ mimeType }) => /h264|rtx/i.test(mimeType)
  for (const kind of [RTCRtpSender, RTCRtpReceiver]) {
    const all = kind.getCapabilities.bind(kind)
    kind.getCapabilities = (of) => ({
      ...all(of), codecs: all(of).codecs.filter((one) => of === 'audio' || h264(one)),
    })
  }
  const offer = RTCPeerConnection.prototype.createOffer
  RTCPeerConnection.prototype.createOffer = function (...wish) {
    for (const line of this.getTransceivers())
      if (line.receiver.track.kind === 'video')
        line.setCodecPreferences(RTCRtpReceiver.getCapabilities('video').codecs)
    return offer.apply(this, wish)
  }
}"""


async def test_a_device_that_knows_only_h264_is_seen_and_told_whom_it_cannot_see(
    site: Site, context: BrowserContext
) -> None:
    anna = await enter(context, site, "anna", "visitor", width=640, height=360, before=ONLY_H264)
    ben = await enter(context, site, "ben", "inmate")
    room = await site.worker.room("s1")
    feed = room.peers["anna"].media.feeds[Source.CAMERA]
    assert (feed.sending.codec, feed.layers) == (Codec.H264, ())
    found = await watch(ben, width=640)
    await asyncio.sleep(1)
    assert (await ben.evaluate(WATCH))["frames"] > found["frames"]
    assert await anna.evaluate("call.shown.withheld.get('ben')") == "codec"
    assert (await anna.evaluate(WATCH))["frames"] == 0
