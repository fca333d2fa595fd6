"""Trying a relay finds what keeps clients from it: a real coturn, set up by our recipe."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from aioice import turn as aioice_turn

from remote_court import clock
from remote_court.config import Settings
from remote_court.doctor import relays
from remote_court.video.relaying import RelayFails, try_relay
from remote_court.video.turn import Relay, Turn
from tests.calls.stack import free_port
from tests.netns import packages
from tests.netns.relay import SECRET, Listening, coturn

pytestmark = pytest.mark.alone

HERE = "127.0.0.1"
COURT = (HERE, 8081)
ELSEWHERE = ("192.0.2.1", 8081)


@pytest.fixture
def relay(tmp_path: Path):
    packages.need_programs("turnserver")
    ports = (free_port(), free_port())
    with coturn(
        tmp_path, listen=HERE, relay=HERE, media=HERE, ports=ports, more=["allow-loopback-peers"]
    ) as running:
        yield running


async def tried(relay: Listening, way: str, turn: Turn | None = None, **how) -> None:
    turn = turn or relay.turn(way)
    credential = turn.credential("c1", clock.now())
    await try_relay(Relay.at(relay.url(way)), credential, how.pop("peer", COURT), **how)


async def test_a_relay_lets_through_to_the_court_each_way(relay: Listening):
    for way in ("udp", "tcp"):
        await tried(relay, way)
    await tried(relay, "tls", context=relay.certificate.trust)
    log = relay.log.read_text()
    assert ":c1>" in log
    assert SECRET not in log


async def test_what_is_wrong_is_told_and_how_to_mend_it(relay: Listening):
    with pytest.raises(RelayFails, match="no credentials of ours") as wrong:
        await tried(relay, "udp", Turn([], b"another secret of sixteen"))
    assert "static-auth-secret" in wrong.value.mend
    with pytest.raises(RelayFails, match="certificate is refused"):
        await tried(relay, "tls")
    with pytest.raises(RelayFails, match=r"through to 192\.0\.2\.1") as wrong:
        await tried(relay, "tcp", peer=ELSEWHERE)
    assert wrong.value.mend == "add allowed-peer-ip=192.0.2.1 to its turnserver.conf"
    gone = Listening(HERE, (free_port(), free_port()), relay.log, relay.certificate)
    with pytest.raises(RelayFails, match="no answer"):
        await tried(gone, "tcp")


async def test_a_credential_is_good_for_a_while_but_what_it_made_lasts(relay: Listening):
    old = relay.turn("udp", good_for=timedelta(seconds=-1))
    with pytest.raises(RelayFails, match="no credentials of ours"):
        await tried(relay, "udp", old)
    brief = relay.turn("udp", good_for=timedelta(seconds=2)).credential("c2", clock.now())
    loop = asyncio.get_running_loop()
    where = (relay.address, relay.ports[0])
    transport, client = await loop.create_datagram_endpoint(
        lambda: aioice_turn.TurnClientUdpProtocol(where, *brief, 600, 600), remote_addr=where
    )
    await client.connect()
    await asyncio.sleep(2.5)
    await client.channel_bind(0x4000, COURT)
    await client.delete()
    assert transport.is_closing()


async def test_the_doctor_tries_each_address(relay: Listening, tmp_path: Path):
    urls = (relay.url("udp"), relay.url("tcp"), relay.url("tls"))
    settings = Settings(
        data_dir=tmp_path, turn_urls=urls, turn_secret=SECRET, public_addresses=(HERE,)
    )
    found = await relays(settings)
    assert [finding.state for finding in found] == ["ok", "ok", "failed"]  # nobody trusts it
    assert "certificate" in (found[2].mend or "")
    (none,) = await relays(Settings(data_dir=tmp_path))
    assert none.state == "ok"
    assert "by UDP" in none.told
