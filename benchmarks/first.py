"""The promises of the first release: bookings, pages, forwarding, joining; at national size.

Everything runs against a country seeded for this run, on loopback, the load generator beside the
server on the same machine. Run: python benchmarks/first.py
"""

from __future__ import annotations

import asyncio
import gzip
import os
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import _join
import _plain
import media_forwarding
import uvloop
from _cpu import spent
from _http import Connection
from _report import milliseconds, target, write
from _stage import Wish, country, postmaster, served, wishes
from sqlalchemy import text

from remote_court import clock, policy
from remote_court.clock import local
from remote_court.config import Settings
from remote_court.db import Database
from remote_court.errors import RuleRefused
from remote_court.people import Actor, Role
from remote_court.people.sessions import open_session, open_token
from remote_court.scheduling.hold import SlotTaken
from remote_court.visits.book import book
from remote_court.visits.request import Request

BOOKINGS = 1500
WARM_UP = 100
AT_ONCE = 16
PAGE_TIMES = 40
LEAST_RATE, WORST_TAIL_MS, WORST_PAGE_MS, WORST_JOIN_S = 150, 250, 60, 1.5
HEAVIEST = 100_000
LOOPBACK = "127.0.0.1"
LETTERS_DUE = text(
    "SELECT EXISTS (SELECT FROM outbox WHERE due_at <= now() AND gave_up_at IS NULL)"
)
Result = dict[str, Any]


async def at_once(
    items: Sequence[Any], work: Callable[[Any], Awaitable[None]], width: int
) -> float:
    """Work through the items, so many at once; return how many seconds it took."""
    left = iter(items)

    async def worker() -> None:
        for item in left:
            await work(item)

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(width)))
    return time.perf_counter() - began


async def by_use_case(settings: Settings, database: Database, wanted: list[Wish]) -> Result:
    """Book through the use case, in this process."""
    took: list[float] = []
    said: Counter[str] = Counter()

    async def one(wish: Wish) -> None:
        now = clock.now()
        began = time.perf_counter()
        try:
            async with database.transaction() as session:
                rule = await policy.current(session, local(wish.starts_at).date())
                await book(session, actor_of(wish), request_of(wish), now, rule)
        except (SlotTaken, RuleRefused) as refusal:
            said[refusal.code] += 1
            return
        took.append(time.perf_counter() - began)

    before = spent(os.getpid(), postmaster(settings))
    seconds = await at_once(wanted, one, 8)
    after = spent(os.getpid(), postmaster(settings))
    rate = round(len(took) / seconds, 1)
    return {
        "work": "use case",
        "per_second": rate,
        "booked": len(took),
        **said,
        **milliseconds(took),
        **after.per(len(took), before),
    }


def actor_of(wish: Wish) -> Actor:
    return Actor(wish.visitor, "", "fa", frozenset({(Role.FAMILY, None)}))


def request_of(wish: Wish) -> Request:
    return Request(
        inmate_id=wish.inmate,
        office_id=wish.office,
        starts_at=wish.starts_at,
        visitor_ids=(wish.visitor,),
        booked_for=wish.visitor,
    )


async def tokens(database: Database, people: Sequence[int]) -> dict[int, str]:
    """A bearer token for each."""
    async with database.transaction() as session:
        return {one: await open_token(session, one, clock.now()) for one in people}


