"""A real Chromium that is told when its packets come still keeps below what its receivers carry."""

from __future__ import annotations

import asyncio
from statistics import median

import pytest
from playwright.async_api import BrowserContext, Page

from remote_court.video.bandwidth import LOWER_BPS
from remote_court.video.lines import Source
from remote_court.video.media import Media

from .site import Site, enter
from .test_browser import browser, site
from .test_browser_layers import context

__all__ = ["browser", "context", "site"]

pytestmark = pytest.mark.browser

POOR_BPS = 200_000
CEILING_BPS = POOR_BPS + LOWER_BPS
FULL_BPS = 1_000_000
"""Less than a fake camera in three sizes sends, and more than the ceiling."""

ESTIMATE = """async () => {
  const found = [...(await peers.at(-1).getStats()).values()]
  return Math.max(...found.map((s) => s.availableOutgoingBitrate ?? 0))
}"""


async def sends_bps(media: Media) -> float:
    """What comes of somebody, over a second."""
    before = sum(track.octets for track in media.tracks)
    await asyncio.sleep(1)
    return (sum(track.octets for track in media.tracks) - before) * 8


async def until(page: Page, media: Media, *, least: float = 0, most: float = 1e9) -> None:
    """Wait until a browser's estimate, and what it sends, are within these limits, in bit/s."""
    async with asyncio.timeout(20):
        while True:
            sent, estimate = await sends_bps(media), await page.evaluate(ESTIMATE)
            if least <= sent <= most and least <= estimate <= most:
                return


async def test_the_ceiling_of_the_receivers_lines_holds_where_arrivals_are_told(
    site: Site, context: BrowserContext
) -> None:
    anna = await enter(context, site, "anna", "visitor", width=1280, height=720)
    await enter(context, site, "ben", "inmate")
    room = await site.worker.room("s1")
    media, line = room.peers["anna"].media, room.peers["ben"].media.line
    assert media.feeds[Source.CAMERA].sending.number_id is not None
    await until(anna, media, least=FULL_BPS)

    async def hold() -> None:
        while True:  # a line that has shown no trouble for long is tried again
            line.budget_bps = POOR_BPS
            await asyncio.sleep(0.05)

    holding = asyncio.create_task(hold())
    await until(anna, media, most=CEILING_BPS)
    assert median([await sends_bps(media) for _ in range(3)]) <= CEILING_BPS
    assert await anna.evaluate(ESTIMATE) <= CEILING_BPS
    holding.cancel()
    await until(anna, media, least=FULL_BPS)
