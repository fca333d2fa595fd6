"""A small country behind a site whose clock can be set, and a clerk's and a manager's browser."""

from __future__ import annotations

from datetime import datetime

import httpx
import pytest
import pytest_asyncio

from remote_court import policy
from remote_court.db import Database
from remote_court.people import Person
from remote_court.server.live import Hub
from remote_court.server.site import Site
from remote_court.visits.book import Booked, book
from remote_court.visits.request import Request
from tests.world import FREE_START, World, make_world


@pytest_asyncio.fixture
async def world(site: Site, database: Database) -> World:
    async with database.transaction() as session:
        return await make_world(session)


@pytest.fixture
def clock(site: Site, noon: datetime):
    """``clock(instant)`` sets the site's clock; it begins at noon."""
    site.now = lambda: noon

    def put(instant: datetime) -> None:
        site.now = lambda: instant

    return put


@pytest.fixture(autouse=True)
def hub(site: Site, clock) -> Hub:
    site.hub = Hub()
    return site.hub


@pytest.fixture
def as_person(signed_in, database):
    """A browser signed in as whoever has this id."""

    async def sign(person_id: int, locale: str = "en") -> httpx.AsyncClient:
        async with database.transaction() as session:
            person = await session.get(Person, person_id)
        browser = await signed_in(person)
        browser.cookies.set("lang", locale, domain="127.0.0.1")
        return browser

    return sign


@pytest_asyncio.fixture
async def clerk(world: World, as_person) -> httpx.AsyncClient:
    return await as_person(world.clerk.person_id)


@pytest_asyncio.fixture
async def manager(world: World, as_person) -> httpx.AsyncClient:
    return await as_person(world.manager.person_id)


@pytest.fixture
def booked(world: World, database: Database, noon: datetime):
    """Book a visit of somebody new; more people and places than one visit needs."""

    async def make(*, starts_at: datetime = FREE_START, **more: object) -> Booked:
        async with database.transaction() as session:
            world.session = session
            inmate = await world.another_inmate()
            visitor = await world.relative(inmate=inmate, family="صالحی")
            request = Request(
                inmate_id=inmate.id,
                office_id=world.office.id,
                starts_at=starts_at,
                visitor_ids=(visitor.id,),
                booked_for=visitor.id,
                **more,
            )
            rule = await policy.current(session, noon.date())
            return await book(session, world.actor(visitor), request, noon, rule)

    return make
