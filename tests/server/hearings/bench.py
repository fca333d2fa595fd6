"""A branch behind a site whose clock stands at noon."""

from __future__ import annotations

from datetime import datetime

import httpx
import pytest
import pytest_asyncio

from remote_court.db import Database
from remote_court.people import Person
from remote_court.server.site import Site
from tests.browser.court import Bench, make_bench
from tests.world import make_world


@pytest_asyncio.fixture
async def bench(site: Site, database: Database, noon: datetime) -> Bench:
    site.now = lambda: noon
    async with database.transaction() as session:
        return await make_bench(await make_world(session), noon)


@pytest.fixture
def as_person(signed_in, database):
    """A browser signed in as whoever has this id, in English."""

    async def sign(person_id: int) -> httpx.AsyncClient:
        async with database.transaction() as session:
            person = await session.get(Person, person_id)
        browser = await signed_in(person)
        browser.cookies.set("lang", "en", domain="127.0.0.1")
        return browser

    return sign


@pytest_asyncio.fixture
async def clerk(bench: Bench, as_person) -> httpx.AsyncClient:
    return await as_person(bench.court.clerk.person_id)


@pytest_asyncio.fixture
async def judge(bench: Bench, as_person) -> httpx.AsyncClient:
    return await as_person(bench.court.judge.person_id)


__all__ = ["as_person", "bench", "clerk", "judge"]
