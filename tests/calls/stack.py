"""A whole site on a real port: web server, database, hub, relay and media worker."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from remote_court import clock
from remote_court.calls.admit import admit
from remote_court.calls.kinds import Asker
from remote_court.config import Settings
from remote_court.db import Database
from remote_court.server.app import create_app
from remote_court.server.calls.hosting import hosting
from remote_court.server.live import Hub, listening, relaying
from remote_court.server.site import Site
from remote_court.tickets import mint
from remote_court.video.worker import Worker


@dataclass
class Stack:
    """What a test talks to."""

    site: Site
    origin: str
    carrier: AsyncExitStack

    @property
    def worker(self) -> Worker:
        """The worker that carries calls now."""
        worker = self.site.worker
        assert isinstance(worker, Worker)
        return worker

    async def replace_worker(self) -> None:
        """The worker goes away, and another comes."""
        await self.carrier.aclose()
        await self.carrier.enter_async_context(hosting(self.site))

    async def ticket(self, asker: Asker, role: str, session_id: int) -> tuple[str, str]:
        """A ticket and its address, as the API would give them."""
        async with self.site.database.transaction() as session:
            entry = await admit(session, asker, role, session_id, clock.now())
        return entry.url, mint(entry.ticket, self.site.key)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serving(database: Database, data_dir: Path) -> AsyncIterator[Stack]:
    """Serve until the context ends."""
    settings = Settings(mode="development", data_dir=data_dir, port=free_port(), media_port=0)
    site = Site(settings, database, hub=Hub())
    tasks = [
        asyncio.create_task(listening(site.hub, database.url)),
        asyncio.create_task(relaying(database, clock.now)),
    ]
    config = uvicorn.Config(
        create_app(site),
        port=settings.port,
        log_level="warning",
        ws="websockets-sansio",
        lifespan="off",
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    async with AsyncExitStack() as carrier:
        await carrier.enter_async_context(hosting(site))
        yield Stack(site, settings.origin, carrier)
    site.hub.end()
    server.should_exit = True
    await running
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
