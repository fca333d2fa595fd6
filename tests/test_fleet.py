"""Media workers as processes: started, watched, drained, ended with whoever started them."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import psutil
import pytest

from remote_court import clock
from remote_court.calls import queries
from remote_court.config import PREFIX, Settings
from remote_court.db import Database
from remote_court.fleet import Fleet, WorkerNotStarted
from tests.calls.site_process import site_process
from tests.serve_process import take_for_migrated

pytestmark = pytest.mark.alone


async def until(wish: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not await wish():  # noqa: ASYNC110 - another process has no event for us
            await asyncio.sleep(0.1)


async def test_workers_are_watched_drained_and_ended_with_the_site(
    database: Database, tmp_path: Path
) -> None:
    async with site_process(database, tmp_path, 2) as site:
        first = await site.workers()
        assert len(first) == len(site.worker_processes()) == 2
        assert len({worker.url for worker in first}) == 2
        listed = await site.listed()
        assert {row["id"] for row in listed} == {worker.id for worker in first}
        assert {row["calls"] for row in listed} == {0}
        health = first[0].url.replace("ws:", "http:").replace("/ws/call", "/readyz")
        async with httpx.AsyncClient() as client:
            assert (await client.get(health)).json() == {"status": "ok"}
            figures = (await client.get(health.replace("/readyz", "/metrics"))).text
        assert f'remote_court_media_rooms{{worker="{first[0].id}"}} 0.0' in figures
        assert first[1].id not in figures

        victim = await site.process_of(first[0].id)
        began = clock.monotonic()
        victim.kill()

        async def retired() -> bool:
            return first[0].id not in {worker.id for worker in await site.workers()}

        await until(retired)
        assert clock.monotonic() - began < 3

        async def replaced() -> bool:
            return len(await site.workers()) == 2

        await until(replaced)
        now = await site.workers()
        assert {worker.url for worker in now} == {worker.url for worker in first}
        assert first[0].id not in {worker.id for worker in now}
        assert b"media worker 1" in site.said

        await site.run("workers", "drain", now[1].id, "--wait")

        async def left() -> bool:
            return len(site.worker_processes()) == 1

        await until(left)
        await asyncio.sleep(1.5)  # longer than a worker that died would take to come again
        assert [worker.id for worker in await site.workers()] == [now[0].id]
        assert len(site.worker_processes()) == 1


async def test_workers_whose_site_was_killed_end_themselves(
    database: Database, tmp_path: Path
) -> None:
    async with site_process(database, tmp_path, 1) as site:
        children = site.worker_processes()
        assert children
        site.process.send_signal(signal.SIGKILL)
        _, alive = await asyncio.to_thread(psutil.wait_procs, children, 20)
        assert alive == []
        assert await site.workers() == []


async def test_a_worker_by_itself_serves_and_leaves_as_it_is_told(
    database: Database, tmp_path: Path
) -> None:
    told = {
        "DATABASE_URL": database.url.replace("+asyncpg", ""),
        "DATA_DIR": tmp_path,
        "MEDIA_PORT": 0,
        "WORKER_URL": "https://court.example/worker/{number}",
    }
    kept = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "remote_court", "workers", "run", "--number", "2"),
        env=kept | {f"{PREFIX}{name}": str(value) for name, value in told.items()},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    said = await asyncio.wait_for(process.stdout.readline(), 60)
    async with database.transaction() as session:
        ((worker, _),) = await queries.living_workers(session, clock.now())
    assert said.decode().startswith(worker.id)
    assert worker.url == "wss://court.example/worker/2/ws/call"
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 30) == 0
    async with database.transaction() as session:
        assert await queries.living_workers(session, clock.now()) == []
        ended = await queries.worker(session, worker.id)
        assert ended is not None
        assert ended.stopped_at is not None


async def test_a_worker_whose_port_is_taken_is_an_error_at_once(
    database: Database, tmp_path: Path
) -> None:
    await take_for_migrated(database)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        settings = Settings(
            data_dir=tmp_path, media_workers=1, media_port=taken.getsockname()[1], port=1
        )
        gone: list[str] = []

        async def note(worker_id: str) -> None:
            gone.append(worker_id)

        fleet = Fleet(settings, database.url, note)
        with pytest.raises(WorkerNotStarted):
            await fleet.start()
        assert gone == []
