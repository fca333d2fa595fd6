"""`remote-court serve` as a process of its own, with media workers of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from remote_court import clock
from remote_court.calls import queries
from remote_court.calls.models import MediaWorker
from remote_court.db import Database
from remote_court.people.sessions import open_token
from tests.serve_process import PATIENCE_S, serve_process, take_for_migrated


@dataclass
class SiteProcess:
    """A running site, as its operator and its clients see it."""

    origin: str
    database: Database
    process: asyncio.subprocess.Process
    environment: dict[str, str]
    said: bytearray

    async def workers(self) -> list[MediaWorker]:
        """The workers that live, by address."""
        async with self.database.transaction() as session:
            return [found for found, _ in await queries.living_workers(session, clock.now())]

    async def worker_of(self, session_id: int) -> str | None:
        """Where a call lives."""
        async with self.database.transaction() as session:
            call = await queries.call(session, session_id)
            return call.worker_id if call else None

    def worker_processes(self) -> list[psutil.Process]:
        """The processes of the workers, by age."""
        children = psutil.Process(self.process.pid).children()
        found = [c for c in children if "remote_court.worker_process" in c.cmdline()]
        return sorted(found, key=lambda child: child.create_time())

    def worker_ports(self) -> list[int]:
        """Where the workers' signalling listens."""
        return [
            found.laddr.port
            for child in self.worker_processes()
            for found in child.net_connections("tcp")
            if found.status == psutil.CONN_LISTEN
        ]

    async def process_of(self, worker_id: str) -> psutil.Process:
        """The process of a worker, found by the port it listens on."""
        (port,) = {w.udp_port for w in await self.workers() if w.id == worker_id}
        for child in self.worker_processes():
            if port in {c.laddr.port for c in child.net_connections("udp")}:
                return child
        raise AssertionError(f"no process holds UDP {port}")

    async def ticket(self, person_id: int, role: str, session_id: int) -> tuple[str, str]:
        """A ticket and its address, by the API."""
        async with self.database.transaction() as session:
            token = await open_token(session, person_id, clock.now())
        async with httpx.AsyncClient(base_url=self.origin) as client:
            answer = await client.post(
                f"/api/v1/sessions/{session_id}/tickets",
                json={"as": role},
                headers={"Authorization": f"Bearer {token}"},
            )
        assert answer.status_code == 200, answer.text
        return answer.json()["url"], answer.json()["ticket"]

    async def renew(self, resume: str, session_id: int) -> tuple[str, str] | None:
        """A ticket for a resume token, by the API; none while no worker lives."""
        async with httpx.AsyncClient(base_url=self.origin, timeout=10) as client:
            answer = await client.post(
                f"/api/v1/sessions/{session_id}/resume",
                headers={"Authorization": f"Bearer {resume}"},
            )
        if answer.status_code == 503:
            return None
        assert answer.status_code == 200, answer.text
        return answer.json()["url"], answer.json()["ticket"]

    async def run(self, *words: str) -> bytes:
        """What a command of the operator's says."""
        made = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "remote_court",
            *words,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await asyncio.wait_for(made.communicate(), PATIENCE_S)
        assert made.returncode == 0, said
        return said

    async def listed(self) -> list[dict[str, object]]:
        """What `remote-court workers --json` says."""
        found: list[dict[str, object]] = json.loads(await self.run("workers", "--json"))
        return found


@asynccontextmanager
async def site_process(
    database: Database, data_dir: Path, workers: int, **settings: object
) -> AsyncIterator[SiteProcess]:
    """Run the command until the context ends; it must then end well, its workers with it."""
    await take_for_migrated(database)
    words = f"--media-workers={workers}"
    async with serve_process(database, data_dir, words, **settings) as served:
        process, said = served.process, served.said
        origin = f"http://127.0.0.1:{served.port}"
        site = SiteProcess(origin, database, process, served.environment, said)
        yield site
        children = site.worker_processes() if process.returncode is None else []
        assert await served.end() in {0, -9}, said.decode()
        assert not [child for child in children if child.is_running()]
