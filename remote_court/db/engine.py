"""One engine a process, and sessions whose transaction the caller owns."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import Dialect, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from remote_court.db.errors import GONE, DatabaseAway

CONNECT_S = 10.0
ASIDE = 2
"""Connections for short transactions of those who hold another already; opened when needed."""


def connect(
    dialect: Dialect, _record: object, arguments: Sequence[Any], options: Mapping[str, Any]
) -> DBAPIConnection:
    """Connect, as the dialect does.

    Raises:
        DatabaseAway: it does not answer, or takes no connections now.
    """
    try:
        return dialect.connect(*arguments, **options)
    except (OSError, TimeoutError, asyncpg.InterfaceError) as error:
        raise DatabaseAway from error
    except asyncpg.PostgresError as error:
        if error.sqlstate in GONE:
            raise DatabaseAway from error
        raise


class Database:
    """The engine of a process and what opens sessions on it."""

    def __init__(self, url: str, *, pool: int = 10, wait_s: float = 10.0) -> None:
        self.url = url
        options: dict[str, Any] = {
            "pool_size": pool,
            # No more for a rush: a connection opened and closed for one request costs more than
            # the request (scram, types, plans), and who waits here waits more cheaply than there.
            "max_overflow": 0,
            "pool_use_lifo": True,
            "pool_timeout": wait_s,
            "connect_args": {
                "timeout": CONNECT_S,
                # Locks, then looks: under a stricter level a statement after the lock would
                # still see what was there before it.
                "server_settings": {
                    "application_name": "remote-court",
                    "timezone": "UTC",
                    "default_transaction_isolation": "read committed",
                },
                "statement_cache_size": 512,
            },
        }
        self.engine: AsyncEngine = create_async_engine(url, **options)
        self._aside: AsyncEngine = create_async_engine(url, **(options | {"pool_size": ASIDE}))
        for engine in (self.engine, self._aside):
            event.listen(engine.sync_engine, "do_connect", connect)
        self._apart = async_sessionmaker(self._aside, expire_on_commit=False)
        self.sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        single = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.singly = async_sessionmaker(single, expire_on_commit=False)
        """Sessions of single statements: no transaction is opened around them, which halves
        what a look-up costs. For what needs no more than one statement to be true."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session in a transaction: committed on a clean exit, rolled back on an error."""
        async with self.sessions() as session, session.begin():
            yield session

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[AsyncSession]:
        """A transaction of its own for somebody who is in one already.

        Its connections are kept apart: were they those of requests, as many requests as there are
        connections would each hold one and wait for another, until all of them gave up.
        """
        async with self._apart() as session, session.begin():
            yield session

    @asynccontextmanager
    async def autocommit(self) -> AsyncIterator[AsyncConnection]:
        """A connection outside any transaction, for what cannot run in one."""
        async with self.engine.connect() as connection:
            yield await connection.execution_options(isolation_level="AUTOCOMMIT")

    async def close(self) -> None:
        """Give every connection back."""
        await self.engine.dispose()
        await self._aside.dispose()
