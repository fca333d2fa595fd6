"""A tick runs once in the cluster, whatever the nodes, and says how its last run went."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import ticks
from remote_court.db import Database
from remote_court.ticks import Sweep


async def nothing(_session: AsyncSession, _now: datetime) -> int:
    return 0


SWEEP = Sweep("test.nothing", timedelta(seconds=10), nothing)


async def take(database: Database, now: datetime) -> bool:
    async with database.transaction() as session:
        return await ticks.claim(session, SWEEP, now)


async def test_eight_nodes_claim_one_slot_once(database: Database, noon: datetime):
    got = await asyncio.gather(*(take(database, noon) for _ in range(8)))
    assert sorted(got) == [False] * 7 + [True]


async def test_the_next_slot_is_free_again_and_an_older_one_is_not(
    database: Database, noon: datetime
):
    assert await take(database, noon)
    assert not await take(database, noon + timedelta(seconds=9))
    assert await take(database, noon + timedelta(seconds=10))
    assert not await take(database, noon)


async def test_a_run_that_dealt_with_something_is_remembered(database: Database, noon: datetime):
    later = noon + timedelta(seconds=30)
    assert await take(database, noon)
    async with database.transaction() as session:
        await ticks.finished(session, SWEEP, noon, 3)
        await ticks.finished(session, SWEEP, later, 0, "it " + "broke " * 200)
        (tick,) = await ticks.latest(session)
        await session.refresh(tick)
        assert (tick.dealt_at, tick.finished_at, tick.dealt_with) == (noon, later, 0)
        assert tick.error is not None
        assert len(tick.error) == ticks.ERROR_MOST
