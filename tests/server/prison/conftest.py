"""A small country behind a site whose clock stands at noon, and an officer's browser."""

from __future__ import annotations

from datetime import datetime

import httpx
import pytest
import pytest_asyncio

from remote_court.db import Database
from remote_court.people import Person
from remote_court.server.site import Site
from tests.world import World, make_world


@pytest_asyncio.fixture
async def world(site: Site, database: Database) -> World:
    async with database.transaction() as session:
        return await make_world(session)


@pytest.fixture(autouse=True)
def clock(site: Site, noon: datetime) -> None:
    site.now = lambda: noon


@pytest.fixture
def as_person(signed_in, database):
    """A browser signed in as whoever has this id."""

    async def sign(person_id: int) -> httpx.AsyncClient:
        async with database.transaction() as session:
            person = await session.get(Person, person_id)
        browser = await signed_in(person)
        browser.headers["accept-language"] = "en"
        browser.cookies.set("lang", "en", domain="127.0.0.1")
        return browser

    return sign


@pytest_asyncio.fixture
async def officer(world: World, as_person) -> httpx.AsyncClient:
    return await as_person(world.officer.person_id)
