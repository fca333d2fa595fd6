"""The same rows without any constraint: what a booking would cost if nothing were refused."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.db import Database

TABLES = ("session", "visit", "visit_visitor", "reservation", "outbox", "audit_entry")
COPIES = [f"CREATE TABLE plain_{table} AS SELECT * FROM {table} WHERE false" for table in TABLES]
INSERT = text(
    """
    WITH s AS (
        INSERT INTO plain_session (id, kind, status, starts_at, ends_at, created_at)
        VALUES (:id, 'visit', 'booked', :at, :at, :at)
    ), r AS (
        INSERT INTO plain_reservation (session_id, resource_id, during)
        SELECT :id, :id * 4 + n, tstzrange(:at, :until) FROM generate_series(1, 4) AS n
    ), v AS (
        INSERT INTO plain_visit (id, kind, tracking_code) VALUES (:id, 'family', 'x')
    ), w AS (
        INSERT INTO plain_visit_visitor (visit_id, person_id, adult) VALUES (:id, :id, true)
    ), o AS (
        INSERT INTO plain_outbox (topic, payload, due_at)
        SELECT 'letter', '{"kind": "booked"}', :at FROM generate_series(1, 6)
    )
    INSERT INTO plain_audit_entry (at, act, subject_kind, subject_id, detail)
    VALUES (:at, 'visit.booked', 'visit', :id, '{}')
    """
)
ACCOUNTS = text(
    """
    SELECT d.role, d.person_id, g.place_id FROM demo_account d
    LEFT JOIN role_grant g ON g.person_id = d.person_id AND g.role = d.role
    WHERE d.ordinal = 0
    """
)
INMATE = text("SELECT inmate_id FROM kinship WHERE visitor_id = :person ORDER BY 1 LIMIT 1")


@dataclass(frozen=True)
class Accounts:
    """The first demo account of each role, and where they are."""

    people: dict[str, int]
    office: int
    prison: int
    inmate: int


async def accounts(session: AsyncSession) -> Accounts:
    """Who looks at the pages."""
    rows = (await session.execute(ACCOUNTS)).all()
    people = {row.role: row.person_id for row in rows}
    places = {row.role: row.place_id for row in rows}
    inmate = await session.scalar(INMATE, {"person": people["family"]})
    assert inmate is not None
    return Accounts(people, places["office_clerk"], places["prison_officer"], inmate)


async def inserts(database: Database, many: int, width: int) -> dict[str, Any]:
    """Insert the rows of so many bookings, one transaction each, and nothing else."""
    async with database.transaction() as session:
        for statement in COPIES:
            await session.execute(text(statement))
    left = iter(range(1, many + 1))
    at = datetime(2030, 1, 1, tzinfo=UTC)

    async def worker() -> None:
        for number in left:
            values = {"id": number, "at": at, "until": at + timedelta(minutes=30)}
            async with database.transaction() as session:
                await session.execute(INSERT, values)

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(width)))
    seconds = time.perf_counter() - began
    async with database.transaction() as session:
        for table in TABLES:
            await session.execute(text(f"DROP TABLE plain_{table}"))
    return {"work": "plain inserts of the same rows", "per_second": round(many / seconds, 1)}
