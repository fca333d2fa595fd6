"""What a process remembers of the policy, and how soon it notices a change."""

from datetime import date

import pytest
from sqlalchemy import delete, event, update

from remote_court.db import Database
from remote_court.policy import PolicyValue, current, seed_defaults
from remote_court.policy.shelf import AMENDED, FRESH_FOR_S, Shelf, revision

TODAY = date(2026, 11, 24)
KEY = "visit.hold_min"


class Ticks:
    """A watch that the test turns."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
async def seeded(database, noon):
    async with database.transaction() as session:
        await seed_defaults(session, noon)
    return database


@pytest.fixture
def ticks():
    return Ticks()


@pytest.fixture
def shelf(ticks):
    return Shelf(ticks)


@pytest.fixture
def statements(seeded):
    seen = []

    def note(connection, cursor, statement, *rest):
        seen.append(statement)

    event.listen(seeded.engine.sync_engine, "before_cursor_execute", note)
    yield seen
    event.remove(seeded.engine.sync_engine, "before_cursor_execute", note)


async def ask(shelf, database):
    async with database.transaction() as session:
        return (await shelf.rulebook(session)).at(TODAY).integer(KEY)


async def change(database, value):
    async with database.transaction() as session:
        await session.execute(update(PolicyValue).where(PolicyValue.key == KEY).values(value=value))


async def test_booking_after_booking_asks_the_database_nothing(seeded, shelf, statements):
    await ask(shelf, seeded)
    statements.clear()
    for _ in range(100):
        assert await ask(shelf, seeded) == 10
    assert statements == []


async def test_an_unchanged_table_is_not_read_again(seeded, shelf, ticks, statements):
    await ask(shelf, seeded)
    statements.clear()
    ticks.now += FRESH_FOR_S
    await ask(shelf, seeded)
    assert len(statements) == 1
    assert "xmin" in statements[0]


async def test_a_change_is_noticed_within_seconds(seeded, shelf, ticks):
    assert await ask(shelf, seeded) == 10
    await change(seeded, 12)
    assert await ask(shelf, seeded) == 10
    ticks.now += FRESH_FOR_S
    assert await ask(shelf, seeded) == 12


async def test_every_kind_of_change_gives_another_revision(seeded, noon):
    async def look():
        async with seeded.transaction() as session:
            return await revision(session)

    revisions = [await look()]
    await change(seeded, 12)
    revisions.append(await look())
    async with seeded.transaction() as session:
        await session.execute(delete(PolicyValue).where(PolicyValue.key == KEY))
    revisions.append(await look())
    async with seeded.transaction() as session:
        await seed_defaults(session, noon)
    revisions.append(await look())
    assert len(set(revisions)) == len(revisions)


async def test_who_changes_the_table_sees_the_change_and_keeps_it_from_others(seeded, shelf):
    async with seeded.sessions() as session:
        session.info[AMENDED] = True
        await session.execute(update(PolicyValue).where(PolicyValue.key == KEY).values(value=12))
        assert (await shelf.rulebook(session)).at(TODAY).integer(KEY) == 12
        await session.rollback()
    assert await ask(shelf, seeded) == 10


async def test_each_engine_has_its_own_rulebook(seeded, shelf):
    assert await ask(shelf, seeded) == 10
    await change(seeded, 12)
    other = Database(seeded.url)
    assert await ask(shelf, other) == 12
    assert await ask(shelf, seeded) == 10
    await other.close()


async def test_current_asks_the_process_s_own_shelf(seeded):
    async with seeded.transaction() as session:
        first = await current(session, TODAY)
        assert await current(session, TODAY) is first


async def test_an_empty_table_is_not_remembered(database, shelf, noon):
    async with database.transaction() as session:
        assert (await shelf.rulebook(session)).rules == ()
    async with database.transaction() as session:
        await seed_defaults(session, noon)
    assert await ask(shelf, database) == 10
