"""What forwarding a packet costs: our worker beside Janus' VideoRoom, and beside the limit.

Both serve the same callers one after the other, in turns, in one network namespace that this
script makes for itself (Janus offers no loopback address), everything of ours switched on. CPU
is what the system charges each process. Run as root: python benchmarks/media_forwarding.py
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import _alone
import _janus
import _worker
import uvloop
from _alone import ADDRESS
from _callers import FRAMES, Caller, film, reporting, speak
from _process import cpu_seconds
from _report import target, write
from pylibsrtp import Policy, Session

WARM_UP, SECONDS, SETTLE = 1.0, 5.0, 0.3
TURNS = 3
SIZE = 1100


@dataclass(frozen=True)
class Load:
    """So many rooms, alike; ``goal`` is the promised share of Janus' cost."""

    name: str
    goal: float
    rooms: int
    senders: int
    receivers: int
    film: int
    sound: int = 0
    pictures: int = FRAMES
    in_step: bool = False


LOADS = (
    Load("forward_20x1to3_vs_janus", 0.35, 20, 1, 3, 160),
    Load("forward_4x1to5_vs_janus", 0.38, 4, 1, 5, 200),
    Load("forward_2x1to10_vs_janus", 0.42, 2, 1, 10, 600),
    Load("forward_20x2_vs_janus", 0.55, 20, 2, 1, 110, 50),
)
IN_STEP = tuple(
    replace(load, name=load.name.replace("_vs", "_in_step_vs"), pictures=100, in_step=True)
    for load in LOADS
)
"""The same with all senders in step, a hundred small bursts a second: many packets a wake-up.

No promise is made of it; it shows how much of the cost is the waking up.
"""

LIMIT, DELIVERY = 2.8, 0.9999


@dataclass
class Cast:
    """Who was brought into the rooms of one workload."""

    senders: list[Caller] = field(default_factory=list)
    receivers: list[Caller] = field(default_factory=list)

    @property
    def all(self) -> list[Caller]:
        """Everybody, once."""
        return list(dict.fromkeys([*self.senders, *self.receivers]))


async def with_us(load: Load, ours: _worker.Ours) -> Cast:
    """Bring everybody into our rooms."""
    cast = Cast()
    for room in range(load.rooms):
        session = f"{load.name}-{room}"
        if load.senders == 1:
            for at in range(load.receivers):
                person = await ours.enter(session, f"r{at}", "receiver", pairs=1)
                cast.receivers.append(person)
            sender = await ours.enter(session, "s", "sender", "video", pairs=0)
            cast.senders.append(sender)
        else:
            for at in range(2):
                both = await ours.enter(session, f"p{at}", "person", "audio", "video", pairs=1)
                cast.senders.append(both)
                cast.receivers.append(both)
    return cast


async def with_janus(load: Load, janus: _janus.Janus) -> Cast:
    """Bring everybody into Janus' rooms."""
    cast = Cast()
    for room in range(1, load.rooms + 1):
        await janus.room(room)
        sends = ("video",) if load.senders == 1 else ("audio", "video")
        feeds = []
        for _ in range(load.senders):
            sender, feed = await janus.publish(room, *sends)
            cast.senders.append(sender)
            feeds.append(feed)
        for feed in feeds:
            cast.receivers += [await janus.watch(room, feed) for _ in range(load.receivers)]
    return cast


async def talk(load: Load, cast: Cast, seconds: float) -> int:
    """Let every sender send; returns how many packets went."""
    works = []
    for at, sender in enumerate(cast.senders):
        phase = 0.0 if load.in_step else at / len(cast.senders)
        works.append(film(sender, load.film, seconds, phase, load.pictures))
        if load.sound:
            works.append(speak(sender, load.sound, seconds, phase))
    return sum(await asyncio.gather(*works))


