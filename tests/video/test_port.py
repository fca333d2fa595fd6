"""The one port against everybody: strangers, floods, liars."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aioice import stun

from remote_court.demo.participant import Participant
from remote_court.video.port import MOST_ADDRESSES, Port

from .conftest import Guests, both
from .test_ice import request


@pytest_asyncio.fixture
async def port() -> AsyncIterator[Port]:
    opened = Port("127.0.0.1", 0)
    opened.open()
    yield opened
    opened.close()


def stranger() -> socket.socket:
    ours = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ours.setblocking(False)
    return ours


async def answered(ours: socket.socket) -> bytes:
    return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(ours, 2048), 2)


async def test_a_check_is_answered_and_opens_the_way(port: Port) -> None:
    path = port.new_path()
    with stranger() as ours:
        ours.sendto(request(path), ("127.0.0.1", port.number))
        reply = stun.parse_message(await answered(ours))
        assert reply.attributes["XOR-MAPPED-ADDRESS"][1] == ours.getsockname()[1]
        assert path.address == ("127.0.0.1", ours.getsockname()[1])
        port.forget(path)
        ours.sendto(request(path), ("127.0.0.1", port.number))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(answered(ours), 0.1)
    assert not port._by_address
    assert not port._by_ufrag


async def test_a_client_that_moves_is_followed_and_its_past_is_forgotten(port: Port) -> None:
    path = port.new_path()
    for _ in range(3 * MOST_ADDRESSES):
        with stranger() as ours:
            message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
            message.attributes["USERNAME"] = path.ufrag + ":client"
            message.attributes["USE-CANDIDATE"] = None
            message.add_message_integrity(path.password.encode())
            ours.sendto(bytes(message), ("127.0.0.1", port.number))
            await answered(ours)
            assert path.address[1] == ours.getsockname()[1]
    assert len(port._by_address) == MOST_ADDRESSES


async def test_strangers_cost_nothing_that_lasts(port: Port) -> None:
    path, dice = port.new_path(), random.Random(7)
    kinds = [0, 1, 19, 20, 22, 63, 64, 127, 128, 200, 255]
    with stranger() as ours:
        for at in range(600):
            body = dice.randbytes(dice.choice([0, 1, 19, 40, 200, 1500, 2047, 2048, 4000]))
            ours.sendto(bytes([kinds[at % len(kinds)]]) + body, ("127.0.0.1", port.number))
            if at % 50 == 0:
                ours.sendto(b"", ("127.0.0.1", port.number))
                ours.sendto(request(path, "wrong"), ("127.0.0.1", port.number))
                await asyncio.sleep(0)
        await asyncio.sleep(0.1)
    assert port.dropped > 300
    assert not port._by_address
    assert not path.known.is_set()


async def test_a_call_goes_on_while_the_port_is_flooded_and_packets_are_forged(
    guests: Guests,
) -> None:
    anna = await guests.come("anna", "visitor")
    ben = await guests.come("ben", "inmate")
    for guest in (anna, ben):
        await guest.until(both(5))
    room = await guests.house.worker.room("s1")
    known = room.peers["anna"].media.path.address
    port, dice = guests.house.worker.port, random.Random(3)
    before = ben.counts.kinds["audio"]
    with stranger() as ours:
        for _ in range(300):
            ours.sendto(b"\x90" + dice.randbytes(80), ("127.0.0.1", port.number))
    liars = anna_sends_nonsense(anna, dice, ("127.0.0.1", port.number))
    await ben.until(lambda g: g.counts.kinds["audio"] > before + 25)
    assert room.peers["anna"].media.path.address == known
    assert room.peers["anna"].media.failed >= liars // 2
    assert len(room.peers["anna"].media._control_ssrcs) <= 32
    assert not +ben.counts.lost


def anna_sends_nonsense(anna: Participant, dice: random.Random, to: tuple[str, int]) -> int:
    """Datagrams from a known address that no key signed; how many."""
    assert anna._uplink is not None
    heads = [b"\x80\x60", b"\x90\x6f", b"\xbf\xe0", b"\x80\xc8", b"\x81\xcd", b"\xff\xff"]
    for at in range(300):
        body = dice.randbytes(dice.choice([0, 4, 9, 10, 30, 1200]))
        anna._uplink.socket.sendto(heads[at % len(heads)] + body, to)
    return 300
