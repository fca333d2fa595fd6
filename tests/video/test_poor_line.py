"""Two real browsers on a line that loses packets both ways: sound arrives, pictures do not freeze.

Each person's packets cross the bad line twice, up to the court and down to the other person.
"""

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
from tests.netns.line import Weather
from tests.netns.network import Home, Network

from .site import Site, enter, grown, serving

pytestmark = pytest.mark.browser

ONE_WAY_MS = 25
SECONDS = 8
LEARNING = 4
"""Seconds for a client to see that its line loses packets, and to be patient with TCP."""
FAIR = Weather(delay_ms=ONE_WAY_MS)
PEOPLE = {"anna": "visitor", "ben": "inmate"}

WATCH = """() => {
  const picture = document.querySelector('video')
  const seen = window.seen = { last: performance.now(), longest: 0, frames: 0 }
  const note = () => {
    const now = performance.now()
    seen.longest = Math.max(seen.longest, now - seen.last)
    seen.last = now
    seen.frames += 1
    picture.requestVideoFrameCallback(note)
  }
  picture.requestVideoFrameCallback(note)
}"""
SEEN = "({...seen, longest: Math.max(seen.longest, performance.now() - seen.last)})"
COUNTS = """async () => {
  const out = { came: 0, lost: 0, pleas: 0 }
  for (const [, s] of await peers.at(-1).getStats()) {
    if (s.type === 'inbound-rtp' && s.kind === 'audio') {
      out.came += s.packetsReceived
      out.lost += s.packetsLost
    }
    if (s.type === 'inbound-rtp' && s.kind === 'video') out.pleas += s.pliCount
  }
  return out
}"""
NO_ESTIMATE = """
const offer = RTCPeerConnection.prototype.createOffer
RTCPeerConnection.prototype.createOffer = async function () {
  const { type, sdp } = await offer.call(this)
  return { type, sdp: sdp.replace(/^a=rtcp-fb:\\d+ (goog-remb|transport-cc)\\r\\n/gm, '') }
}"""
"""The line is bad, not narrow; but a browser on a busy machine takes the one for the other."""

TROUBLES = "events.filter(([name]) => name === 'quality' || name === 'reconnecting')"


@dataclass
class Poor:
    """Two people at one home, and the line between it and the court."""

    site: Site
    line: Home
    pages: list[Page]

    async def upstream(self) -> dict[tuple[str, int], tuple[int, int]]:
        """Of each track, packets sent and packets that came to the court, once repaired."""
        room = await self.site.worker.room("s1")
        return {
            (name, at): (track.reception.extended, track.reception.received)
            for name, peer in room.peers.items()
            for at, track in enumerate(peer.media.tracks)
        }

    async def counts(self) -> list[dict[str, int]]:
        return [await page.evaluate(COUNTS) for page in self.pages]


@pytest_asyncio.fixture
async def poor(tmp_path: Path) -> AsyncIterator[Poor]:
    packages.need()
    async with AsyncExitStack() as stack:
        world = stack.enter_context(Network())
        street, court, home = world.street(), world.place("court"), world.place("home")
        court.live_in(street)
        line = home.live_in(street, line=True)
        line.weather(up=FAIR, down=FAIR)
        site = await stack.enter_async_context(serving(court))
        browser = await stack.enter_async_context(browsing(home, tmp_path, site.http))
        pages = [
            await enter(browser, site, *person, before=NO_ESTIMATE) for person in PEOPLE.items()
        ]
        for page in pages:
            await grown(page, frames=40, sound=100, seconds=30)
        yield Poor(site, line, pages)


async def test_loss_each_way_freezes_no_picture_and_sound_arrives(poor: Poor) -> None:
    for weather in (Bad(0.05, 0.995, 1), Bad(0.15, 0.98, 3)):
        await endure(poor, weather)
    assert [await page.evaluate(TROUBLES) for page in poor.pages] == [[], []]


@dataclass(frozen=True)
class Bad:
    """A share lost each way, the share that comes once repaired, pleas for a key frame at most.

    A browser pleads where it gives a packet of a picture up.
    """

    loss: float
    arrival: float
    pleas: int


async def endure(poor: Poor, bad: Bad) -> None:
    """Make the line bad for a while, and see what came through."""
    worse = Weather(bad.loss, ONE_WAY_MS)
    passed = poor.line.weather(up=worse, down=worse)
    await asyncio.sleep(LEARNING)
    sent_before, before = await poor.upstream(), await poor.counts()
    for page in poor.pages:
        await page.evaluate(WATCH)
    await asyncio.sleep(SECONDS)
    seen = [await page.evaluate(SEEN) for page in poor.pages]
    lost = poor.line.weather(up=FAIR, down=FAIR)
    await asyncio.sleep(1)  # what is still being repaired
    for (name, at), (sent, came) in (await poor.upstream()).items():
        before_sent, before_came = sent_before[name, at]
        if sent > before_sent:
            assert (came - before_came) / (sent - before_sent) >= bad.arrival, (name, at)
    for name, then, now in zip(PEOPLE, before, await poor.counts(), strict=True):
        told = {what: now[what] - then[what] for what in now}
        assert told["came"] / (told["came"] + told["lost"]) >= bad.arrival, name
        assert told["pleas"] <= bad.pleas, name
    assert [(s["longest"] < 1000, s["frames"] > 5 * SECONDS) for s in seen] == [(True, True)] * 2
    for way, count in lost.items():
        gone, through = count.lost - passed[way].lost, count.passed - passed[way].passed
        assert 0.5 < gone / (gone + through) / bad.loss < 2, way
