"""A media worker: one port, its rooms, its figures; one to a process."""

from __future__ import annotations

import asyncio
import gc
import itertools
import logging
import secrets
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from aioice.ice import get_host_addresses
from aiortc.rtcdtlstransport import RTCCertificate

from remote_court import clock, tickets
from remote_court.recording.recorder import Recorder
from remote_court.tickets import Purpose, Ticket
from remote_court.video.ice import Path
from remote_court.video.lobby import Lobby
from remote_court.video.meters import METERS, Tally
from remote_court.video.pace import Pace
from remote_court.video.peer import Peer
from remote_court.video.port import Port
from remote_court.video.ports import CallState, Court, Left, Load
from remote_court.video.refusals import CallClosed
from remote_court.video.resource import Resource
from remote_court.video.room import Room
from remote_court.video.sdp import Local
from remote_court.video.signalling import Conversation, Socket
from remote_court.video.spent import Spent
from remote_court.video.turn import Turn

LISTEN_EVERY = 0.2
LOAD_EVERY = 2.0
SECOND_BEATS = 5
GOING_AWAY = 1001
EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared with, and bound only where the operator says so
CERTIFICATE_LASTS = timedelta(days=7)
ANEW_AFTER = 1.0
LOG = logging.getLogger(__name__)
Clockwork = Callable[[], Coroutine[Any, Any, None]]


