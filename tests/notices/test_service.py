"""A notice is queued once, and tells by itself how far its service has come."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from remote_court import outbox
from remote_court.audit import AuditEntry
from remote_court.notices.service import Method, Notice, ServiceState, of, queue, services
from remote_court.outbox import OutboxRow
from remote_court.scheduling.models import Session
from tests.world import FREE_START, make_world

LATE_EVENING = datetime(2026, 11, 25, 20, 45, tzinfo=UTC)
"""A quarter past midnight of the 26th on the wall in Tehran."""


async def sitting(session, noon: datetime) -> Session:
    made = Session(
        kind="hearing", status="provisional", created_at=noon,
        starts_at=FREE_START, ends_at=FREE_START + timedelta(minutes=25),
    )  # fmt: skip
    session.add(made)
    await session.flush()
    return made


async def queued(session, world, sat: Session, noon: datetime, **changes) -> int:
    wish = {
        "session_id": sat.id, "person_id": world.mother.id, "occasion": "summons", "date_no": 1,
        "method": Method.SANA, "now": noon,
    }  # fmt: skip
    return await queue(session, **wish | changes)


async def count(session, kind, *where) -> int:
    return (
        await session.execute(select(func.count()).select_from(kind).where(*where))
    ).scalar_one()


async def test_a_notice_is_queued_once_for_a_date_however_often_it_is_asked(database, noon):
    async with database.transaction() as session:
        world = await make_world(session)
        sat = await sitting(session, noon)
        first = await queued(session, world, sat, noon)
        assert await queued(session, world, sat, noon + timedelta(hours=1)) == first
        rows = await count(session, OutboxRow, OutboxRow.topic == outbox.NOTICE)
        told = await count(session, AuditEntry, AuditEntry.act == "notice.queued")
        assert (await count(session, Notice), rows, told) == (1, 1, 1)
        (service,) = await services(session, sat.id)
        assert (service.queued_at, service.state) == (noon, ServiceState.QUEUED)


@pytest.mark.parametrize("change", [{"date_no": 2}, {"occasion": "moved"}])
async def test_another_date_or_occasion_is_another_notice(database, noon, change):
    async with database.transaction() as session:
        world = await make_world(session)
        sat = await sitting(session, noon)
        first = await queued(session, world, sat, noon)
        second = await queued(session, world, sat, noon, **change)
        assert first != second
        numbers = {service.number for service in await services(session, sat.id)}
        assert len(numbers) == 2
        assert len(await services(session, sat.id, 1)) == (1 if "date_no" in change else 2)


@pytest.mark.parametrize(
    ("method", "rows"), [(Method.SANA, 1), (Method.OFFICER, 1), (Method.PUBLICATION, 0)]
)
async def test_only_a_publication_never_goes_by_the_account(database, noon, method, rows):
    async with database.transaction() as session:
        world = await make_world(session)
        await queued(session, world, await sitting(session, noon), noon, method=method)
        assert await count(session, OutboxRow, OutboxRow.topic == outbox.NOTICE) == rows


def notice(**values) -> Notice:
    plain = {
        "id": 1, "number": "X", "session_id": 1, "person_id": 1, "occasion": "summons",
        "date_no": 1, "method": Method.SANA, "queued_at": LATE_EVENING, "delivered_at": None,
        "viewed_at": None, "published_on": None,
    }  # fmt: skip
    return Notice(**plain | values)


@pytest.mark.parametrize(
    ("values", "state", "day"),
    [
        ({}, ServiceState.QUEUED, None),
        ({"delivered_at": LATE_EVENING}, ServiceState.DELIVERED, date(2026, 11, 26)),
        (
            {"delivered_at": LATE_EVENING, "viewed_at": LATE_EVENING + timedelta(days=3)},
            ServiceState.VIEWED,
            date(2026, 11, 26),
        ),
        ({"method": Method.PUBLICATION}, ServiceState.QUEUED, None),
        (
            {"method": Method.PUBLICATION, "published_on": date(2026, 11, 20)},
            ServiceState.DELIVERED,
            date(2026, 11, 20),
        ),
    ],
)
def test_the_day_of_service_is_the_day_of_arrival_on_the_wall_in_tehran(values, state, day):
    service = of(notice(**values))
    assert (service.state, service.day) == (state, day)
