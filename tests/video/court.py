"""A court of paper: keeps what video tells it, in memory; and a worker behind a real WebSocket."""

# ruff: noqa: ARG002 - a port is implemented whole
from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from typing_extensions import override
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from remote_court import clock
from remote_court.errors import Forbidden, NotFound
from remote_court.recording.recorder import Recorder
from remote_court.tickets import Ticket, TicketRevoked, mint
from remote_court.video.permissions import Permissions
from remote_court.video.ports import (
    CallState,
    Entrant,
    Figures,
    Growth,
    Left,
    Load,
    Plan,
    State,
    Verb,
)
from remote_court.video.signalling import Socket, SocketGone
from remote_court.video.worker import Worker

KEY = b"a key for tests"
ROLES = ("visitor", "inmate", "supervisor")
SEES_ALL = Permissions.all_of(ROLES)
LAWYER = SEES_ALL.without_hearing(("supervisor", "visitor"), ("supervisor", "inmate"))
CONTROLS = frozenset({Verb.PAUSE, Verb.RESUME, Verb.END, Verb.EXTEND, Verb.MUTE})


def plan(session_id: str = "s1", **changes: Any) -> Plan:
    """A family's visit that goes on for an hour."""
    now = clock.now()
    usual = Plan(
        session_id=session_id,
        kind="family",
        state=State.WAITING,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        grace=timedelta(minutes=5),
        permissions=SEES_ALL,
        slots=dict.fromkeys(ROLES, 3),
        headcount=5,
        verbs={"supervisor": CONTROLS, "visitor": frozenset({Verb.HELP})},
    )
    return replace(usual, **changes)


@dataclass
class PaperCourt:
    """Opens a call when a visitor and an inmate are both in; supervisors may do anything."""

    plans: dict[str, Plan] = field(default_factory=dict)
    calls: dict[str, CallState] = field(default_factory=dict)
    roles: dict[str, set[str]] = field(default_factory=dict)
    arrivals: list[tuple[str, str, str]] = field(default_factory=list)
    departures: list[tuple[str, str, Left]] = field(default_factory=list)
    figures: list[Figures] = field(default_factory=list)
    growths: list[tuple[str, Growth]] = field(default_factory=list)
    asked_for: list[tuple[str, Verb, Mapping[str, str | int]]] = field(default_factory=list)
    loads: list[tuple[str, int, int]] = field(default_factory=list)
    draining: bool = False
    worker: Worker | None = None

    def add(self, plan: Plan) -> None:
        self.plans[plan.session_id] = plan
        self.calls[plan.session_id] = plan.call_state

    async def plan(self, session_id: str) -> Plan:
        if session_id not in self.plans:
            raise NotFound
        return self.plans[session_id]

    async def arrived(self, who: Entrant) -> CallState:
        session_id = who.session_id
        if who.entry in self.calls[session_id].withdrawn:
            raise TicketRevoked
        self.arrivals.append((session_id, who.person_id, who.connection_id))
        here = self.roles.setdefault(session_id, set())
        here.add(who.role)
        if {"visitor", "inmate"} <= here and self.calls[session_id].state is State.WAITING:
            self.change(session_id, state=State.LIVE)
        return self.calls[session_id]

    async def left(
        self, session_id: str, person_id: str, connection_id: str, at: datetime, reason: Left
    ) -> None:
        self.departures.append((person_id, connection_id, reason))

    async def asked(
        self,
        session_id: str,
        person_id: str,
        role: str,
        verb: Verb,
        args: Mapping[str, str | int],
    ) -> CallState | None:
        self.asked_for.append((person_id, verb, args))
        if verb is Verb.HELP:
            return None
        if role != "supervisor":
            raise Forbidden
        call = self.calls[session_id]
        match verb:
            case Verb.PAUSE:
                self.change(session_id, state=State.PAUSED, reason=str(args["reason"]))
            case Verb.RESUME:
                self.change(session_id, state=State.LIVE, reason="")
            case Verb.END:
                self.change(session_id, state=State.CLOSED, reason=str(args["reason"]))
            case Verb.EXTEND:
                later = call.ends_at + timedelta(minutes=int(args["minutes"]))
                self.change(session_id, ends_at=later)
        return self.calls[session_id]

    async def statistics(self, session_id: str, person_id: str, figures: Figures) -> None:
        self.figures.append(figures)

    async def recorded(self, session_id: str, growth: Growth) -> None:
        self.growths.append((session_id, growth))

    async def load(self, worker_id: str, load: Load) -> bool:
        self.loads.append((worker_id, load.rooms, load.peers))
        return self.draining and not load.peers

    def withdraw(self, session_id: str, entry: str) -> None:
        """Void an entry."""
        self.change(session_id, withdrawn=self.calls[session_id].withdrawn | {entry})

    def change(self, session_id: str, **changes: Any) -> None:
        """Say something new of a call, to the room as well."""
        call = self.calls[session_id]
        self.calls[session_id] = replace(call, revision=call.revision + 1, **changes)
        if self.worker is not None:
            self.worker.apply(session_id, self.calls[session_id])


class WebSocket(Socket):
    """A socket of the ``websockets`` library, as signalling wants it."""

    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection

    @override
    async def receive(self) -> str:
        try:
            message = await self._connection.recv()
        except ConnectionClosed as error:
            raise SocketGone from error
        return message if isinstance(message, str) else ""

    @override
    async def send(self, text: str) -> None:
        try:
            await self._connection.send(text)
        except ConnectionClosed as error:
            raise SocketGone from error

    @override
    async def close(self, code: int) -> None:
        await self._connection.close(code)


@dataclass
class House:
    """A worker and its court, at a URL."""

    court: PaperCourt
    worker: Worker
    url: str

    def ticket(self, person_id: str, role: str, session_id: str = "s1", **changes: Any) -> str:
        """A ticket as the app would give it."""
        ticket = Ticket.for_entry(
            session_id=session_id,
            person_id=person_id,
            role=role,
            name=person_id.title(),
            label=role,
            audience=self.worker.worker_id,
            now=clock.now(),
            entry=f"{person_id}'s",
        )
        return mint(replace(ticket, **changes), KEY)


@asynccontextmanager
async def house(*plans: Plan, recorder: Recorder | None = None) -> AsyncIterator[House]:
    """A worker on loopback, with its WebSocket."""
    court = PaperCourt()
    for each in plans or (plan(),):
        court.add(each)
    worker = Worker(worker_id="w1", court=court, key=KEY, recorder=recorder)
    court.worker = worker
    await worker.start()

    async def hold(connection: ServerConnection) -> None:
        await worker.serve(WebSocket(connection))

    try:
        async with serve(hold, "127.0.0.1", 0, max_size=1 << 20, close_timeout=0.3) as server:
            port = server.sockets[0].getsockname()[1]
            yield House(court, worker, f"ws://127.0.0.1:{port}/")
            await worker.stop()
    finally:
        if worker.port.socket.fileno() >= 0:
            worker.port.close()
