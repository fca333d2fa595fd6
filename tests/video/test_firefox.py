"""Firefox in a call: joins, sends, receives, comes back; and by WHIP and WHEP from a plain page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from remote_court.video.ports import Left
from tests.netns import packages
from tests.netns.firefox import PROGRAM, Firefox, Tab, firefox
from tests.netns.network import Network, Place

from .site import Site, enter, grown, serving

pytestmark = pytest.mark.browser

CONNECTED = "events.filter(([name]) => name === 'connected').length"


@dataclass
class Town:
    """A court and a home in one street, with Firefox at home."""

    site: Site
    home: Place
    firefox: Firefox

    async def enter(self, person: str, role: str) -> Any:
        return await enter(self.firefox, self.site, person, role)  # type: ignore[arg-type]

    async def exchange(self, act: str, person: str, role: str) -> Tab:
        """Publish or watch from a page without our code."""
        page = await self.firefox.new_page()
        await page.goto(f"{self.site.http}plain")
        door = {"publish": "whip", "watch": "whep"}[act]
        asked = [f"{self.site.http}{door}/s1", self.site.ticket(person, role)]
        told = await page.evaluate(f"([url, ticket]) => {act}(url, ticket)", asked)
        assert told == {"status": 201}
        return page


@pytest_asyncio.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    packages.need(PROGRAM)
    async with AsyncExitStack() as stack:
        world = stack.enter_context(Network())
        street, court, home = world.street(), world.place("court"), world.place("home")
        for place in (court, home):
            place.live_in(street)
        site = await stack.enter_async_context(serving(court))
        browser = await stack.enter_async_context(firefox(home, tmp_path))
        yield Town(site, home, browser)


async def test_firefox_joins_sends_receives_and_comes_back(town: Town):
    anna = await town.enter("anna", "visitor")
    ben = await town.enter("ben", "inmate")
    for page in (anna, ben):
        assert (await grown(page, seconds=25))["lost"] == 0
    assert await anna.evaluate("call.streams.get('ben').getTracks().length") == 2

    for number, death in enumerate(("close()", "onmessage = null"), start=2):
        await anna.evaluate(f"(sockets.at(-1).{death}, null)")
        await anna.wait_for_function(f"{CONNECTED} === {number}")
        for page in (anna, ben):
            await grown(page, seconds=25)
    assert await ben.evaluate("peers.length") == 1  # the other side renegotiated nothing

    await anna.evaluate("call.leave()")
    await anna.wait_for_function("events.at(-1)[0] === 'closed'")
    assert [why for who, _, why in town.site.court.departures if who == "anna"][-1] is Left.LEFT


async def test_firefox_publishes_and_watches_from_a_page_without_our_code(town: Town):
    anna = await town.exchange("publish", "anna", "visitor")
    ben = await town.exchange("publish", "ben", "inmate")
    officer = await town.exchange("watch", "officer", "supervisor")
    assert await anna.evaluate("trickle()") == 204
    await grown(officer, seconds=25)  # type: ignore[arg-type]
    for page in (anna, ben):
        assert await page.evaluate("go()") == 200
    await asyncio.sleep(0.5)  # what had come is still being decoded
    still = await officer.evaluate("figures()")
    await asyncio.sleep(0.5)
    assert await officer.evaluate("figures()") == still
    assert await officer.evaluate("go()") == 200
    assert {why for _, _, why in town.site.court.departures} == {Left.LEFT}
    assert not town.site.worker.resources