async def by_http(
    settings: Settings, database: Database, server_pid: int, wanted: list[Wish]
) -> Result:
    """Book through the API.

    The CPU counted is that of the server and of PostgreSQL from the first request to the last
    answer, their own sweeps included, and not that of the load generator.
    """
    known = await tokens(database, [wish.visitor for wish in wanted])
    idle = [await Connection(settings.host, settings.port).open() for _ in range(AT_ONCE)]
    took: list[float] = []
    statuses: Counter[int] = Counter()

    async def one(wish: Wish) -> None:
        connection = idle.pop()
        headers = {
            "Authorization": f"Bearer {known[wish.visitor]}",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        body = {
            "inmate_id": str(wish.inmate),
            "office_id": str(wish.office),
            "starts_at": wish.starts_at.isoformat(),
            "visitor_ids": [str(wish.visitor)],
        }
        status, _, seconds = await connection.ask("POST", "/api/v1/visits", headers, body)
        idle.append(connection)
        statuses[status] += 1
        took.append(seconds)

    before = spent(server_pid, postmaster(settings))
    seconds = await at_once(wanted, one, AT_ONCE)
    after = spent(server_pid, postmaster(settings))
    for connection in idle:
        connection.close()
    return {
        "work": "HTTP",
        "per_second": round(statuses[201] / seconds, 1),
        "statuses": dict(statuses),
        **milliseconds(took),
        **after.per(statuses[201], before),
    }


async def letters_gone(database: Database) -> None:
    """Wait until the server has sent what earlier bookings left due, two minutes at most."""
    for _ in range(240):
        async with database.transaction() as session:
            if not await session.scalar(LETTERS_DUE):
                return
        await asyncio.sleep(0.5)
    raise TimeoutError("letters stay in the outbox")


async def pages(settings: Settings, database: Database) -> list[Result]:
    """Time the wizard, the desk board and the map, and weigh them."""
    async with database.transaction() as session:
        accounts = await _plain.accounts(session)
        cookies = {
            role: await open_session(session, person, clock.now())
            for role, person in accounts.people.items()
        }
    day = local(clock.now()).date() + timedelta(days=20)
    chosen = f"inmate={accounts.inmate}&who={accounts.people['family']}&office={accounts.office}"
    wanted = {
        "wizard: office": ("family", f"/visits/new/office?{chosen}"),
        "wizard: day": ("family", f"/visits/new/day?{chosen}"),
        "wizard: time": ("family", f"/visits/new/time?{chosen}&day={day}"),
        "my visits": ("family", "/visits"),
        "desk board": ("office_clerk", f"/desk/{accounts.office}"),
        "room board": ("office_clerk", f"/desk/{accounts.office}/rooms"),
        "prison day": ("prison_officer", f"/prisons/{accounts.prison}"),
        "map": ("hq_planner", "/hq"),
    }
    found = []
    for name, (role, path) in wanted.items():
        found.append({"page": name, **await page(settings, path, cookies[role])})
    return found


async def page(settings: Settings, path: str, cookie: str) -> Result:
    """One page, one request after another."""
    connection = await Connection(settings.host, settings.port).open()
    headers = {"Cookie": f"rc_session={cookie}; lang=fa"}
    took, body, status = [], b"", 0
    for _ in range(PAGE_TIMES + 3):
        status, body, seconds = await connection.ask("GET", path, headers)
        took.append(seconds)
    connection.close()
    weight = len(gzip.compress(body, 5))
    return {"status": status, "gzip_bytes": weight, **milliseconds(took[3:])}


async def measured(settings: Settings) -> tuple[list[Result], list[Result]]:
    """Everything that needs the country."""
    database = Database(os.environ["REMOTE_COURT_BENCH_URL"], pool=AT_ONCE)
    wanted = await wishes(database, 2 * BOOKINGS + WARM_UP)
    inside = await by_use_case(settings, database, wanted[:BOOKINGS])
    plain = await _plain.inserts(database, BOOKINGS, 8)
    ratio = round(inside["per_second"] / plain["per_second"], 3)
    async with served(settings) as server:
        await by_http(settings, database, server, wanted[BOOKINGS : BOOKINGS + WARM_UP])
        await letters_gone(database)
        outside = await by_http(settings, database, server, wanted[BOOKINGS + WARM_UP :])
        print(inside, plain, outside, sep="\n", flush=True)
        shown = await pages(settings, database)
        print(*shown, sep="\n", flush=True)
        joined = await _join.join(settings, database)
    await database.close()
    results = [inside, plain, {"work": "ratio to plain inserts", "ratio": ratio}, outside]
    return [*results, *shown, joined], promises(outside, shown, joined)


def promises(outside: Result, shown: list[Result], joined: Result) -> list[Result]:
    """The targets, by the names under which they were promised."""
    slowest = max(one["p95_ms"] for one in shown)
    heaviest = max(one["gzip_bytes"] for one in shown)
    rate, tail, frame = outside["per_second"], outside["p99_ms"], joined["median_s"]
    return [
        target("HTTP booking", ">= 150/s", rate, met=rate >= LEAST_RATE),
        target("HTTP booking p99", "< 250 ms", tail, met=tail < WORST_TAIL_MS),
        target(
            "page weight beyond fonts", "<= 100 KB compressed", heaviest, met=heaviest <= HEAVIEST
        ),
        target("server time of any page p95", "< 60 ms", slowest, met=slowest < WORST_PAGE_MS),
        target("join to first decoded frame", "< 1.5 s", frame, met=frame < WORST_JOIN_S),
    ]


async def forwarded() -> list[Result]:
    """Server CPU per forwarded packet by the number of receivers, beside the limit."""
    loads = (
        media_forwarding.Load("1 -> 1", 0, 4, 1, 1, 500),
        media_forwarding.Load("1 -> 3", 0, 20, 1, 3, 160),
        media_forwarding.Load("1 -> 10", 0, 2, 1, 10, 600),
    )
    found = [
        {"work": f"forwarding {load.name}", **await media_forwarding.us(load, LOOPBACK)}
        for load in loads
    ]
    return [*found, {"work": "limit", **media_forwarding.limit_us(LOOPBACK)}]


def main() -> None:
    with country() as settings:
        results, targets = uvloop.run(measured(settings))
    write("first", [*results, *uvloop.run(forwarded())], targets)


if __name__ == "__main__":
    main()
