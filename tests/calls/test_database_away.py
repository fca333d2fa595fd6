"""The database is away for ten seconds under a running talk: nobody notices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from remote_court import clock
from remote_court.calls import queries, sweeps
from remote_court.calls.models import Attendance
from remote_court.db import Database
from tests.calls.scene import make_scene
from tests.calls.stack import serving
from tests.calls.test_stack import present

pytestmark = pytest.mark.alone

AWAY_S = 10.0


class Gate:
    """The way to a server, which can be shut: connections break, and new ones are refused."""

    def __init__(self, host: str, port: int) -> None:
        self._target = host, port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def shut(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(*self._target)
        self._writers |= {writer, back}
        await asyncio.gather(copy(reader, back), copy(there, writer))


async def copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65_536):
            sink.write(data)
    except ConnectionError:
        return
    finally:
        sink.close()


@asynccontextmanager
async def gated(database: Database) -> AsyncIterator[tuple[Gate, Database]]:
    """The same database, through a gate."""
    url = make_url(database.url)
    gate = Gate(url.query.get("host", url.host) or "127.0.0.1", url.port or 5432)
    await gate.open()
    through = url.set(host="127.0.0.1", port=gate.port)
    made = Database(through.render_as_string(hide_password=False))
    try:
        yield gate, made
    finally:
        await made.close()
        gate.shut()


async def test_a_talk_goes_on_while_the_database_is_away(
    database: Database, tmp_path: Path
) -> None:
    async with database.transaction() as session:
        start = clock.now().replace(microsecond=0) - timedelta(seconds=5)
        scene = await make_scene(session, start=start)
    async with gated(database) as (gate, through), serving(through, tmp_path) as stack:
        async with (
            present(stack, scene.mother, "visitor", scene.visit_id) as mother,
            present(stack, scene.officer, "inmate", scene.visit_id) as son,
        ):
            for them in (mother, son):
                await them.until(lambda p: p.counts.kinds["video"] > 20, 20)
            gate.shut()
            until = clock.monotonic() + AWAY_S
            while clock.monotonic() < until:
                heard = mother.counts.kinds["audio"]
                await son.say({"type": "stats", "rtt_ms": 20})
                await mother.until(lambda p, n=heard: p.counts.kinds["audio"] > n + 20, 3)
            await gate.open()
            await asyncio.sleep(3)
            async with database.transaction() as session:
                await sweeps.lose_connections(session, clock.now())
                rows = (await session.scalars(select(Attendance))).all()
                assert [(row.left_at, row.left_reason) for row in rows] == [(None, None)] * 2
                found = await queries.living_workers(session, clock.now())
                assert [worker.id for worker, _ in found] == [stack.worker.worker_id]
                assert clock.now() - found[0][0].reported_at < timedelta(seconds=3)
            assert (mother.joins, son.joins) == (1, 1)
        async with asyncio.timeout(10):
            while True:
                async with database.transaction() as session:
                    rows = (await session.scalars(select(Attendance))).all()
                    if all(row.left_at for row in rows):
                        break
                await asyncio.sleep(0.2)
