"""Whoever enters the visit of right now alone is answered, heard and seen within seconds."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from remote_court import app, clock, serving
from remote_court.calls.queries import roles_in
from remote_court.config import Settings
from remote_court.db import Database
from remote_court.demo import right_now
from remote_court.demo.marker import DemoSeed
from remote_court.demo.participant import Participant
from remote_court.people.demo import accounts
from remote_court.people.grants import Role
from tests.calls.site_process import site_process

pytestmark = pytest.mark.alone

BACK_WITHIN_S = 8.0


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def demo(seeded: Database, data: Path) -> AsyncIterator[str]:
    """The demo, served."""
    settings = Settings(mode="demo", data_dir=data, port=0, media_port=free_udp_port())
    taken, settings = serving.listen(settings)
    ready = asyncio.Event()
    async with seeded.transaction() as session:
        await right_now.keep(session, clock.now())
    site = app.build(settings, Database(seeded.url))
    server = serving.server_of(site, settings, ready.set)
    serve = asyncio.create_task(server.serve([taken]))
    await asyncio.wait_for(ready.wait(), 20)
    try:
        yield settings.origin
    finally:
        site.state.site.hub.end()
        server.should_exit = True
        await serve
        taken.close()


@pytest.mark.parametrize(("role", "as_"), [("family", "visitor"), ("prison_officer", "inmate")])
async def test_the_far_end_joins_by_itself_is_seen_and_heard_and_goes(
    seeded: Database, tmp_path: Path, role: str, as_: str
):
    async with demo(seeded, tmp_path) as origin, httpx.AsyncClient(base_url=origin) as client:
        ticket = await enter(client, seeded, role, as_)
        person = Participant(ticket["url"], ticket["ticket"])
        joined = asyncio.create_task(person.run())
        await person.until(lambda p: p.state == "live", 15)
        await person.until(lambda p: p.counts.kinds["video"] > 5, 15)
        await person.until(lambda p: p.counts.kinds["audio"] > 20, 15)
        assert await here(seeded) == {"visitor", "inmate"}
        await person.leave()
        await joined


async def test_nobody_joins_where_two_are_already(seeded: Database, tmp_path: Path):
    async with demo(seeded, tmp_path) as origin, httpx.AsyncClient(base_url=origin) as client:
        tickets = [
            await enter(client, seeded, role, as_)
            for role, as_ in (("family", "visitor"), ("prison_officer", "inmate"))
        ]
        people = [Participant(ticket["url"], ticket["ticket"]) for ticket in tickets]
        tasks = [asyncio.create_task(person.run()) for person in people]
        await people[0].until(lambda p: p.state == "live", 15)
        await asyncio.sleep(2.5)
        assert [person.joins for person in people] == [1, 1]
        assert not any(task.done() for task in tasks)
        for person in people:
            await person.leave()
        await asyncio.gather(*tasks)


async def test_both_are_back_by_themselves_when_their_worker_is_killed(
    seeded: Database, tmp_path: Path
):
    async with seeded.transaction() as session:
        await right_now.keep(session, clock.now())
        visit_id = await session.scalar(select(DemoSeed.visit_id))
    assert visit_id is not None
    async with (
        site_process(seeded, tmp_path, 2, MODE="demo") as site,
        httpx.AsyncClient(base_url=site.origin) as client,
    ):
        ticket = await enter(client, seeded, "family", "visitor")
        mother = Participant(
            ticket["url"], ticket["ticket"], renew=lambda token: site.renew(token, visit_id)
        )
        joined = asyncio.create_task(mother.run())
        await mother.until(lambda p: p.counts.kinds["video"] > 5, 30)
        killed = await site.worker_of(visit_id)
        assert killed is not None
        process = await site.process_of(killed)
        died = clock.monotonic()
        process.kill()
        await mother.until(lambda p: p.joins > 1, 20)
        mother.counts.kinds.clear()
        await mother.until(lambda p: min(p.counts.kinds[k] for k in ("video", "audio")) > 5, 20)
        gone_for = clock.monotonic() - died
        print(f"both back after {gone_for:.1f} s")  # noqa: T201 - shown with -s
        assert gone_for < BACK_WITHIN_S
        assert await site.worker_of(visit_id) not in {None, killed}
        assert await here(seeded) == {"visitor", "inmate"}
        await mother.leave()
        await joined


async def enter(client: httpx.AsyncClient, seeded: Database, role: str, as_: str) -> dict[str, str]:
    """A ticket to the visit of right now for the first account of a role."""
    async with seeded.sessions() as session:
        line = (await accounts(session, Role(role), 1))[0]
        visit_id = await session.scalar(select(DemoSeed.visit_id))
    said = {"national_id": line.national_id, "password": line.password, "otp": line.otp}
    token = (await client.post("/api/v1/auth/token", json=said)).json()["access_token"]
    answer = await client.post(
        f"/api/v1/sessions/{visit_id}/tickets",
        json={"as": as_},
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": f"{role}-{as_}"},
    )
    assert answer.is_success, answer.text
    found: dict[str, str] = answer.json()
    return found


async def here(seeded: Database) -> frozenset[str]:
    """Who is in the visit of right now."""
    async with seeded.sessions() as session:
        visit_id = await session.scalar(select(DemoSeed.visit_id))
        assert visit_id is not None
        return await roles_in(session, visit_id)
