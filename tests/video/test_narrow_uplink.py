"""Somebody whose line is narrow on the way up fills it, and no queue before it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.netns import packages
from tests.netns.browser import browsing
from tests.netns.network import Home, Network

from .site import Site, enter, grown, serving

pytestmark = pytest.mark.browser

KBPS = 500
QUEUE_MS = 4000
"""What the box before the line keeps before it loses anything, as cheap ones do."""

LEARNING = 6
"""Seconds for a sender to see that its line is narrow, and for what waits to drain."""

WATCHED = 8
FULL_MS, TYPICAL_MS = 1000, 250
"""The longest that anything may wait, and for how long things wait as a rule."""


@dataclass
class Uplink:
    """A sender at home, what it sends through, and who sees it."""

    site: Site
    line: Home
    sender: Page
    watcher: Page

    async def waits_ms(self, seconds: float) -> list[float]:
        """How long a packet would wait before the line, ten times a second."""
        found = []
        async with asyncio.timeout(seconds * 2):
            for _ in range(round(seconds * 10)):
                found.append(self.line.waiting_up() * 8 / KBPS)
                await asyncio.sleep(0.1)
        return found


@pytest_asyncio.fixture
async def uplink(tmp_path: Path) -> AsyncIterator[Uplink]:
    packages.need()
    async with AsyncExitStack() as stack:
        world = stack.enter_context(Network())
        street = world.street()
        court, home, office = (world.place(name) for name in ("court", "home", "office"))
        for place in (court, office):
            place.live_in(street)
        line = home.live_in(street)
        site = await stack.enter_async_context(serving(court))
        sending = await stack.enter_async_context(browsing(home, tmp_path, site.http))
        watching = await stack.enter_async_context(browsing(office, tmp_path, site.http))
        anna = await enter(sending, site, "anna", "visitor", width=1280, height=720)
        ben = await enter(watching, site, "ben", "inmate")
        yield Uplink(site, line, anna, ben)


async def test_a_line_that_is_narrow_on_the_way_up_is_filled_and_nothing_waits_for_long(
    uplink: Uplink,
) -> None:
    await grown(uplink.watcher, frames=30, sound=50)
    uplink.line.limit_up(KBPS, queue_ms=QUEUE_MS)
    await asyncio.sleep(LEARNING)
    room = await uplink.site.worker.room("s1")
    tracks = room.peers["anna"].media.tracks
    octets, before = sum(t.octets for t in tracks), await uplink.watcher.evaluate("figures()")
    waits = await uplink.waits_ms(WATCHED)
    came_kbps = (sum(t.octets for t in tracks) - octets) * 8 / WATCHED / 1000
    after = await uplink.watcher.evaluate("figures()")
    assert max(waits) < FULL_MS
    assert median(waits) < TYPICAL_MS
    assert KBPS / 4 < came_kbps < KBPS * 1.2
    assert after["frames"] - before["frames"] > 5 * WATCHED
    assert after["sound"] - before["sound"] > 40 * WATCHED
