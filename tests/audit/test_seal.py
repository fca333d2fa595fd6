from __future__ import annotations

import asyncio

from sqlalchemy import select, text

from remote_court import audit
from remote_court.audit import Act, AuditSeal, export, seal, verify
from remote_court.audit.export import line


async def write(database, noon, *numbers):
    async with database.transaction() as session:
        await audit.record(session, noon, *(Act("visit.booked", "visit", n) for n in numbers))


async def sealed(database, noon, limit=5000):
    async with database.transaction() as session:
        return await seal(session, noon, limit=limit)


async def copy(database):
    async with database.transaction() as session:
        return [row async for row in export(session)]


async def test_committed_entries_are_chained_once(database, noon):
    await write(database, noon, 1, 2, 3)
    assert [await sealed(database, noon), await sealed(database, noon)] == [3, 0]
    await write(database, noon, 4)
    assert await sealed(database, noon) == 1
    report = verify(await copy(database))
    assert (report.holds, report.sealed, report.unsealed) == (True, 4, 0)


async def test_a_row_that_commits_late_is_not_skipped(database, noon):
    async with database.sessions() as slow:
        await audit.record(slow, noon, Act("visit.booked", "visit", 1))
        await write(database, noon, 2)
        # The younger row is committed, but an older transaction may still write before it.
        assert await sealed(database, noon) == 0
        tail = verify(await copy(database))
        assert (tail.holds, tail.sealed, tail.unsealed) == (True, 0, 1)
        await audit.record(slow, noon, Act("visit.booked", "visit", 3))
        await slow.commit()
    assert await sealed(database, noon) == 3
    rows = await copy(database)
    assert [row["entry"]["subject_id"] for row in rows] == [1, 3, 2]
    assert verify(rows).holds


async def test_a_batch_may_end_inside_a_transaction(database, noon):
    await write(database, noon, 1, 2, 3, 4, 5)
    assert [await sealed(database, noon, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert verify(await copy(database)).holds


async def test_two_sealers_never_work_at_once(database, noon):
    await write(database, noon, *range(50))
    async with database.sessions() as first, database.sessions() as second:
        assert await seal(first, noon) == 50
        assert await seal(second, noon) == 0
        await first.commit()
        await second.rollback()
    await asyncio.gather(*(write(database, noon, n) for n in range(10)))
    done = await asyncio.gather(*(sealed(database, noon) for _ in range(5)))
    assert sum(done) + await sealed(database, noon) == 10
    assert verify(await copy(database)).sealed == 60


async def test_many_writers_and_a_busy_sealer_lose_nothing(database, noon):
    async def writer(start):
        for n in range(start, start + 20):
            await write(database, noon, n)

    async def sealer():
        for _ in range(30):
            await sealed(database, noon)
            await asyncio.sleep(0.01)

    await asyncio.gather(*(writer(k * 100) for k in range(6)), sealer())
    while await sealed(database, noon):
        pass
    report = verify(await copy(database))
    assert (report.holds, report.sealed, report.unsealed) == (True, 120, 0)


async def test_a_dump_restored_into_a_young_cluster_is_sealed_on(database, noon):
    async with database.transaction() as session:
        for n, tx in ((1, 10**12), (2, 10**12 + 5)):
            await session.execute(
                text(
                    "INSERT INTO audit_entry (tx, at, act, subject_kind, subject_id, detail)"
                    " VALUES (:tx, :at, 'visit.booked', 'visit', :n, '{}')"
                ),
                {"tx": tx, "at": noon, "n": n},
            )
    assert await sealed(database, noon) == 2
    await write(database, noon, 3)
    assert await sealed(database, noon) == 1
    await write(database, noon, 4)
    assert await sealed(database, noon) == 1
    assert verify(await copy(database)).holds


async def test_a_seal_says_when_it_was_made(database, noon):
    await write(database, noon, 1)
    await sealed(database, noon)
    async with database.transaction() as session:
        assert (await session.scalars(select(AuditSeal.sealed_at))).one() == noon


async def test_an_exported_line_reads_back(database, noon):
    await write(database, noon, 1)
    await sealed(database, noon)
    assert verify(audit.read_lines(line(row) + "\n" for row in await copy(database))).sealed == 1
