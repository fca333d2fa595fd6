"""A process that carries calls: one media worker with its own ports, and nothing else."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict

from fastapi import FastAPI

from remote_court import serving
from remote_court.app import ended, register_kinds
from remote_court.config import Settings
from remote_court.db import Database
from remote_court.fleet import DRAINED, LEAVE_S, Introduction
from remote_court.server.calls.hosting import hosting
from remote_court.server.calls.media_app import create_media_app
from remote_court.server.live import Hub, listening
from remote_court.server.site import Site
from remote_court.telemetry import start_logging

log = logging.getLogger(__name__)
STDIN = 0


class WorkerProcess:
    """Serves one worker until it is told to stop, drained, or left behind by who started it.

    Args:
        settings: the site's; ``port`` is that of this worker's signalling.
        number: which of the workers of this machine it is.
        udp_port: the media's.
        parent: the end of a pipe that whoever started us keeps open; none: nobody does.
        ready: told once it serves.
    """

    def __init__(
        self,
        settings: Settings,
        number: int,
        udp_port: int,
        *,
        parent: int | None,
        ready: Callable[[Introduction], None],
    ) -> None:
        self._number = number
        self._udp_port = udp_port
        self._parent = parent
        self._ready = ready
        self._taken, self._settings = serving.listen(settings)
        register_kinds()
        url = database_url(settings)
        database = Database(url, pool=settings.database_pool)
        self._site = Site(settings, database, hub=Hub())
        self._drained = False
        app = create_media_app(self._site, self._lifespan)
        self._server = serving.server_of(app, self._settings, self._introduce)

    def run(self) -> int:
        """Serve; the status to exit with."""
        with self._taken:
            self._server.run([self._taken])
        return DRAINED if self._drained else int(not self._server.started)

    @asynccontextmanager
    async def _lifespan(self, _app: FastAPI) -> AsyncIterator[None]:
        site, loop = self._site, asyncio.get_running_loop()
        base = site.settings.worker_origin(self._number, self._settings.port)
        tasks = [asyncio.create_task(listening(site.hub, site.database.url))]
        try:
            async with hosting(site, base=base, udp_port=self._udp_port) as worker:
                tasks.append(asyncio.create_task(self._leave_when(worker.drained)))
                if self._parent is not None:
                    loop.add_reader(self._parent, self._parent_spoke)
                yield
        finally:
            if self._parent is not None:
                loop.remove_reader(self._parent)
            await ended(tasks)
            await site.database.close()

    async def _leave_when(self, drained: asyncio.Event) -> None:
        await drained.wait()
        log.info("nobody is left here: this worker was drained")
        self._drained = True
        self._server.should_exit = True

    def _parent_spoke(self) -> None:
        """Whoever started us says nothing more: what comes is the end of the pipe."""
        assert self._parent is not None
        if os.read(self._parent, 4096):
            return
        log.warning("whoever started this worker is gone: it ends")
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._parent)
        loop.call_later(LEAVE_S, os._exit, 1)
        self._server.should_exit = True

    def _introduce(self) -> None:
        worker = self._site.worker
        self._ready(Introduction(worker.worker_id, worker.port.number, self._settings.port))


def database_url(settings: Settings) -> str:
    """The database's address as our driver wants it; it runs already."""
    assert settings.database_url is not None, "whoever starts a worker names the database"
    with serving.postgres(settings) as url:
        return url


def main() -> int:
    """Be the worker that standard input describes."""
    with open(STDIN, "rb", buffering=0, closefd=False) as pipe:
        told = json.loads(pipe.readline())
    number = int(told["number"])
    settings = Settings(**told["settings"] | {"port": told["tcp_port"]})
    start_logging(settings.log_level, f"media worker {number}")
    process = WorkerProcess(settings, number, int(told["udp_port"]), parent=STDIN, ready=introduce)
    return process.run()


def introduce(who: Introduction) -> None:
    """Say who we are to whoever started us."""
    sys.stdout.write(json.dumps(asdict(who)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
