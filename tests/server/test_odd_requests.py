"""Whatever stands in an address or a form, no page meets an error of ours."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from fastapi.routing import APIRoute

from remote_court import clock
from remote_court.assets import web_dir
from remote_court.config import Settings
from remote_court.db import Database
from remote_court.people.sessions import open_session
from remote_court.server.app import create_app
from remote_court.server.csrf import HEADER, token_for
from remote_court.server.identity import COOKIE
from remote_court.server.live import Hub
from remote_court.server.routers import ROUTERS
from remote_court.server.site import Site
from remote_court.visits.in_call import register_visits
from tests.browser.stage import Cast, make_cast

pytestmark = pytest.mark.long

ENDLESS = "/events"
IN_PATHS = ("0", "-1", "99999999999999999999", "۱۲", "x", "\x00", "%ff")
VALUES = (
    "",
    "-1",
    "9" * 30,
    "۱۴۰۵/۱۳/۹۹",
    "2026-02-30",
    "99:99",
    "\x00",
    "\ud7ff\u202e<b>",
    "x" * 3000,
    "[]",
)
IN_ADDRESSES = 200
"""So long are values in an address at most, for all fields to fit."""
NAMES = re.compile(r"""(?:name="|forms\.\w+\(")([a-z_]+)""")
PLACE = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Door:
    """A route of pages."""

    method: str
    path: str


FOR_PROGRAMS = ("/api/", "/whip/", "/whep/")
"""Doors for programs: the API's fuzzer tries them (test_schemathesis), with a media worker."""


def doors() -> Iterator[Door]:
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and not route.path.startswith(FOR_PROGRAMS):
                for method in sorted(route.methods & {"GET", "POST"}):
                    if not route.path.endswith(ENDLESS) and "sign-out" not in route.path:
                        yield Door(method, route.path)


def names() -> list[str]:
    """Every name that a field of our forms has, and those of addresses."""
    found = {"day", "month", "q", "cursor", "limit", "next", "inmate", "who", "office", "week"}
    for template in (web_dir() / "templates").rglob("*.html"):
        found |= set(NAMES.findall(template.read_text()))
    return sorted(found - {"csrf", "idempotency_key", "viewport"})


@pytest_asyncio.fixture
async def cast(database: Database) -> Cast:
    register_visits()
    async with database.transaction() as session:
        return await make_cast(session)


@pytest.fixture
def app(database: Database, tmp_path: Path) -> FastAPI:
    settings = Settings(mode="development", data_dir=tmp_path)
    return create_app(Site(settings, database, hub=Hub()))


@pytest_asyncio.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as made:
        yield made


def filled(cast: Cast, path: str) -> str:
    """The address with ids that there are."""
    ids = {f"{name}_id": number for name, number in cast.ids.items()}
    ids |= {"session_id": cast.ids["visit"], "unit_id": cast.ids["room"], "code": 11}
    ids |= {"entry_id": cast.ids["permit"], "message_id": cast.ids["message"], "device_id": 1}
    ids |= {"booth_id": cast.ids["booth"], "grant_id": 1}
    return PLACE.sub(lambda found: str(ids.get(found[1], 1)), path)


def addresses(cast: Cast, door: Door) -> Iterator[str]:
    yield filled(cast, door.path)
    if PLACE.search(door.path):
        for odd in IN_PATHS:
            yield PLACE.sub(lambda _, odd=odd: quote(odd), door.path)


@pytest.mark.parametrize(
    "role", ["family", "office_clerk", "office_manager", "prison_officer", "operator", "auditor"]
)
async def test_no_page_meets_an_error_of_ours(
    app: FastAPI, client: httpx.AsyncClient, database: Database, cast: Cast, role: str
) -> None:
    async with database.transaction() as session:
        word = await open_session(session, cast.people[role], clock.now())
    client.cookies.set(COOKIE, word)
    headers = {HEADER: token_for(app.state.site.key, word)}
    fields = names()
    broken: list[str] = []
    for door in doors():
        for address in addresses(cast, door):
            for value in VALUES:
                sent = dict.fromkeys(fields, value)
                if door.method == "POST":
                    sent["idempotency_key"] = uuid.uuid4().hex
                    answer = await client.post(address, data=sent, headers=headers)
                else:
                    sent = dict.fromkeys(fields, value[:IN_ADDRESSES])
                    answer = await client.get(address, params=sent)
                if answer.status_code >= 500:
                    broken.append(f"{door.method} {address} {value[:20]!r}")
                if answer.status_code in {403, 404}:
                    break  # whatever else is sent, this person gets no further here
    assert "\n".join(broken) == ""
