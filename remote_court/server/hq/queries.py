"""Every SELECT of the operator's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.outbox import OutboxRow
from remote_court.people import Person

DATABASE = text(
    """
    SELECT current_setting('server_version') AS version,
        pg_database_size(current_database()) AS size_bytes,
        (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) AS connections,
        current_setting('max_connections')::int AS most_connections
    """.replace("::", r"\:\:")
)


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """The database as it describes itself."""

    version: str
    size_bytes: int
    connections: int
    most_connections: int

    @property
    def size_mib(self) -> int:
        """Its size in mebibytes."""
        return self.size_bytes // 2**20


@dataclass(frozen=True, slots=True)
class Backlog:
    """Rows of the outbox that are due, and those that wait for the operator."""

    topic: str
    due: int
    oldest: datetime | None
    given_up: int


async def database_state(session: AsyncSession) -> DatabaseState:
    """Version, size and connections."""
    row = (await session.execute(DATABASE)).one()
    return DatabaseState(row.version, row.size_bytes, row.connections, row.most_connections)


async def backlog(session: AsyncSession, now: datetime) -> Sequence[Backlog]:
    """What waits in the outbox, by topic."""
    waits = OutboxRow.gave_up_at.is_(None) & (OutboxRow.due_at <= now)
    query = select(
        OutboxRow.topic,
        func.count().filter(waits).label("due"),
        func.min(OutboxRow.due_at).filter(waits).label("oldest"),
        func.count().filter(OutboxRow.gave_up_at.is_not(None)).label("given_up"),
    ).group_by(OutboxRow.topic)
    rows = await session.execute(query.order_by(OutboxRow.topic))
    return [Backlog(r.topic, r.due, r.oldest, r.given_up) for r in rows]


async def given_up(session: AsyncSession, limit: int = 20) -> Sequence[OutboxRow]:
    """Rows that were tried too often, the latest first."""
    query = select(OutboxRow).where(OutboxRow.gave_up_at.is_not(None))
    return (await session.scalars(query.order_by(OutboxRow.id.desc()).limit(limit))).all()


async def names(session: AsyncSession, ids: set[int]) -> Mapping[int, str]:
    """Names of people, by id."""
    query = select(Person.id, Person.given_name, Person.family_name).where(Person.id.in_(ids))
    rows = await session.execute(query)
    return {person_id: f"{given} {family}" for person_id, given, family in rows}
