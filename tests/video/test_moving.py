"""A person whose device changes networks in the middle of a call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.netns import packages
from tests.netns.browser import browsing
from tests.netns.network import Network, Place

from .site import Site, enter, grown, serving

pytestmark = pytest.mark.browser

BACK_WITHIN_S = 3.0
BUSY_S = 1.0
"""What a busy machine takes besides."""

CONNECTIONS = "events.filter(([name]) => name === 'connected').length"


@dataclass
class Moving:
    """A telephone and a desk, each with a browser."""

    site: Site
    telephone: Place
    browsers: list[Browser]


@pytest_asyncio.fixture
async def moving(tmp_path: Path) -> AsyncIterator[Moving]:
    packages.need()
    async with AsyncExitStack() as stack:
        world = stack.enter_context(Network())
        street = world.street()
        court, telephone, desk = (world.place(name) for name in ("court", "telephone", "desk"))
        for place in (court, telephone, desk):
            place.live_in(street)
        site = await stack.enter_async_context(serving(court))
        browsers = [
            await stack.enter_async_context(browsing(place, tmp_path, site.http))
            for place in (telephone, desk)
        ]
        yield Moving(site, telephone, browsers)


async def sound(page: Page) -> int:
    return (await page.evaluate("figures()"))["sound"]


async def test_who_gets_another_address_is_back_within_seconds_and_the_others_stay(
    moving: Moving,
) -> None:
    anna = await enter(moving.browsers[0], moving.site, "anna", "visitor")
    ben = await enter(moving.browsers[1], moving.site, "ben", "inmate")
    for page in (anna, ben):
        await grown(page, seconds=20)
    room = await moving.site.worker.room("s1")
    old = room.peers["anna"].media.path.address
    new = moving.telephone.readdress()
    async with asyncio.timeout(BACK_WITHIN_S + BUSY_S):
        await anna.wait_for_function(f"{CONNECTIONS} === 2")
        before = await sound(anna)
        while await sound(anna) < before + 5:  # noqa: ASYNC110 - a counter in the browser
            await asyncio.sleep(0.05)
    assert room.peers["anna"].media.path.address[0] == new != old[0]
    for page in (anna, ben):
        await grown(page)
    assert await ben.evaluate(CONNECTIONS) == 1
    assert await ben.evaluate("peers.length") == 1
