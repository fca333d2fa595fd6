"""Anything may arrive on the port: nothing breaks, nothing grows, and it is counted.

``FUZZ_SECONDS`` says how long the fuzzer looks (`.ci/run`: 60).
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import socket
import time
from dataclasses import replace
from itertools import chain
from typing import Any

import psutil
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pylibsrtp import Error as SrtpError
from pylibsrtp import Policy, Session

from remote_court.video.ice import MOST_WAITING
from remote_court.video.media import MOST_CONTROL_SSRCS
from remote_court.video.peer import Peer
from remote_court.video.port import MOST_ADDRESSES, Port
from remote_court.video.ports import State
from remote_court.video.reception import MOST_MISSING
from remote_court.video.room import Room

from . import hostile
from .conftest import Guests, both
from .court import ROLES, plan
from .test_ice import request
from .test_media import LAYERED, with_keys
from .test_wiring import person
from .wires import session

pytestmark = pytest.mark.alone

FUZZ_SECONDS = float(os.environ.get("FUZZ_SECONDS", "8"))
STEPS = 40
FUZZING = settings(
    max_examples=25,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # to make a failure small takes longer than a test may
    suppress_health_check=list(HealthCheck),
)
NAMES = ("anna", "ben", "carl")
data = st.data()


class Client:
    """Somebody in the room who has keys, and the socket their datagrams come from."""

    def __init__(self, port: Port, peer: Peer) -> None:
        self.peer = peer
        self.media = with_keys(peer.media)
        self.seal: Session = session(Policy.SSRC_ANY_OUTBOUND)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.sent: list[bytes] = []
        self._to = ("127.0.0.1", port.number)
        for leg in self.media.legs:
            leg.session = self.media._outgoing
        self.media.path.on_packet = self.media._on_packet
        self.send(request(self.media.path))

    def send(self, datagram: bytes) -> None:
        self.sent.append(datagram)
        self.socket.sendto(datagram, self._to)


class Attack(RuleBasedStateMachine):
    """A room of three with keys that we know, and everybody else in the world."""

    def __init__(self) -> None:
        super().__init__()
        self.port = Port("127.0.0.1", 0)
        now = plan(state=State.LIVE)
        self.room = Room(now, on_end_moved=lambda *_: None, on_closed=lambda _: None)
        self.clients: dict[str, Client] = {}
        self.stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.now = time.monotonic()
        for name in NAMES:
            self.enter(name)
        self.drain()

    def enter(self, name: str) -> None:
        role = ROLES[NAMES.index(name)]
        peer = person(self.port, name, role, camera=LAYERED if name == "carl" else "")
        self.clients[name] = Client(self.port, peer)
        self.room.enter(peer)
        self.room.rewire()

    def drain(self) -> None:
        while True:
            before = self.port.datagrams
            self.port._readable()
            if self.port.datagrams == before:
                return

    @property
    def ssrcs(self) -> list[int]:
        medias = [client.media for client in self.clients.values()]
        known = chain.from_iterable((*m._by_ssrc, *m._repairs, *m._leg_by_ssrc) for m in medias)
        return [*known, 1]

    @rule(datagram=hostile.RAW)
    def a_stranger_sends(self, datagram: bytes) -> None:
        self.stranger.sendto(datagram, ("127.0.0.1", self.port.number))
        self.drain()

    @rule(name=st.sampled_from(NAMES), datagram=hostile.RAW)
    def somebody_s_address_sends(self, name: str, datagram: bytes) -> None:
        self.clients[name].send(datagram)
        self.drain()

    @rule(name=st.sampled_from(NAMES), wrong=st.booleans(), moved=st.booleans())
    def a_check_comes(self, name: str, wrong: bool, moved: bool) -> None:
        client = self.clients[name]
        check = request(client.media.path, "wrong" if wrong else None)
        if moved:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as elsewhere:
                elsewhere.sendto(check, ("127.0.0.1", self.port.number))
        else:
            client.send(check)
        self.drain()

    @rule(name=st.sampled_from(NAMES), data=data)
    def a_client_lies_in_media(self, name: str, data: st.DataObject) -> None:
        plain = data.draw(hostile.media(self.ssrcs))
        self.sealed(name, plain, self.clients[name].seal.protect)

    @rule(name=st.sampled_from(NAMES), data=data)
    def a_client_lies_in_control(self, name: str, data: st.DataObject) -> None:
        plain = data.draw(hostile.control(self.ssrcs))
        self.sealed(name, plain, self.clients[name].seal.protect_rtcp)

    def sealed(self, name: str, plain: bytes, seal: Any) -> None:
        try:
            datagram = seal(plain)
        except (SrtpError, ValueError):  # no packet, in libsrtp's eyes, or too long for it
            datagram = plain
        self.clients[name].send(datagram)
        self.drain()

    @rule(name=st.sampled_from(NAMES), at=st.integers(0, 200), change=st.integers(0, 255))
    def a_datagram_comes_again_perhaps_changed(self, name: str, at: int, change: int) -> None:
        client = self.clients[name]
        old = bytearray(client.sent[at % len(client.sent)])
        if old:
            old[at % len(old)] ^= change
        client.send(bytes(old))
        self.drain()

    @rule(seconds=st.sampled_from([0.05, 0.7, 1.0, 30.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        for track in tuple(self.port.due):
            if not track.tick(self.now):
                self.port.due.discard(track)
        self.room.listen(self.now)
        self.room.second(self.now)

    @rule(name=st.sampled_from(NAMES))
    def somebody_comes_anew(self, name: str) -> None:
        older = self.clients[name]
        self.enter(name)
        self.room.leave(older.peer)
        self.port.forget(older.peer.media.path)
        older.socket.close()
        self.drain()

    @precondition(lambda self: not self.room.closed)
    @rule(stations=st.dictionaries(st.sampled_from(NAMES), st.sampled_from((*ROLES, "lobby"))))
    def the_court_sends_people_about(self, stations: dict[str, str]) -> None:
        call = self.room.call
        self.room.apply(replace(call, revision=call.revision + 1, stations=stations))

    @invariant()
    def nothing_grows(self) -> None:
        assert len(self.port._by_ufrag) == len(self.port._addresses) == len(NAMES)
        assert len(self.port._by_address) <= MOST_ADDRESSES * len(NAMES)
        assert self.port.outbox.count == 0
        for client in self.clients.values():
            media = client.media
            assert media.path._inbox.qsize() <= MOST_WAITING
            assert len(media._control_ssrcs) <= MOST_CONTROL_SSRCS
            assert len(media._by_ssrc) <= len(media.tracks)
            assert len(media._repairs) <= 2 * len(media.tracks)
            for track in media.tracks:
                assert len(track.reception.missing) <= MOST_MISSING
                assert len(track.everybody()) <= len(media.legs) * len(NAMES)

    def teardown(self) -> None:
        self.room.close("over")
        self.port.close()
        self.stranger.close()
        for client in self.clients.values():
            client.socket.close()


async def test_the_port_and_the_room_behind_it_survive_whatever_comes() -> None:
    end = time.monotonic() + FUZZ_SECONDS
    while time.monotonic() < end:
        run_state_machine_as_test(Attack, settings=FUZZING)


HOSTILE_DATAGRAMS = 200_000
MOST_GROWN_MB = 12
MOST_NEW_OBJECTS = 3000


async def test_two_hundred_thousand_hostile_datagrams_leave_nothing_behind(guests: Guests) -> None:
    anna, ben = await guests.come("anna", "visitor"), await guests.come("ben", "inmate")
    for guest in (anna, ben):
        await guest.until(both(20))
    port = guests.house.worker.port
    room = await guests.house.worker.room("s1")
    target = ("127.0.0.1", port.number)
    assert anna._uplink is not None
    path, dice = room.peers["anna"].media.path, random.Random(11)
    kinds = nonsense(dice, request(path, "wrong"))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        ends = (stranger, anna._uplink.socket)
        await flood(ends, kinds, target, 10_000)
        before, came = burden(), port.datagrams
        await flood(ends, kinds, target, HOSTILE_DATAGRAMS)
        after = burden()
    assert port.datagrams - came > HOSTILE_DATAGRAMS * 0.9
    assert after[0] - before[0] < MOST_GROWN_MB
    assert after[1] - before[1] < MOST_NEW_OBJECTS
    drops = dict(port.drops)
    for reason in ("too_long", "unknown_address", "bad_check", "malformed"):
        assert drops[reason] > 1000, reason
    own = dict(room.peers["anna"].media.drops)
    assert own["unauthentic"] + own["too_many_ssrcs"] > 1000
    heard = ben.counts.kinds["audio"]
    await ben.until(lambda g: g.counts.kinds["audio"] > heard + 25)
    assert room.peers["anna"].left is None


def nonsense(dice: random.Random, check: bytes) -> list[bytes]:
    """Of each kind a few: empty, random, too long, checks, handshakes, media, control."""
    heads = [0, 1, 19, 64, 127, 128, 200, 255]
    made = [b"", bytes(4000), check, check[:40], check + b"\0" * 4]
    made += [bytes([head]) + dice.randbytes(dice.choice([0, 11, 100, 1200])) for head in heads]
    made += [b"\x16\xfe\xfd" + dice.randbytes(dice.choice([0, 10, 300])) for _ in range(4)]
    made += [b"\x16\xfe\xfd" + bytes(8) + b"\x00\x10\x01" + bytes(15)]
    made += [b"\x90\x60" + dice.randbytes(60), b"\x80\x6f" + dice.randbytes(900)]
    made += [b"\x81\xc9\xff\xff" + dice.randbytes(60), b"\x80\xc8\x00\x06" + dice.randbytes(24)]
    return made


async def flood(
    ends: tuple[socket.socket, ...], kinds: list[bytes], to: tuple[str, int], many: int
) -> None:
    for at in range(many):
        ends[at % len(ends)].sendto(kinds[at % len(kinds)], to)
        if at % 50 == 0:
            await asyncio.sleep(0)


def burden() -> tuple[float, int]:
    """Megabytes of memory, and objects that the collector knows."""
    gc.collect()
    return psutil.Process().memory_info().rss / (1 << 20), len(gc.get_objects())
