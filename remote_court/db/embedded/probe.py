"""A real connection to a server: the only proof that it serves."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg

from remote_court.db.embedded.desk import Memory
from remote_court.db.embedded.settings import USER

CONNECT_S = 5


def answers(memory: Memory, data: Path) -> bool:
    """Whether a server answers at the remembered door, with our password, out of ``data``.

    Raises:
        asyncpg.InvalidPasswordError: a server is there, and it is not the one we set up.
    """
    if not memory.port:
        return False
    try:
        return Path(_apart(_data_directory(memory))) == data
    except asyncpg.TooManyConnectionsError:
        return True  # it serves all too many
    except (
        OSError,
        TimeoutError,
        asyncpg.CannotConnectNowError,
        asyncpg.ConnectionDoesNotExistError,
    ):
        return False


async def _data_directory(memory: Memory) -> str:
    connection = await asyncpg.connect(
        host=memory.socket,
        port=memory.port,
        user=USER,
        password=memory.password,
        database="postgres",  # which nobody drops
        timeout=CONNECT_S,
    )
    try:
        return str(await connection.fetchval("SHOW data_directory"))
    finally:
        await connection.close()


def _apart(work: Coroutine[None, None, str]) -> str:
    """Run on a loop of its own, in a thread: the caller may have one running."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()
