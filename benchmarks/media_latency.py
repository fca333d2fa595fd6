"""What a worker adds in time and memory: delay below saturation, joins, first pictures, idle peers.

In a network namespace of its own, as root. Run: python benchmarks/media_latency.py
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import _alone
import _join
import _worker
import uvloop
from _alone import ADDRESS
from _callers import film, reporting
from _process import cpu_seconds, resident_bytes
from _report import percentile, target, write
from _sampled import ONE_IN, Echo, Sampled, echoing
from _stage import country, served

from remote_court.config import Settings
from remote_court.db import Database

Result = dict[str, Any]
RECEIVERS = 3
RATE = 400
"""Packets a second of each sender, 13 to a picture: 3.5 Mbit/s."""

STEP, MOST_ROOMS = 16, 160
SECONDS, SETTLE, TURNS = 4.0, 0.3, 3
BUSY = 0.6
"""The share of a core at which the promise is made."""

WORST_MS = 5.0
PEERS = 100
IDLE_SECONDS = 6.0
JOINS = 60


@dataclass
class Crowd:
    """Rooms of one sender and three receivers on a worker, of which there may be more and more."""

    ours: _worker.Ours
    stack: AsyncExitStack
    rooms: list[tuple[Sampled, list[Sampled]]] = field(default_factory=list)

    async def grow(self, rooms: int) -> None:
        """Open rooms until there are so many; a second's talk shows which number is which."""
        new = []
        for room in range(len(self.rooms), rooms):
            people = [await self.enter(room, f"r{at}", "receiver") for at in range(RECEIVERS)]
            new.append((await self.enter(room, "s", "sender", "video"), people))
        await self.talk(new, 1.0)
        for sender, people in new:
            for person in people:
                person.follow(sender)
        self.rooms += new

    async def enter(self, room: int, name: str, role: str, *sends: str) -> Sampled:
        """One more person."""
        pairs = 1 if role == "receiver" else 0
        caller = await self.ours.enter(
            f"delay-{room}", name, role, *sends, pairs=pairs, made=Sampled
        )
        self.stack.push_async_callback(caller.close)
        assert isinstance(caller, Sampled)
        return caller

    async def talk(self, rooms: Sequence[tuple[Sampled, list[Sampled]]], seconds: float) -> int:
        """Let the senders of some rooms send; returns how many packets went."""
        works = (
            film(sender, RATE, seconds, at / len(rooms)) for at, (sender, _) in enumerate(rooms)
        )
        sent = sum(await asyncio.gather(*works))
        await asyncio.sleep(SETTLE)
        return sent

    async def turn(self, echo: Echo) -> Result:
        """Let all send for a while, and see how long packets took."""
        everybody = [one for sender, people in self.rooms for one in (sender, *people)]
        for one in everybody:
            one.went.clear()
            one.came.clear()
        reports = asyncio.create_task(reporting(everybody))
        before, own = cpu_seconds(self.ours.pid), time.process_time()
        sent, probes = await asyncio.gather(self.talk(self.rooms, SECONDS), echo.ask(SECONDS))
        spent, own = cpu_seconds(self.ours.pid) - before, time.process_time() - own
        reports.cancel()
        took = [d for sender, people in self.rooms for one in people for d in one.delays(sender)]
        due = sent * RECEIVERS / ONE_IN
        return {
            "forwarded_per_second": round(sent * RECEIVERS / SECONDS),
            "core_share": round(spent / SECONDS, 3),
            "generator_core_share": round(own / SECONDS, 3),
            "sampled_of_due": round(len(took) / due, 3),
            "p50_ms": round(percentile(took, 0.5) * 1000, 3),
            "p99_ms": round(percentile(took, 0.99) * 1000, 3),
            "echo_p50_ms": round(percentile(probes, 0.5) * 1000, 3),
            "echo_p99_ms": round(percentile(probes, 0.99) * 1000, 3),
        }


