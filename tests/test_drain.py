"""A worker is taken out of service under a running talk, as an operator does it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from remote_court import clock
from remote_court.calls.models import Attendance
from remote_court.db import Database
from remote_court.demo.participant import Participant
from tests.calls.scene import Scene, make_scene, make_visit
from tests.calls.site_process import SiteProcess, site_process
from tests.test_fleet import until

pytestmark = pytest.mark.alone
UNDISTURBED_S = 4.0
BACK_WITHIN_S = 8.0
MOST_LOST = 0.001


@pytest_asyncio.fixture
async def scene(database: Database) -> Scene:
    async with database.transaction() as session:
        start = clock.now().replace(microsecond=0) - timedelta(seconds=5)
        return await make_scene(session, start=start)


@asynccontextmanager
async def talking(site: SiteProcess, scene: Scene) -> AsyncIterator[list[Participant]]:
    """Mother and son hear each other until the block ends, wherever their call lives."""
    people = []
    for person, role in ((scene.world.mother.id, "visitor"), (scene.officer.person_id, "inmate")):
        url, ticket = await site.ticket(person, role, scene.visit_id)
        people.append(
            Participant(url, ticket, renew=lambda token: site.renew(token, scene.visit_id))
        )
    tasks = [asyncio.create_task(person.run()) for person in people]
    for person in people:
        await person.until(lambda p: p.counts.kinds["audio"] > 20, 30)
    yield people
    for person in people:
        await person.leave()
    await asyncio.gather(*tasks)


async def heard(people: list[Participant], seconds: float) -> list[tuple[int, int]]:
    """Packets of sound that each hears, and how many it misses, in the next seconds."""
    before = [(p.counts.kinds["audio"], sum(p.counts.lost.values())) for p in people]
    await asyncio.sleep(seconds)
    after = [(p.counts.kinds["audio"], sum(p.counts.lost.values())) for p in people]
    return [(b[0] - a[0], b[1] - a[1]) for a, b in zip(before, after, strict=True)]


async def another_visit(database: Database, scene: Scene) -> tuple[int, int]:
    """A second visit of right now: its visitor and its id."""
    async with database.transaction() as session:
        scene.session = scene.world.session = session
        visitor = await scene.world.person()
        inmate = await scene.world.another_inmate()
        return visitor.id, await make_visit(
            session, scene.world, visitor, inmate=inmate, start=scene.start, code="7K3M9QX2VAU"
        )


async def test_a_drained_worker_ends_its_talk_undisturbed_and_then_itself(
    database: Database, tmp_path: Path, scene: Scene
) -> None:
    async with site_process(database, tmp_path, 2) as site:
        async with talking(site, scene) as people:
            drained = await site.worker_of(scene.visit_id)
            assert drained is not None
            process = await site.process_of(drained)
            await site.run("workers", "drain", drained)
            assert {r["id"] for r in await site.listed() if r["draining"]} == {drained}
            for packets, lost in await heard(people, UNDISTURBED_S):
                assert packets > 0.8 * UNDISTURBED_S * 50
                assert lost <= MOST_LOST * packets
            visitor, visit_id = await another_visit(database, scene)
            await site.ticket(visitor, "visitor", visit_id)
            assert await site.worker_of(visit_id) not in {None, drained}
            assert await site.worker_of(scene.visit_id) == drained
            assert [person.joins for person in people] == [1, 1]
            assert process.is_running()
            leaving = asyncio.create_task(site.run("workers", "drain", drained, "--wait"))
            await asyncio.sleep(2)
            assert not leaving.done()
        assert b"nobody is left" in await leaving

        async def gone() -> bool:
            return not process.is_running()

        await until(gone)
        assert len(site.worker_processes()) == 1
        assert drained not in {worker.id for worker in await site.workers()}


async def test_at_the_limit_the_talk_goes_on_at_another_worker(
    database: Database, tmp_path: Path, scene: Scene
) -> None:
    async with site_process(database, tmp_path, 2) as site, talking(site, scene) as people:
        drained = await site.worker_of(scene.visit_id)
        assert drained is not None
        process = await site.process_of(drained)
        began = clock.monotonic()
        await site.run("workers", "drain", drained, "--within", "0", "--wait")
        for person in people:
            await person.until(lambda p: p.joins > 1, 20)
            person.counts.kinds.clear()
            await person.until(lambda p: p.counts.kinds["audio"] > 20, 20)
        assert await site.worker_of(scene.visit_id) not in {None, drained}

        async def gone() -> bool:
            return not process.is_running()

        await until(gone)
        print(f"moved and gone after {clock.monotonic() - began:.1f} s")  # noqa: T201
        async with database.transaction() as session:
            rows = (await session.scalars(select(Attendance).order_by(Attendance.id))).all()
        ended, running = rows[:2], rows[2:]
        assert {row.role for row in ended} == {row.role for row in running}
        pauses = [
            (new.arrived_at - old.left_at).total_seconds()
            for old in ended
            for new in running
            if old.role == new.role and old.left_at
        ]
        print(f"pauses: {pauses}")  # noqa: T201
        assert len(pauses) == len(ended)
        assert max(pauses) < BACK_WITHIN_S
