"""A visit at noon behind a site whose clock stands still, and callers who are signed in."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text, update

from remote_court.calls import workers
from remote_court.calls.workers import Load
from remote_court.db import Base, Database
from remote_court.people import SanaAccount
from remote_court.people.sessions import open_session, open_token
from remote_court.people.tokens import mint
from remote_court.server.identity import COOKIE
from remote_court.server.site import Site
from tests.calls.scene import WORKER, Scene, make_scene
from tests.conftest import admin, within

Call = Callable[..., Awaitable[httpx.Response]]
Sign = Callable[[int], Awaitable[None]]


@pytest_asyncio.fixture(scope="package")
async def one_database(postgres: str, template: str) -> AsyncIterator[Database]:
    """One database for the whole package; every test finds it empty, but for the record."""
    name = f"calls_{uuid.uuid4().hex[:12]}"
    await admin(postgres, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    made = Database(within(postgres, name))
    yield made
    await made.close()
    await admin(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def database(one_database: Database) -> Database:
    kept = {"audit_entry", "audit_seal"}  # the record refuses to forget
    tables = ", ".join(f'"{table}"' for table in Base.metadata.tables if table not in kept)
    async with one_database.transaction() as session:
        await session.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    return one_database


@pytest.fixture(autouse=True)
def clock(site: Site, noon: datetime) -> None:
    site.now = lambda: noon


@pytest_asyncio.fixture
async def scene(database: Database) -> Scene:
    async with database.transaction() as session:
        made = await make_scene(session)
        await workers.report(session, WORKER, Load(), made.start)
        await session.execute(update(SanaAccount).values(demo_code=mint()))
        return made


@pytest_asyncio.fixture
async def call(client: httpx.AsyncClient, database: Database, noon: datetime) -> Call:
    """``await call(person_id, "/sessions/1/tickets", {"as": "visitor"})`` with a token."""

    async def ask(person_id: int, path: str, body: object) -> httpx.Response:
        async with database.transaction() as session:
            token = await open_token(session, person_id, noon)
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        return await client.post(f"/api/v1{path}", headers=headers, json=body)

    return ask


@pytest_asyncio.fixture
async def sign_in(client: httpx.AsyncClient, database: Database, noon: datetime) -> Sign:
    """Make the client's browser somebody's."""

    async def sign(person_id: int) -> None:
        async with database.transaction() as session:
            client.cookies.set(COOKIE, await open_session(session, person_id, noon))
        client.cookies.set("lang", "en")

    return sign


async def send(client: httpx.AsyncClient, page: str, path: str, **fields: str) -> httpx.Response:
    """Fill a form of a page in and send it."""
    shown = await client.get(page)
    found = re.search(r'name="csrf" value="([^"]+)"', shown.text)
    assert found, shown.text
    form = {"csrf": found[1], "idempotency_key": uuid.uuid4().hex, **fields}
    return await client.post(path, data=form)
