"""A seeded country of its own, a server process on it, and wishes that can all be granted."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import text

from remote_court import clock
from remote_court.calendars.interval import Interval
from remote_court.cli.database import bring_up, fill
from remote_court.clock import local
from remote_court.config import Settings
from remote_court.db import Database, embedded
from remote_court.places import Audience
from remote_court.scheduling.opening import Openings, openings

RESERVED = timedelta(minutes=30)
DAYS = 6
KIN = text(
    """
    SELECT DISTINCT ON (i.person_id) i.person_id AS inmate, i.prison_id AS prison,
        k.visitor_id AS visitor
    FROM inmate i
    JOIN kinship k ON k.inmate_id = i.person_id AND k.sighted_at IS NOT NULL
        AND k.kind IN ('spouse', 'father', 'mother', 'sibling')
    JOIN person v ON v.id = k.visitor_id AND v.born_on < now() - interval '20 years'
    JOIN sana_account a ON a.person_id = v.id AND a.status = 'active'
    WHERE i.status = 'held' AND i.weekly_visits IS NULL
      AND NOT EXISTS (SELECT FROM visit_ban b WHERE b.inmate_id = i.person_id)
    ORDER BY i.person_id, k.visitor_id
    """
)
UNITS = text("SELECT pool_id, count(*) AS n FROM unit WHERE in_service GROUP BY pool_id")
OFFICES = text("SELECT id FROM office WHERE in_service ORDER BY id")


@dataclass(frozen=True)
class Wish:
    """A visit that the law allows and whose places are free."""

    inmate: int
    visitor: int
    office: int
    starts_at: datetime


def postmaster(settings: Settings) -> int:
    """The pid of the country's PostgreSQL."""
    pid = embedded.status(settings.data_dir).pid
    assert pid is not None
    return pid


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    with socket.socket(type=kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def country() -> Iterator[Settings]:
    """Settings of a demo on a data directory that is forgotten at the end; its server runs."""
    data = Path(tempfile.mkdtemp(prefix="remote-court-bench-"))
    settings = Settings(
        mode="demo", data_dir=data, port=free_port(), media_port=free_port(socket.SOCK_DGRAM)
    )
    server = embedded.start(data)
    try:
        asyncio.run(bring_up(server.url))
        began = time.perf_counter()
        asyncio.run(fill(server.url))
        print(f"seeded in {time.perf_counter() - began:.1f} s", flush=True)
        os.environ["REMOTE_COURT_BENCH_URL"] = server.url
        yield settings
    finally:
        server.stop()
        embedded.discard(data)
        shutil.rmtree(data, ignore_errors=True)


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[int]:
    """The demo of these settings in a process of its own; its pid."""
    program = Path(sys.executable).with_name("remote-court")
    environment = os.environ | {
        "REMOTE_COURT_DATA_DIR": str(settings.data_dir),
        "REMOTE_COURT_PORT": str(settings.port),
        "REMOTE_COURT_MEDIA_PORT": str(settings.media_port),
    }
    process = subprocess.Popen(  # noqa: ASYNC220 - started once, before anything is measured
        [program, "demo"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        await ready(settings)
        yield process.pid
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 30)


async def ready(settings: Settings) -> None:
    """Wait until the server answers, two minutes at most."""
    for _ in range(1200):
        try:
            _, writer = await asyncio.open_connection(settings.host, settings.port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            await asyncio.sleep(1)
            return
    raise TimeoutError("the server did not start")


async def wishes(database: Database, many: int) -> list[Wish]:
    """Wishes for the week after the seeded ones, all lawful, none in another's way."""
    first = local(clock.now()).date() + timedelta(days=21)
    async with database.transaction() as session:
        kin = list((await session.execute(KIN)).all())
        # Families book from everywhere at once; in the order of the table they would stand in
        # line for one prison after another.
        random.Random(1405).shuffle(kin)
        units = {row.pool_id: row.n for row in await session.execute(UNITS)}
        offices = list(await session.scalars(OFFICES))
        prisons = sorted({row.prison for row in kin})
        last = first + timedelta(days=DAYS - 1)
        known = await openings(session, [*prisons, *offices], first, last)
    starts = {prison: starts_of(known, prison, first)[::2] for prison in prisons}
    return granted(kin, units, starts, open_then(known, offices), many)


def starts_of(known: Openings, place: int, first: date) -> list[datetime]:
    """When a visit could begin in one place, day after day."""
    here = Openings(known.places, [place])
    days = (first + timedelta(days=n) for n in range(DAYS))
    return [at for day in days for at in here.starts(day, RESERVED, {Audience.ANYONE})]


def open_then(known: Openings, offices: list[int]) -> Callable[[datetime], list[int]]:
    """The offices that are open for a visit that begins then."""

    @cache
    def offices_at(at: datetime) -> list[int]:
        reserved, day = Interval.lasting(at, RESERVED), local(at).date()
        return [
            office
            for office in offices
            if Openings(known.places, [office]).allow(reserved, day, {Audience.ANYONE})
        ]

    return offices_at


def granted(kin, units, starts, offices_at, many) -> list[Wish]:  # type: ignore[no-untyped-def]
    """Give each pair a start and an office while booths and rooms last."""
    booths: Counter[tuple[int, datetime]] = Counter()
    rooms: Counter[tuple[int, datetime]] = Counter()
    busy: set[tuple[int, datetime]] = set()
    found: list[Wish] = []
    for turn, row in enumerate(kin):
        for at in starts[row.prison]:
            if not (offices := offices_at(at)):
                continue
            office = offices[(turn * 7 + len(found)) % len(offices)]
            taken = booths[row.prison, at] >= units[row.prison]
            full = rooms[office, at] >= units.get(office, 0)
            if taken or full or (row.visitor, at) in busy:
                continue
            booths[row.prison, at] += 1
            rooms[office, at] += 1
            busy.add((row.visitor, at))
            found.append(Wish(row.inmate, row.visitor, office, at))
            break
        if len(found) == many:
            break
    return found
