"""What every test may ask for: a real PostgreSQL, a database with the tables, a clean one."""

from __future__ import annotations

import asyncio
import importlib
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

import remote_court
from remote_court.db import Base, Database
from remote_court.db.embedded import throwaway

MARKS = ("__tablename__ =", "DDL_AFTER", "after_create")

AUTOVACUUM_S = 60

ALONE = "alone"
"""The group of tests that need most of the machine: never two of them at once."""


def pytest_configure(config: pytest.Config) -> None:
    """Keep our order: by default the files with the most tests would come first."""
    if config.getoption("dist", "no") == "loadgroup":
        config.option.loadscopereorder = False


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    """Where two processes share the work (`make test`), share it out by file.

    What drives a browser or measures real time goes to one process, one after another. That
    takes longest and begins first, then what takes long by itself, so that neither process
    is left with much at the end.
    """
    shared_out = hasattr(config, "workerinput")
    for item in items if shared_out else ():
        group = ALONE if is_heavy(item) else item.nodeid.split("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))
    yield
    if shared_out:
        items.sort(key=lambda item: (not is_heavy(item), item.get_closest_marker("long") is None))


def is_heavy(item: pytest.Item) -> bool:
    """Whether a test slows down, or is slowed down by, another of its kind."""
    return any(item.get_closest_marker(name) for name in ("browser", ALONE))


def import_every_model() -> None:
    """Import every module that defines a table or what stands beside tables."""
    root = Path(remote_court.__path__[0])
    for path in sorted(root.rglob("*.py")):
        if any(
            word in path.read_text() for word in ("__tablename__ =", "DDL_AFTER", "after_create")
        ):
            dotted = ".".join(path.relative_to(root.parent).with_suffix("").parts)
            importlib.import_module(dotted.removesuffix(".__init__"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a throwaway PostgreSQL server's maintenance database."""
    with throwaway() as server:
        yield server.url


@pytest.fixture(scope="session")
def template(postgres: str) -> str:
    """A database with every table and nothing in them; others are copied from it."""
    import_every_model()

    async def make() -> str:
        name = f"template_{uuid.uuid4().hex[:8]}"
        await admin(postgres, f"CREATE DATABASE {name}")
        engine = create_async_engine(within(postgres, name))
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await engine.dispose()
        return name

    return asyncio.run(make())


async def admin(url: str, statement: str) -> None:
    """Run a statement outside any transaction; again, where autovacuum is in the way of a drop."""
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    try:
        async with asyncio.timeout(AUTOVACUUM_S):
            while not await carried_out(engine, statement):  # noqa: ASYNC110 - a server elsewhere
                await asyncio.sleep(0.2)
    finally:
        await engine.dispose()


async def carried_out(engine: AsyncEngine, statement: str) -> bool:
    """Run it; False where a worker of the server itself is at work, whom only it may end."""
    try:
        async with engine.connect() as connection:
            await connection.execute(text(statement))
    except ProgrammingError as error:
        if "permission denied to terminate process" not in str(error):
            raise
        return False
    return True


def within(url: str, database: str) -> str:
    """The same server's URL for another database."""
    from sqlalchemy.engine import make_url

    return make_url(url).set(database=database).render_as_string(hide_password=False)


@pytest_asyncio.fixture
async def database(postgres: str, template: str) -> AsyncIterator[Database]:
    """A database of the test's own, with the tables and no rows."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    await admin(postgres, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    made = Database(within(postgres, name))
    yield made
    await made.close()
    await admin(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def bare(postgres: str) -> AsyncIterator[Database]:
    """A database with nothing in it."""
    name = f"bare_{uuid.uuid4().hex[:12]}"
    await admin(postgres, f"CREATE DATABASE {name}")
    made = Database(within(postgres, name))
    yield made
    await made.close()
    await admin(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    """A session whose transaction is rolled back at the end of the test."""
    async with database.sessions() as opened:
        yield opened
        await opened.rollback()


@pytest.fixture
def noon() -> datetime:
    """An ordinary Tuesday noon in Tehran: 1405/09/03."""
    return datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
