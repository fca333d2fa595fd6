"""A small country behind a site whose clock stands at noon, and a planner's browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import httpx
import pytest
import pytest_asyncio

from remote_court.db import Database
from remote_court.people import Role
from remote_court.server.site import Site
from tests.world import World, grant, make_world


@pytest_asyncio.fixture
async def world(site: Site, database: Database) -> World:
    async with database.transaction() as session:
        return await make_world(session)


@pytest.fixture(autouse=True)
def clock(site: Site, noon: datetime) -> None:
    site.now = lambda: noon


@pytest.fixture
def as_role(world: World, database: Database, signed_in):
    """A browser signed in as somebody new with a role that holds everywhere."""

    async def sign(role: Role) -> httpx.AsyncClient:
        async with database.transaction() as session:
            here = replace(world, session=session)
            made = await here.person("پویا", "نقشه‌کش")
            await grant(session, made, role, None)
        browser = await signed_in(made)
        browser.cookies.set("lang", "en", domain="127.0.0.1")
        return browser

    return sign
