"""`remote-court serve` as a process of its own, on loopback, until a block ends."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from remote_court import schema
from remote_court.config import PREFIX
from remote_court.db import Database
from tests.calls.stack import free_port
from tests.netns.network import Place

PATIENCE_S = 90


@dataclass
class ServeProcess:
    """The running command: where it listens, what it was told, and what it says."""

    port: int
    process: asyncio.subprocess.Process
    environment: dict[str, str]
    said: bytearray
    reading: asyncio.Task[None]

    async def end(self) -> int:
        """Let it end, unless it has; its return code once it has said its last word."""
        if self.process.returncode is None:
            self.process.terminate()
        await asyncio.wait_for(self.reading, PATIENCE_S)
        return await self.process.wait()


async def take_for_migrated(database: Database) -> None:
    """Let `serve` take a database that was made from the models."""
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE alembic_version (version_num varchar(32))"))
        await connection.execute(
            text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": schema.newest()}
        )


def environment(database: Database, data_dir: Path, **settings: object) -> dict[str, str]:
    """The settings of a site for development as variables, and nothing of who runs the test."""
    told = {
        "DATABASE_URL": database.url.replace("+asyncpg", ""),
        "DATA_DIR": data_dir,
        "MODE": "development",
        "MEDIA_PORT": 0,
    } | settings
    kept = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
    return kept | {f"{PREFIX}{name}": str(value) for name, value in told.items()}


@asynccontextmanager
async def serve_process(
    database: Database,
    data_dir: Path,
    *words: str,
    place: Place | None = None,
    **settings: object,
) -> AsyncIterator[ServeProcess]:
    """Run the command, and wait until it says where it is; it is killed where nobody ended it.

    Args:
        place: where it runs; default: on this machine.
    """
    port = free_port()
    variables = environment(database, data_dir, **{"PORT": port, **settings})
    command = [sys.executable, "-m", "remote_court", "serve", *words]
    process = await asyncio.create_subprocess_exec(
        *(place.command(*command) if place else command),
        env=variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    said = bytearray()
    try:
        async with asyncio.timeout(PATIENCE_S):
            while b"Remote Court is at" not in said:
                line = await process.stdout.readline()
                assert line, said.decode()
                said += line
        reading = asyncio.create_task(read_on(process.stdout, said))
        yield ServeProcess(port, process, variables, said, reading)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def read_on(stream: asyncio.StreamReader, said: bytearray) -> None:
    """Keep what it says, until nobody can say anything more."""
    while line := await stream.readline():
        said += line
