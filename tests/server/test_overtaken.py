"""A transaction that had to give way to another is told so, and may be sent again."""

from __future__ import annotations

import asyncio

from fastapi import Depends, FastAPI

from remote_court.scheduling.hold import lock
from remote_court.server.deps import SiteDep
from remote_court.server.guards import public


def crossing(app: FastAPI) -> None:
    """Two addresses that take two locks, each in the other's order."""
    met = {1: asyncio.Event(), 2: asyncio.Event()}

    @app.get("/api/v1/cross/{first}/{second}", dependencies=[Depends(public)])
    async def cross(site: SiteDep, first: int, second: int) -> str:
        async with site.database.transaction() as session:
            await lock(session, [first])
            met[first].set()
            await met[second].wait()
            await lock(session, [second])
            return "done"


async def test_a_deadlock_is_a_conflict_for_one_of_two_and_never_a_crash(app, client):
    crossing(app)
    answers = await asyncio.gather(client.get("/api/v1/cross/1/2"), client.get("/api/v1/cross/2/1"))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (overtaken,) = (answer for answer in answers if answer.status_code == 409)
    assert overtaken.json()["type"] == "/problems/conflict"


async def test_sessions_see_what_was_committed_before_each_statement(site):
    async with site.database.sessions() as session:
        connection = await session.connection()
        level = await connection.exec_driver_sql("SHOW transaction_isolation")
        assert level.scalar_one() == "read committed"
