"""A receiver whose line is narrow gets a lower layer, and the higher one back when it recovers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.netns import packages
from tests.netns.browser import browsing
from tests.netns.network import Home, Network

from .site import Site, enter, grown, serving
from .test_browser_layers import WATCH, watch

pytestmark = pytest.mark.browser

NARROW_KBPS = 450
"""Carries the middle layer of a camera of 640x360 with its sound, and not the upper one."""

TOO_NARROW_KBPS = 100
"""Carries sound, some 70 with all headers, and nothing else."""


@dataclass
class Narrow:
    """Somebody who sends at a good place, and somebody who watches through a line of ours."""

    site: Site
    line: Home
    watcher: Page


@pytest_asyncio.fixture
async def narrow(tmp_path: Path) -> AsyncIterator[Narrow]:
    packages.need()
    async with AsyncExitStack() as stack:
        world = stack.enter_context(Network())
        street = world.street()
        court, good, poor = (world.place(name) for name in ("court", "good", "poor"))
        for place in (court, good):
            place.live_in(street)
        line = poor.live_in(street)
        site = await stack.enter_async_context(serving(court))
        sender = await stack.enter_async_context(browsing(good, tmp_path, site.http))
        watcher = await stack.enter_async_context(browsing(poor, tmp_path, site.http))
        await enter(sender, site, "anna", "visitor", width=1280, height=720)
        page = await enter(watcher, site, "ben", "inmate")
        yield Narrow(site, line, page)


async def test_a_narrow_line_gets_a_lower_layer_then_sound_alone_and_all_again_when_it_recovers(
    narrow: Narrow,
) -> None:
    page = narrow.watcher
    await watch(page, width=1280, seconds=30)
    narrow.line.limit(down_kbps=NARROW_KBPS)
    async with asyncio.timeout(90):
        while (await page.evaluate(WATCH))["width"] == 1280:  # noqa: ASYNC110 - in the browser
            await asyncio.sleep(0.2)
    await grown(page, frames=20, sound=50)
    assert not await page.evaluate("events.some(([n, d]) => n === 'quality' && d.audioOnly)")

    narrow.line.limit(down_kbps=TOO_NARROW_KBPS)
    told = "events.findLast(([n]) => n === 'quality')?.[1]"
    await page.wait_for_function(f"{told}?.audioOnly", timeout=90_000)
    assert await page.evaluate(f"{told}.reason") in {"bandwidth", "loss"}  # a full queue loses
    async with asyncio.timeout(60):  # what was queued goes by first
        while True:
            before = await page.evaluate("figures()")
            after = await grown(page, frames=0, sound=100)
            if after["frames"] == before["frames"] and after["lost"] - before["lost"] <= 5:
                break

    narrow.line.limit(down_kbps=None)
    await grown(page, frames=30, sound=0, seconds=60)
    assert not await page.evaluate(f"{told}.audioOnly")
    await watch(page, width=1280, seconds=60)
    assert not await page.evaluate("events.some(([n]) => n === 'reconnecting')")
