from __future__ import annotations

from datetime import date, timedelta

import pytest

from remote_court import audit
from remote_court.audit import Act
from remote_court.audit.queries import Wanted, chain, entries


async def write(session, noon):
    acts = [Act("visit.booked", "visit", n, actor_id=n % 2) for n in range(6)]
    await audit.record(session, noon, *acts)
    await audit.record(session, noon + timedelta(days=1), Act("ban.entered", "ban", 1))


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(), 7),
        (Wanted(subject_kind="visit"), 6),
        (Wanted(subject_kind="visit", subject_id=2), 1),
        (Wanted(actor_id=1), 3),
        (Wanted(act="ban."), 1),
        (Wanted(act="%"), 0),
        (Wanted(day=date(2026, 11, 24)), 6),
    ],
)
async def test_entries_are_narrowed(session, noon, wanted, count):
    await write(session, noon)
    assert len(await entries(session, wanted)) == count


async def test_entries_come_newest_first_page_by_page(session, noon):
    await write(session, noon)
    first = await entries(session, Wanted(), limit=3)
    assert len(first) == 4
    rest = await entries(session, Wanted(), before=first[2].id, limit=10)
    ids = [line.id for line in (*first[:3], *rest)]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 7


async def test_the_chain_counts_what_waits(database, noon):
    async with database.transaction() as session:
        await write(session, noon)
    async with database.transaction() as session:
        assert (await chain(session)).unsealed == 7
        await audit.seal(session, noon, limit=4)
        state = await chain(session)
    assert (state.seq, state.unsealed, state.sealed_at) == (4, 3, noon)
    assert len(state.hash) == 64
