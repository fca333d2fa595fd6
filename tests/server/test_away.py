"""A database that is away, or has no connection left, is told so: it is no error of ours."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from remote_court.config import Settings
from remote_court.db import Database, DatabaseAway, away
from remote_court.server.app import create_app
from remote_court.server.identity import COOKIE
from remote_court.server.site import Site
from tests.server.conftest import browser

PAGES = ("/visits", "/sign-in", "/register", "/")


def nowhere(url: str) -> str:
    """The same database at an address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = make_url(url).set(host="127.0.0.1", port=port, query={})
    return made.render_as_string(hide_password=False)


@pytest.fixture
async def lost(database, tmp_path: Path):
    gone = Database(nowhere(database.url))
    app = create_app(Site(Settings(mode="development", data_dir=tmp_path), gone))
    async with browser(app) as opened:
        opened.cookies[COOKIE] = "somebody"
        yield opened
    await gone.close()


async def test_a_program_is_told_to_try_again(lost):
    for path in ("/api/v1/me", "/api/v1/visits", "/api/v1/offices"):
        answer = await lost.get(path, headers={"authorization": "Bearer a-token"})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == "/problems/database-away"


@pytest.mark.parametrize(
    ("locale", "words"), [("fa", "در دسترس نیست"), ("en", "cannot be reached just now")]
)
async def test_a_reader_sees_a_page_in_their_language(lost, locale, words):
    for path in PAGES:
        answer = await lost.get(path, headers={"accept-language": locale})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10"), path
        assert words in answer.text


async def test_a_form_is_answered_so_too(lost):
    answer = await lost.post("/sign-in", data={"identifier": "1", "password": "x"})
    assert answer.status_code == 503


async def test_what_needs_no_records_is_served(lost):
    assert (await lost.get("/healthz")).status_code == 200


async def test_all_connections_taken_is_no_crash(database, tmp_path: Path):
    small = Database(database.url, pool=1, wait_s=0.2)
    app = create_app(Site(Settings(mode="development", data_dir=tmp_path), small))
    async with browser(app) as client, small.transaction() as holder:
        await holder.execute(text("SELECT 1"))
        answer = await client.get("/api/v1/me", headers={"authorization": "Bearer a-token"})
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/database-away")
    await small.close()


async def cut_off(session, other) -> None:
    """Somebody ends this session's connection, and it asks once more."""
    pid = await session.scalar(text("SELECT pg_backend_pid()"))
    await other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    await asyncio.sleep(0.1)
    await session.execute(text("SELECT 1"))


async def test_a_connection_cut_in_the_middle_is_told_apart_from_an_error(database):
    async with database.sessions() as other, database.sessions() as session:
        with pytest.raises(DBAPIError) as cut:
            await cut_off(session, other)
        assert away(cut.value)
        with pytest.raises(DBAPIError) as wrong:
            await other.execute(text("SELECT nonsense"))
        assert not away(wrong.value)


async def test_nobody_listening_is_the_database_being_away(database):
    gone = Database(nowhere(database.url))
    with pytest.raises(DatabaseAway):
        async with gone.transaction() as session:
            await session.execute(text("SELECT 1"))
    await gone.close()
