"""At the desk, a visit that must be followed in its language asks who knows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import pytest_asyncio
from sqlalchemy import select

from remote_court.audit import AuditEntry
from remote_court.people.inmates import Inmate
from remote_court.people.sessions import open_session
from remote_court.visits.consular import ConsularPapers
from remote_court.visits.models import Visit
from tests.server.visits.test_wizard import Browser
from tests.world import FREE_START

DAY = date(2026, 11, 29)


@pytest_asyncio.fixture
async def people(database, world):
    """A consul with papers for a security convict, and somebody who knows their language."""
    async with database.transaction() as session:
        here = replace(world, session=session)
        consul = await here.person("جان", "اسمیت", nationality="AF", speaks_persian=False)
        friend = await here.person("نگین", "مترجم")
        (await session.get(Inmate, world.inmate.id)).security_convict = True
        session.add(
            ConsularPapers(
                inmate_id=world.inmate.id, visitor_id=consul.id, valid_from=DAY, valid_to=DAY,
                papers={"mfa_letter": "1", "prosecutor_general": "2"},
                entered_by=world.officer.person_id, entered_at=FREE_START,
            )
        )  # fmt: skip
    return consul, friend


@pytest.fixture
async def desk(client, database, world, noon):
    async with database.transaction() as session:
        word = await open_session(session, world.clerk.person_id, noon)
    client.cookies.set("rc_session", word)
    client.cookies.set("lang", "en")
    return Browser(client)


async def test_a_clerk_books_a_consul_with_who_knows_the_language(desk, database, world, people):
    consul, friend = people
    await desk.get(f"/visits/new?for={consul.id}&office={world.office.id}")
    await desk.submit("/visits/new/who", inmate=world.inmate.id)
    assert "Who knows the language of this visit?" in desk.page
    await desk.submit("/visits/new/companion", interpreter_number=consul.national_id)
    assert desk.status == 422
    await desk.submit("/visits/new/companion", interpreter_number="")
    assert "This is needed." in desk.page
    await desk.submit("/visits/new/companion", interpreter_number=friend.national_id)
    assert f"interpreter={friend.id}" in desk.url
    assert friend.national_id not in desk.url
    await desk.get(f"{desk.url.replace('/office?', '/time?')}&day={DAY}")
    await desk.submit("/visits/new/time", starts_at=FREE_START.isoformat())
    await desk.submit("/visits/", consent="signature")
    async with database.transaction() as session:
        visit = (await session.scalars(select(Visit))).one()
        looked = select(AuditEntry).where(AuditEntry.act == "person.looked_up")
        lines = (await session.scalars(looked.order_by(AuditEntry.id))).all()
    assert [line.detail["found"] for line in lines] == [[], [friend.id]]
    assert {(line.role, line.place_id) for line in lines} == {("office_clerk", world.office.id)}
    assert (visit.kind, visit.interpreter_id, visit.booked_for) == (
        "consular",
        friend.id,
        consul.id,
    )


async def test_nobody_but_a_clerk_is_asked(client, database, world, noon):
    async with database.transaction() as session:
        word = await open_session(session, world.mother.id, noon)
    client.cookies.set("rc_session", word)
    assert (await client.get("/visits/new/companion")).status_code == 403
