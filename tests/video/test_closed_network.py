"""A network that lets nothing out but to the relay: the call works through it, each way."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.netns import packages
from tests.netns.browser import browsing, passing_on
from tests.netns.network import Network, Place
from tests.netns.relay import Listening, coturn

from .site import Site, enter, grown, serving

pytestmark = pytest.mark.browser

PATH = """async () => {
  const stats = [...(await peers.at(-1).getStats()).values()]
  const used = (s) => s.type === 'candidate-pair' && s.nominated && s.state === 'succeeded'
  const pair = stats.find(used)
  const local = stats.find((s) => s.id === pair?.localCandidateId)
  return local && [local.candidateType, local.relayProtocol]
}"""


@dataclass
class Closed:
    """A prison whose only ways out are the relay and, for pages, a proxy."""

    site: Site
    relay: Listening
    browser: Browser
    prison: Place
    gate: Place


@pytest_asyncio.fixture
async def closed(tmp_path: Path) -> AsyncIterator[Closed]:
    packages.need("turnserver")
    async with AsyncExitStack() as stack:
        world = stack.enter_context(Network())
        inside, outside = world.street(), world.street()
        prison, gate, court = (world.place(name) for name in ("prison", "gate", "court"))
        prison.live_in(inside)
        gate.live_in(inside)
        gate.live_in(outside)
        court.live_in(outside)
        relay = stack.enter_context(
            coturn(
                tmp_path,
                listen=gate.homes[0].address,
                relay=gate.homes[1].address,
                media=court.address,
                place=gate,
            )
        )
        site = await stack.enter_async_context(serving(court))
        port = urlsplit(site.http).port
        assert port is not None
        await stack.enter_async_context(
            passing_on(gate, gate.homes[0].address, port, court.address)
        )
        site.http, site.url = (
            url.replace(court.address, gate.address) for url in (site.http, site.url)
        )
        browser = await stack.enter_async_context(browsing(prison, tmp_path, site.http))
        yield Closed(site, relay, browser, prison, gate)


async def test_a_call_works_through_the_relay_by_udp_tcp_and_tls(closed: Closed) -> None:
    site, people = closed.site, {"anna": "visitor", "ben": "inmate"}
    assert await hears(site, closed.gate)
    assert not await hears(site, closed.prison)
    for ways in (("udp",), ("tcp",), ("tls",), ("udp", "tcp", "tls")):
        site.worker.turn = closed.relay.turn(*ways)
        pages = [await enter(closed.browser, site, *person) for person in people.items()]
        for page in pages:
            assert (await grown(page, seconds=25))["lost"] == 0
            kind, way = await page.evaluate(PATH)
            assert kind == "relay"
            assert way in ways
        for page in pages:
            await page.evaluate("call.leave()")
            await page.close()
    log = closed.relay.log.read_text()
    assert "anna" not in log
    assert site.court.arrivals[0][2] in log  # the court's name for the connection


async def hears(site: Site, place: Place) -> bool:
    """Whether a datagram from this place reaches the media port, which drops and counts it."""
    port, before = site.worker.port, site.worker.port.dropped
    with place.entered(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.sendto(bytes(20), port.socket.getsockname())
    await asyncio.sleep(0.3)
    return port.dropped > before
