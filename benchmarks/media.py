"""What forwarding a packet costs: server CPU per forwarded 1,100-byte packet, beside the floor.

The worker runs in a process of its own and its CPU time is read from the inside; senders and
receivers are participants in this process, over loopback. A few seconds a workload.
Run: python benchmarks/media.py
"""

# ruff: noqa: ARG002, D102 - ports are implemented whole, as ports.py documents them
from __future__ import annotations

import asyncio
import json
import os
import platform
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import uvloop
from aiortc.rtcdtlstransport import RTCCertificate
from pylibsrtp import Policy, Session
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from remote_court import clock
from remote_court.demo import offer
from remote_court.demo.uplink import Outgoing, Uplink
from remote_court.tickets import Ticket, mint
from remote_court.video.permissions import Permissions
from remote_court.video.ports import CallState, Figures, Left, Plan, State, Verb
from remote_court.video.signalling import SocketGone
from remote_court.video.worker import Worker

KEY = b"benchmark"
SIZE = 1100
SECONDS = 4.0
BATCH_SECONDS = 0.01
CONTROL = range(192, 224)
GOALS = {1: 8.4, 3: 2.6, 10: 2.5}
"""What the sketch of DESIGN D5 cost by the number of receivers, as a multiple of its floor.

Microseconds say more about the machine and its other guests than about us; ratios do not.
"""


@dataclass(frozen=True)
class Load:
    """Rooms of one sender and so many receivers, at so many packets a second each."""

    rooms: int
    receivers: int
    packets_per_second: int


LOADS = (Load(4, 1, 500), Load(20, 3, 160), Load(2, 10, 600))


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
            permissions=Permissions(frozenset(), frozenset({("receiver", "sender")})),
            slots={"sender": 0, "receiver": 1},
            headcount=100,
        )

    async def arrived(
        self,
        session_id: str,
        person_id: str,
        role: str,
        connection_id: str,
        at: datetime,
        entry: str,
    ) -> CallState:
        return (await self.plan(session_id)).call_state

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

    async def load(self, worker_id: str, load: object) -> bool:
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


async def server() -> None:
    """Serve until standard input ends; each line asks for CPU seconds and packets forwarded."""
    worker = Worker(worker_id="w", court=OpenCourt(), key=KEY)
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
            print(
                json.dumps({"cpu": time.process_time(), "forwarded": worker.forwarded}), flush=True
            )
        await worker.stop()


class Counter(Uplink):
    """A receiver that counts packets and opens none."""

    received = 0

    def _on_media(self, data: bytes) -> None:
        if data[1] not in CONTROL:
            self.received += 1


async def enter(stack: AsyncExitStack, url: str, session: str, person: str, role: str) -> Counter:
    """Join a call with a bare connection: no melody, no drawing."""
    certificate = RTCCertificate.generateCertificate()
    wish = offer.Offer(
        certificate.getFingerprints(),
        pairs=0 if role == "sender" else 1,
        microphone=False,
        camera=role == "sender",
    )
    ticket = Ticket.for_entry(
        session_id=session,
        person_id=person,
        role=role,
        name="",
        label="",
        audience="w",
        now=clock.now(),
    )
    wire = await stack.enter_async_context(connect(url, max_queue=None, ping_interval=None))
    await wire.send(json.dumps({"type": "join", "ticket": mint(ticket, KEY), "sdp": wish.text()}))
    joined = json.loads(await wire.recv())
    up = Counter(wish, certificate, on_packet=lambda _: None, on_control=lambda _: None)
    stack.push_async_callback(up.close)
    await up.connect(joined["sdp"])
    up.stream = Outgoing(wish.video_ssrc, offer.VIDEO)  # type: ignore[attr-defined]
    return up


async def send(up: Counter, per_second: int, seconds: float) -> int:
    """Send packets at an even pace, each the start of a key frame; how many were sent."""
    payload = b"\x10\x00" + os.urandom(SIZE - 14)
    began, sent, stream = time.monotonic(), 0, up.stream  # type: ignore[attr-defined]
    while (now := time.monotonic() - began) < seconds:
        while sent < now * per_second:
            stream.timestamp = sent * 90
            up.send(stream, payload, marker=sent % 4 == 0)
            sent += 1
        await asyncio.sleep(BATCH_SECONDS)
    return sent