class Worker:
    """Serves calls: ``start`` it, hand it sockets with ``serve``, tell it news with ``apply``.

    ``addresses`` are announced to clients; without them, all of this host that the port
    listens on. ``resources`` are the clients without a socket, by their id.
    """

    def __init__(
        self,
        *,
        worker_id: str,
        court: Court,
        key: bytes,
        host: str = "127.0.0.1",
        port: int = 0,
        addresses: Sequence[str] = (),
        turn: Turn | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        self.worker_id = worker_id
        self.court = court
        self.key = key
        self.port = Port(host, port)
        self._addresses = tuple(addresses) or announced(host)
        self.turn = turn
        self.resources: dict[str, Resource] = {}
        self._recorder = recorder
        self._rooms: dict[str, Room] = {}
        self._opening: dict[str, asyncio.Task[Room]] = {}
        self._conversations: set[asyncio.Task[None]] = set()
        self._certificate = (RTCCertificate.generateCertificate(), clock.now())
        self._spent = Spent()
        self.lobby, self.tally = Lobby(), Tally()
        self._stopped = False
        self.drained = asyncio.Event()
        """Set once the court lets this worker go."""
        self._pace = Pace()
        self._reporting = asyncio.Lock()
        self._clockwork: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open the port."""
        settle()
        self.port.open()
        METERS.begin(self)
        for work in (self._tick, self._report):
            self._wind(work)

    def _wind(self, work: Clockwork) -> None:
        if not self._stopped:
            task = asyncio.create_task(work())
            self._clockwork.add(task)
            task.add_done_callback(partial(self._rewind, work))

    def _rewind(self, work: Clockwork, task: asyncio.Task[None]) -> None:
        """What moves everything here shall not end unnoticed, nor for good."""
        self._clockwork.discard(task)
        if task.cancelled():
            return
        LOG.critical("the clockwork of a media worker failed", exc_info=task.exception())
        self.tally.falls += 1
        asyncio.get_running_loop().call_later(ANEW_AFTER, self._wind, work)

    async def withdraw(self) -> None:
        """Take nobody new, and report no more."""
        self._stopped = True
        async with self._reporting:
            return

    async def stop(self) -> None:
        """Tell everybody that the server goes away, and go; safe twice."""
        await self.withdraw()
        for room in tuple(self._rooms.values()):
            room.close("shutdown", left=Left.SHUTDOWN)
        if self._conversations:
            await asyncio.wait(self._conversations, timeout=3)
        clockwork = tuple(self._clockwork)
        for task in clockwork:
            task.cancel()
        await asyncio.gather(*clockwork, return_exceptions=True)
        METERS.end(self)
        self.port.close()

    async def serve(self, socket: Socket) -> None:
        """Hold one client's conversation; returns when it is over."""
        if self._stopped:
            await socket.close(GOING_AWAY)
            return
        task = asyncio.current_task()
        assert task is not None
        self._conversations.add(task)
        try:
            await Conversation(self, socket).run()
        finally:
            self._conversations.discard(task)

    def keep(self, task: asyncio.Task[None]) -> None:
        """Let somebody's being here end before the worker does."""
        self._conversations.add(task)
        task.add_done_callback(self._conversations.discard)

    @property
    def stopped(self) -> bool:
        """Whether nobody can come any more."""
        return self._stopped

    def apply(self, session_id: str, call: CallState) -> None:
        """Take the court's word on a call; nothing happens if it is not here."""
        if room := self._rooms.get(session_id):
            room.apply(call)

    def let_go(self, session_id: str) -> None:
        """A call lives on another worker now: send everybody there."""
        if room := self._rooms.get(session_id):
            room.close("moved", left=Left.SHUTDOWN)

    @property
    def load(self) -> Load:
        """How busy this worker is, its pace since the last report included."""
        peers = sum(room.present for room in self._rooms.values())
        return Load(len(self._rooms), peers, self._pace.packets_per_s, self._pace.cpu_share)

    @property
    def forwarded(self) -> int:
        """Packets passed on since the start, by the calls that are still open."""
        peers = (peer for room in self._rooms.values() for peer in room.peers.values())
        return sum(track.forwarded for peer in peers for track in peer.media.tracks)

    @property
    def session_ids(self) -> frozenset[str]:
        """The calls that are open here."""
        return frozenset(self._rooms)

    @property
    def certificate(self) -> RTCCertificate:
        """The certificate of new connections; renewed long before it expires."""
        certificate, since = self._certificate
        if clock.now() - since > CERTIFICATE_LASTS:
            certificate = RTCCertificate.generateCertificate()
            self._certificate = (certificate, clock.now())
        return certificate

    def local(self, path: Path) -> Local:
        """Our side of an answer on this path."""
        return Local(
            ufrag=path.ufrag,
            password=path.password,
            fingerprints=[
                f for f in self.certificate.getFingerprints() if f.algorithm == "sha-256"
            ],
            addresses=[(address, self.port.number) for address in self._addresses],
        )

    def new_ssrc(self) -> int:
        """An SSRC for a slot."""
        return secrets.randbits(31) + 1

    def ice_servers(self, name: str, now: datetime) -> list[dict[str, Any]]:
        """Relays for this client, under a name that tells the relay nothing of the person."""
        return self.turn.servers(name, now) if self.turn else []

    def verify(self, token: str, *, resumes: bool) -> Ticket:
        """Who shows this token; a ticket is used up by it, at once and once.

        Raises:
            TicketForged, TicketExpired, TicketMisdirected, TicketMisused: it is no good here.
            TicketSpent, TooManyEntries: it was used, or nobody can be let in just now.
        """
        now = clock.now()
        purpose = Purpose.RESUME if resumes else Purpose.JOIN
        who = tickets.verify(token, self.key, now=now, purpose=purpose, audience=self.worker_id)
        if not resumes:
            self._spent.spend(who, now)
        return who

    def resume_token(self, room: Room, peer: Peer) -> str:
        """The token with which this person may come back."""
        return tickets.mint(peer.who.to_resume(clock.now(), room.tokens_end), self.key)

    async def room(self, session_id: str) -> Room:
        """The room of a call, opened for whoever comes first; raises what the court refuses."""
        if room := self._rooms.get(session_id):
            return room
        opening = self._opening.get(session_id)
        if opening is None:
            opening = asyncio.create_task(self._open(session_id))
            self._opening[session_id] = opening
            opening.add_done_callback(lambda _: self._opening.pop(session_id, None))
        return await asyncio.shield(opening)

    async def _open(self, session_id: str) -> Room:
        plan = await self.court.plan(session_id)
        if plan.state == "closed" or plan.ends_at <= clock.now():
            raise CallClosed(plan.reason)
        room = Room(
            plan,
            on_end_moved=self._renew,
            on_closed=self._forget,
            recorder=self._recorder,
        )
        self._rooms[session_id] = room
        return room

    def _renew(self, room: Room, peer: Peer) -> None:
        peer.tell({"type": "resume", "resume": self.resume_token(room, peer)})

    def _forget(self, room: Room) -> None:
        self._rooms.pop(room.plan.session_id, None)

    def dismiss(self, room: Room, peer: Peer) -> None:
        """A conversation is over: the person leaves, the port forgets the path."""
        room.leave(peer)
        self.tally.end(peer.media)
        self.port.forget(peer.media.path)

    async def _tick(self) -> None:
        for beat in itertools.count(1):
            before = clock.monotonic()
            await asyncio.sleep(LISTEN_EVERY)
            now = clock.monotonic()
            self.tally.lag.add(now - before - LISTEN_EVERY)
            for room in tuple(self._rooms.values()):
                room.listen(now)
                if beat % SECOND_BEATS == 0:
                    room.second(now)

    async def _report(self) -> None:
        while True:
            await self.report()
            await asyncio.sleep(LOAD_EVERY)

    async def report(self) -> None:
        """Tell the court that we live and how busy we are; hear whether we shall go."""
        async with self._reporting:
            if self._stopped:
                return
            self._pace.measure(self.forwarded)
            load = self.load
            if await self.court.load(self.worker_id, load):
                self.drained.set()
            for session_id, room in tuple(self._rooms.items()):
                if growth := room.taping.growth:
                    await self.court.recorded(session_id, growth)


def settle() -> None:
    """Keep the garbage collector off what is there for good.

    Its rounds through every module ever loaded were a twentieth of a forwarding worker's time.
    """
    gc.collect()
    gc.freeze()


def announced(host: str) -> tuple[str, ...]:
    """The addresses a port on this host address can be reached at."""
    if host != EVERYWHERE:
        return (host,)
    return (*get_host_addresses(use_ipv4=True, use_ipv6=False), "127.0.0.1")