async def added_delay() -> list[Result]:
    """Delay through the worker at a growing load, until it takes the promised share of a core.

    Each figure is the median of three turns. Beside it stands what a program takes that only
    sends packets back, asked in the same seconds: nobody could be quicker on this machine.
    """
    found: list[Result] = []
    async with (
        _worker.running(ADDRESS) as ours,
        echoing() as echo,
        AsyncExitStack() as stack,
    ):
        crowd = Crowd(ours, stack)
        while not found or found[-1]["core_share"] < BUSY:
            await crowd.grow(len(crowd.rooms) + STEP)
            turns = [await crowd.turn(echo) for _ in range(TURNS)]
            medians = {name: statistics.median(turn[name] for turn in turns) for name in turns[0]}
            found.append({"work": "added delay", "rooms": len(crowd.rooms), **medians})
            print(found[-1], flush=True)
            if len(crowd.rooms) >= MOST_ROOMS:
                break
    return found


async def joins() -> Result:
    """Bare clients joining one after another: signalling, ICE, DTLS; nothing is drawn."""
    async with _worker.running(ADDRESS) as ours, AsyncExitStack() as stack:
        before, began = cpu_seconds(ours.pid), time.monotonic()
        took = []
        for at in range(JOINS):
            entered = time.monotonic()
            caller = await ours.enter(f"j{at // 4}", f"p{at % 4}", "person", "video", pairs=3)
            took.append(time.monotonic() - entered)
            stack.push_async_callback(caller.close)
        seconds = time.monotonic() - began
        spent = cpu_seconds(ours.pid) - before
    return {
        "work": "joins",
        "per_second": round(JOINS / seconds, 1),
        "server_cpu_ms_each": round(spent / JOINS * 1000, 2),
        "per_core_second": round(JOINS / spent, 1),
        "p50_ms": round(percentile(took, 0.5) * 1000, 1),
        "p99_ms": round(percentile(took, 0.99) * 1000, 1),
    }


async def idle() -> Result:
    """A hundred people who are connected and send nothing."""
    async with _worker.running(ADDRESS) as ours, AsyncExitStack() as stack:
        await asyncio.sleep(1.0)
        alone, empty = resident_bytes(ours.pid), cpu_seconds(ours.pid)
        await asyncio.sleep(IDLE_SECONDS)
        base = (cpu_seconds(ours.pid) - empty) / IDLE_SECONDS
        for at in range(PEERS):
            caller = await ours.enter(f"i{at // 4}", f"p{at % 4}", "person", pairs=3)
            stack.push_async_callback(caller.close)
        await asyncio.sleep(1.0)
        full, before = resident_bytes(ours.pid), cpu_seconds(ours.pid)
        await asyncio.sleep(IDLE_SECONDS)
        spent = (cpu_seconds(ours.pid) - before) / IDLE_SECONDS
    return {
        "work": f"{PEERS} idle peers",
        "core_share_empty": round(base, 5),
        "core_share": round(spent, 5),
        "memory_per_peer_kb": round((full - alone) / PEERS / 1024, 1),
    }


async def results() -> list[Result]:
    """Everything, in turn."""
    return [*await added_delay(), await joins(), await idle()]


def promises(found: list[Result]) -> list[Result]:
    """The delay at the first load that takes the promised share of a core."""
    busiest = [one for one in found if one["work"] == "added delay"][-1]
    worst, reached = busiest["p99_ms"], busiest["core_share"] >= BUSY
    return [
        target("added delay p99 at 60 % load", "< 5 ms", worst, met=reached and worst < WORST_MS)
    ]


async def first_picture(settings: Settings) -> Result:
    """From asking for a call's page to the first decoded frame, in Chromium, on the demo."""
    database = Database(os.environ["REMOTE_COURT_BENCH_URL"], pool=2)
    async with served(settings):
        joined = await _join.join(settings, database)
    await database.close()
    return joined


def main() -> None:
    _alone.enter("media_latency")
    found = uvloop.run(results())
    with country() as settings:
        found.append(uvloop.run(first_picture(settings)))
    write("media_latency", found, promises(found))


if __name__ == "__main__":
    main()
