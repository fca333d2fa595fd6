"""A site on a database of its own, a browser that keeps cookies, and people to be."""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from remote_court import clock, policy
from remote_court.config import Settings
from remote_court.db import Database
from remote_court.identifiers import synthetic_national_id
from remote_court.people import AccountStatus, Gender, Grant, Person, Role, SanaAccount, sessions
from remote_court.people.passwords import hash_now
from remote_court.server.app import create_app
from remote_court.server.site import Site

PASSWORD = "three blue camels"
CODE = "135790"
HASH = hash_now(PASSWORD)


@pytest_asyncio.fixture
async def site(database: Database, tmp_path: Path) -> Site:
    async with database.transaction() as session:
        await policy.seed_defaults(session, clock.now())
    return Site(Settings(mode="development", data_dir=tmp_path), database)


@pytest.fixture
def app(site: Site) -> FastAPI:
    return create_app(site)


def browser(app: FastAPI, **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers)


@pytest_asyncio.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(app) as opened:
        yield opened


class MakePerson(Protocol):
    async def __call__(
        self, *grants: tuple[Role, int | None], demo: bool = False, **account: object
    ) -> Person: ...


@pytest.fixture
def person(site: Site) -> MakePerson:
    """A person with an active account, whose password is PASSWORD."""
    numbers = itertools.count(1)

    async def make(
        *grants: tuple[Role, int | None], demo: bool = False, **account: object
    ) -> Person:
        now = clock.now()
        made = Person(
            national_id=synthetic_national_id(next(numbers)),
            given_name="مریم",
            family_name="رضایی",
            gender=Gender.FEMALE,
            born_on=date(1980, 5, 1),
            mobile="+989120000001",
            province_code="23",
            nationality="IR",
        )
        values = {"status": AccountStatus.ACTIVE, "password_hash": HASH} | account
        async with site.database.transaction() as session:
            session.add(made)
            await session.flush()
            code = CODE if demo else None
            session.add(
                SanaAccount(person_id=made.id, opened_at=now, demo_code=code, failures=0, **values)
            )
            for role, place in grants:
                session.add(Grant(person_id=made.id, role=role, place_id=place, granted_at=now))
        return made

    return make


SignIn = Callable[[Person], Awaitable[httpx.AsyncClient]]


@pytest_asyncio.fixture
async def signed_in(app: FastAPI, site: Site) -> AsyncIterator[SignIn]:
    """A browser that is signed in as somebody, without the trouble of the pages."""
    opened: list[httpx.AsyncClient] = []

    async def sign_in(who: Person) -> httpx.AsyncClient:
        async with site.database.transaction() as session:
            token = await sessions.open_session(session, who.id, site.now())
        made = browser(app)
        made.cookies.set("rc_session", token, domain="127.0.0.1")
        opened.append(made)
        return made

    yield sign_in
    for each in opened:
        await each.aclose()


@pytest_asyncio.fixture
async def bearer(app: FastAPI, site: Site) -> AsyncIterator[SignIn]:
    """A program that speaks for somebody."""
    opened: list[httpx.AsyncClient] = []

    async def give(who: Person) -> httpx.AsyncClient:
        async with site.database.transaction() as session:
            token = await sessions.open_token(session, who.id, site.now())
        made = browser(app, authorization=f"Bearer {token}", **{"accept-language": "en"})
        opened.append(made)
        return made

    yield give
    for each in opened:
        await each.aclose()


SendForm = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def send() -> SendForm:
    """Open a page, and send its form as a browser would, hidden fields included."""

    async def fill(
        client: httpx.AsyncClient, page: str, action: str | None = None, **fields: object
    ) -> httpx.Response:
        shown = await client.get(page)
        assert shown.status_code == 200, shown.text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown.text))
        return await client.post(action or page, data=hidden | fields)

    return fill


@pytest.fixture
def instant() -> datetime:
    return datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