async def measure(load: Load, cast: Cast, pid: int) -> dict[str, Any]:
    """Run one workload against a server that everybody is connected to."""
    reports = asyncio.create_task(reporting(cast.all))
    await talk(load, cast, WARM_UP)
    await asyncio.sleep(SETTLE)
    for caller in cast.receivers:
        caller.received = 0
    before = cpu_seconds(pid)
    sent = await talk(load, cast, SECONDS)
    await asyncio.sleep(SETTLE)
    spent = cpu_seconds(pid) - before
    reports.cancel()
    received = sum(caller.received for caller in cast.receivers)
    return {
        "cpu_us": spent / (sent * load.receivers) * 1e6,
        "delivery": received / (sent * load.receivers),
        "forwarded_per_second": round(sent * load.receivers / SECONDS),
    }


async def us(load: Load, address: str = ADDRESS) -> dict[str, Any]:
    """Our worker's turn."""
    async with _worker.running(address) as ours, AsyncExitStack() as stack:
        cast = await with_us(load, ours)
        for caller in cast.all:
            stack.push_async_callback(caller.close)
        return await measure(load, cast, ours.pid)


async def them(load: Load) -> dict[str, Any]:
    """Janus' turn."""
    async with _janus.running(ADDRESS) as janus, AsyncExitStack() as stack:
        cast = await with_janus(load, janus)
        for caller in cast.all:
            stack.push_async_callback(caller.close)
        return await measure(load, cast, janus.pid)


def limit_us(address: str = ADDRESS, packets: int = 30_000) -> dict[str, float]:
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
        theirs.bind((address, 0))
        to, body = theirs.getsockname(), os.urandom(SIZE - 12)
        began = time.process_time()
        sealed = b""
        for at in range(packets):
            head = b"\x80\x60" + (at & 0xFFFF).to_bytes(2) + bytes(8)
            sealed = session.protect(head + body)
        protect = (time.process_time() - began) / packets
        began = time.process_time()
        for _ in range(packets):
            ours.sendto(sealed, to)
        send = (time.process_time() - began) / packets
    return {"protect_us": round(protect * 1e6, 2), "sendto_us": round(send * 1e6, 2)}


async def turns(load: Load, times: int = TURNS) -> dict[str, Any]:
    """Both in turns; medians, since the machine is noisy."""
    ours, theirs, limits = [], [], []
    for _ in range(times):
        ours.append(await us(load))
        theirs.append(await them(load))
        limits.append(sum(limit_us().values()))
    cost, janus, limit = (
        statistics.median(one["cpu_us"] for one in ours),
        statistics.median(one["cpu_us"] for one in theirs),
        statistics.median(limits),
    )
    return {
        "work": load.name,
        "forwarded_per_second": ours[0]["forwarded_per_second"],
        "cpu_us_per_forwarded": round(cost, 2),
        "janus_us_per_forwarded": round(janus, 2),
        "ratio": round(cost / janus, 3),
        "limit_us": round(limit, 2),
        "times_limit": round(cost / limit, 2),
        "delivery": round(min(one["delivery"] for one in ours), 6),
        "janus_delivery": round(min(one["delivery"] for one in theirs), 6),
        "each_us": [round(one["cpu_us"], 2) for one in ours],
        "janus_each_us": [round(one["cpu_us"], 2) for one in theirs],
    }


def promises(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The targets, by the names under which they were promised."""
    kept = [
        target(load.name, f"<= {load.goal}", one["ratio"], met=one["ratio"] <= load.goal)
        for load, one in zip(LOADS, found, strict=False)
    ]
    ten = next(one for one in found if "1to10" in one["work"])["times_limit"]
    delivery = min(one["delivery"] for one in found)
    return [
        *kept,
        target("forward_1to10_vs_limit", f"<= {LIMIT}", ten, met=ten <= LIMIT),
        target("delivery", f">= {DELIVERY}", delivery, met=delivery >= DELIVERY),
    ]


async def results() -> list[dict[str, Any]]:
    """Every workload."""
    found = []
    for load, times in (*((load, TURNS) for load in LOADS), *((load, 1) for load in IN_STEP)):
        found.append(await turns(load, times))
        print(found[-1], flush=True)
    return found


def main() -> None:
    if why := _janus.install():
        print(json.dumps({"benchmark": "media_forwarding", "skipped": why}))
        return
    _alone.enter("media_forwarding")
    found = uvloop.run(results())
    write("media_forwarding", found, promises(found))


if __name__ == "__main__":
    main()
