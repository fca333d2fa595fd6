"""A small country behind a site whose clock stands at noon, and callers who are signed in."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime

import httpx
import pytest
import pytest_asyncio

from remote_court.db import Database
from remote_court.people.sessions import open_token
from remote_court.server.site import Site
from tests.world import World, make_world

Call = Callable[..., Awaitable[httpx.Response]]


@pytest_asyncio.fixture
async def world(database: Database) -> World:
    async with database.transaction() as session:
        return await make_world(session)


@pytest.fixture(autouse=True)
def clock(site: Site, noon: datetime) -> None:
    site.now = lambda: noon


@pytest_asyncio.fixture
async def call(client: httpx.AsyncClient, database: Database, noon: datetime) -> Call:
    """``await call(person_id, "POST", "/visits", json=…)`` with a token and a fresh key."""

    async def ask(
        person_id: int, method: str, path: str, *, key: str | None = None, **more: object
    ) -> httpx.Response:
        async with database.transaction() as session:
            token = await open_token(session, person_id, noon)
        headers = {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": key or uuid.uuid4().hex,
            "Accept-Language": "en",
        }
        return await client.request(method, f"/api/v1{path}", headers=headers, **more)  # type: ignore[arg-type]

    return ask