async def workload(url: str, load: Load, ask: Any) -> dict[str, Any]:
    """Run one workload; the cost per forwarded packet, and how much came through."""
    async with AsyncExitStack() as stack:
        senders, receivers = [], []
        for room in range(load.rooms):
            session = f"{load.receivers}-{room}"
            receivers += [
                await enter(stack, url, session, f"r{at}", "receiver")
                for at in range(load.receivers)
            ]
            senders.append(await enter(stack, url, session, "s", "sender"))
        await asyncio.gather(*(send(up, load.packets_per_second, 0.7) for up in senders))
        for up in receivers:
            up.received = 0
        before = await ask()
        sent = sum(
            await asyncio.gather(*(send(up, load.packets_per_second, SECONDS) for up in senders))
        )
        await asyncio.sleep(0.2)
        after = await ask()
    forwarded = after["forwarded"] - before["forwarded"]
    return {
        "work": f"{load.rooms} rooms x 1 -> {load.receivers}, {load.packets_per_second}/s",
        "receivers": load.receivers,
        "forwarded_per_second": round(forwarded / SECONDS),
        "cpu_us_per_forwarded": round((after["cpu"] - before["cpu"]) / forwarded * 1e6, 2),
        "delivered_ratio": round(sum(up.received for up in receivers) / (sent * load.receivers), 4),
    }


def floor_us(packets: int = 20_000) -> dict[str, float]:
    """The least that a packet costs from Python: pylibsrtp's protect and one sendto."""
    policy = Policy(
        key=bytes(44),
        ssrc_type=Policy.SSRC_ANY_OUTBOUND,
        srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_256_GCM,
    )
    session = Session(policy)
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as theirs,
    ):
        theirs.bind(("127.0.0.1", 0))
        address, body = theirs.getsockname(), os.urandom(SIZE - 12)
        began = time.process_time()
        sealed = b""
        for at in range(packets):
            head = b"\x80\x60" + (at & 0xFFFF).to_bytes(2) + bytes(8)
            sealed = session.protect(head + body)
        protect = (time.process_time() - began) / packets
        began = time.process_time()
        for _ in range(packets):
            ours.sendto(sealed, address)
        sendto = (time.process_time() - began) / packets
    return {"protect_us": round(protect * 1e6, 2), "sendto_us": round(sendto * 1e6, 2)}


async def results() -> list[dict[str, Any]]:
    """Every workload against one server process, then the floor."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        __file__,
        "serve",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    pipe_in, pipe_out = process.stdin, process.stdout

    async def ask() -> Any:
        pipe_in.write(b"?\n")
        return json.loads(await pipe_out.readline())

    try:
        url = f"ws://127.0.0.1:{int(await pipe_out.readline())}/"
        found = [await workload(url, load, ask) for load in LOADS]
    finally:
        pipe_in.close()
        await process.wait()
    return [*found, {"work": "floor", **floor_us()}]


def targets(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The promise: no dearer than the sketch, measured against the floor of the same run."""
    floor = next(one["protect_us"] + one["sendto_us"] for one in found if one["work"] == "floor")
    return [
        {
            "name": f"server CPU per forwarded packet at 1->{one['receivers']}, times the floor",
            "goal": f"<= {GOALS[one['receivers']]}",
            "value": round(one["cpu_us_per_forwarded"] / floor, 2),
            "met": one["cpu_us_per_forwarded"] / floor <= GOALS[one["receivers"]],
        }
        for one in found
        if "receivers" in one
    ]


def machine() -> dict[str, Any]:
    """Where this was measured."""
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
    }


def main() -> None:
    """Print every figure, and last one JSON object."""
    if sys.argv[1:] == ["serve"]:
        uvloop.run(server())
        return
    found = uvloop.run(results())
    for one in found:
        print(one)
    report = {"benchmark": "media", "machine": machine(), "results": found}
    print(json.dumps({**report, "targets": targets(found)}))


if __name__ == "__main__":
    main()
