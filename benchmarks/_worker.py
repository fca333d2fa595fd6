"""A media worker in a process of its own, whose court lets everybody in; and a way to ask it.

The court's part is as short as can be; everything of the worker is on: rings, reports,
statistics, permissions.
"""

# ruff: noqa: ARG002 - ports are implemented whole, as ports.py documents them
from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import uvloop
from _callers import Caller, fingerprinted
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from remote_court import clock
from remote_court.tickets import Ticket, mint
from remote_court.video.permissions import Permissions
from remote_court.video.ports import CallState, Entrant, Figures, Left, Load, Plan, State, Verb
from remote_court.video.signalling import SocketGone
from remote_court.video.worker import Worker

KEY = b"benchmark"
ROLES = ("sender", "receiver", "person")
SEEN = frozenset({("receiver", "sender"), ("person", "person")})


class OpenCourt:
    """Every call is open, for everybody."""

    async def plan(self, session_id: str) -> Plan:
        now = clock.now()
        return Plan(
            session_id=session_id,
            kind="benchmark",
            state=State.LIVE,
            starts_at=now,
            ends_at=now + timedelta(hours=1),
            grace=timedelta(),
            permissions=Permissions(SEEN, SEEN),
            slots={"sender": 0, "receiver": 1, "person": 3},
            headcount=100,
        )

    async def arrived(self, who: Entrant) -> CallState:
        return (await self.plan(who.session_id)).call_state

    async def left(
        self, session_id: str, person_id: str, connection_id: str, at: datetime, reason: Left
    ) -> None:
        return

    async def asked(
        self, session_id: str, person_id: str, role: str, verb: Verb, args: Mapping[str, str | int]
    ) -> CallState | None:
        return None

    async def statistics(self, session_id: str, person_id: str, figures: Figures) -> None:
        return

    async def load(self, worker_id: str, load: Load) -> bool:
        return False


class Wire:
    """A server-side WebSocket as signalling wants it."""

    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection

    async def receive(self) -> str:
        try:
            return str(await self._connection.recv())
        except ConnectionClosed as error:
            raise SocketGone from error

    async def send(self, text: str) -> None:
        try:
            await self._connection.send(text)
        except ConnectionClosed as error:
            raise SocketGone from error

    async def close(self, code: int) -> None:
        await self._connection.close(code)


async def carry(host: str) -> None:
    """Serve until standard input ends; each line asks how many packets were forwarded."""
    worker = Worker(worker_id="w", court=OpenCourt(), key=KEY, host=host)
    await worker.start()

    async def hold(connection: ServerConnection) -> None:
        await worker.serve(Wire(connection))

    async with serve(hold, "127.0.0.1", 0) as listener:
        print(listener.sockets[0].getsockname()[1], flush=True)
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
        )
        while await reader.readline():
            print(json.dumps({"forwarded": worker.forwarded}), flush=True)
        await worker.stop()


class Ours:
    """A running worker, and its callers."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process = process
        self._url = f"ws://127.0.0.1:{port}/"
        self.pid = process.pid
        self.stack = AsyncExitStack()

    async def forwarded(self) -> int:
        """Packets passed on since the start."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"?\n")
        return int(json.loads(await self._process.stdout.readline())["forwarded"])

    async def enter(
        self,
        session: str,
        person: str,
        role: str,
        *sends: str,
        pairs: int,
        made: type[Caller] = Caller,
        changed: Callable[[str], str] = str,
    ) -> Caller:
        """Join a call, as a caller of this make, with an offer changed by this."""
        offer, certificate = fingerprinted(pairs=pairs, sends=sends)
        ticket = Ticket.for_entry(
            session_id=session,
            person_id=person,
            role=role,
            name="",
            label="",
            audience="w",
            now=clock.now(),
        )
        wire = await self.stack.enter_async_context(
            connect(self._url, max_queue=None, ping_interval=None)
        )
        joining = {"type": "join", "ticket": mint(ticket, KEY), "sdp": changed(offer.text())}
        await wire.send(json.dumps(joining))
        joined = json.loads(await wire.recv())
        caller = made(offer, certificate)
        talk = asyncio.create_task(chat(wire))
        self.stack.callback(talk.cancel)
        await asyncio.wait_for(caller.connect(joined["sdp"]), 10)
        return caller


async def chat(wire: ClientConnection) -> None:
    """Be a client as ours are: a word every two seconds, figures every five."""
    figures: dict[str, Any] = {"type": "stats", "rtt_ms": 1, "loss_ratio": 0, "jitter_ms": 1}
    listening = asyncio.create_task(drink(wire))
    try:
        for beat in range(1, 100_000):
            await asyncio.sleep(2)
            await wire.send(json.dumps(figures if beat % 3 == 0 else {"type": "ping", "n": beat}))
    except ConnectionClosed:
        return
    finally:
        listening.cancel()


async def drink(wire: ClientConnection) -> None:
    """Read what is said, to no end."""
    async for _ in wire:
        pass


@asynccontextmanager
async def running(host: str) -> AsyncIterator[Ours]:
    """A worker on an address of this machine, for as long as the context lasts."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        __file__,
        host,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    ours = Ours(process, int(await process.stdout.readline()))
    try:
        yield ours
    finally:
        await ours.stack.aclose()
        process.stdin.close()
        await process.wait()


if __name__ == "__main__":
    uvloop.run(carry(sys.argv[1]))
