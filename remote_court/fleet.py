"""The media worker processes of this site: started, watched, started again, ended."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from remote_court.clock import monotonic
from remote_court.config import Settings
from remote_court.errors import CourtError

log = logging.getLogger(__name__)

PROGRAM = "remote_court.worker_process"
DRAINED = 3
"""The status of a worker that left because it was drained: it is not started again."""

READY_S = 60.0
LEAVE_S = 12.0
STEADY_S = 30.0
PAUSES_S = (0.0, 0.5, 1.0, 2.0, 5.0)
"""How long to wait before a worker that died is started again, by how often it died at once."""

Gone = Callable[[str], Awaitable[None]]


class WorkerNotStarted(CourtError):
    """A media worker could not be started; the log says why. Is its port taken?"""


@dataclass(frozen=True, slots=True)
class Introduction:
    """What a worker process says once it serves."""

    worker_id: str
    udp_port: int
    tcp_port: int


class Post:
    """One place in the fleet: the worker that stands there now, and its ports, which it keeps.

    ``gone`` is told the id of each worker that ended by whatever means.
    """

    def __init__(self, number: int, settings: Settings, url: str, gone: Gone) -> None:
        self.number = number
        self.ready = asyncio.Event()
        self.worker: Introduction | None = None
        self.pid: int | None = None
        self._settings = settings
        self._url = url
        self._gone = gone
        port = settings.media_port and settings.media_port + number - 1
        self._udp_port, self._tcp_port = port, port

    async def keep(self) -> None:
        """Have a worker here until cancelled, or until one was drained."""
        falls = 0
        while True:
            began = monotonic()
            status = await self._one_life()
            if status == DRAINED:
                log.warning("media worker %d was drained and has left", self.number)
                return
            if not self.ready.is_set():
                raise WorkerNotStarted
            falls = falls + 1 if monotonic() - began < STEADY_S else 0
            pause_s = PAUSES_S[min(falls, len(PAUSES_S) - 1)]
            log.error("media worker %d ended with %d; another takes its place", self.number, status)
            await asyncio.sleep(pause_s)

    async def _one_life(self) -> int:
        """One process from start to end; its status, negative where a signal ended it."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", PROGRAM, stdin=PIPE, stdout=PIPE, start_new_session=True
        )
        self.pid = process.pid
        try:
            await self._introduce(process)
            return await process.wait()
        finally:
            await self._see_off(process)

    async def _introduce(self, process: Process) -> None:
        """Tell it who it is by its standard input, which stays open for as long as we live."""
        assert process.stdin is not None
        assert process.stdout is not None
        told = {
            "number": self.number,
            "udp_port": self._udp_port,
            "tcp_port": self._tcp_port,
            "settings": self._settings.revealed()
            | {"database_url": self._url, "base_url": self._settings.origin},
        }
        process.stdin.write(json.dumps(told, default=str).encode() + b"\n")
        try:
            line = await asyncio.wait_for(process.stdout.readline(), READY_S)
        except TimeoutError:
            log.warning("media worker %d does not get ready", self.number)
            return
        if line:
            self.worker = Introduction(**json.loads(line))
            self._udp_port, self._tcp_port = self.worker.udp_port, self.worker.tcp_port
            self.ready.set()
            log.info(
                "media worker %d is %s, process %d, port %d",
                self.number, self.worker.worker_id, process.pid, self._udp_port,
            )  # fmt: skip

    async def _see_off(self, process: Process) -> None:
        """End what still runs, and say that it is gone."""
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), LEAVE_S)
            except TimeoutError:
                process.kill()
                await process.wait()
        ended, self.worker, self.pid = self.worker, None, None
        if ended is not None:
            await self._gone(ended.worker_id)


class Fleet:
    """All media worker processes of a site."""

    def __init__(self, settings: Settings, url: str, gone: Gone) -> None:
        numbers = range(1, settings.media_workers + 1)
        self.posts = [Post(number, settings, url, gone) for number in numbers]
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start all, and wait until they serve.

        Raises:
            WorkerNotStarted: one of them could not.
        """
        self._tasks = [asyncio.create_task(post.keep()) for post in self.posts]
        waiting = [asyncio.create_task(self._all_ready())]
        await asyncio.wait([*waiting, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        if not waiting[0].done():
            waiting[0].cancel()
            await self.stop()
            raise WorkerNotStarted

    async def _all_ready(self) -> None:
        for post in self.posts:
            await post.ready.wait()

    async def stop(self) -> None:
        """End all, and wait until they are gone."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
