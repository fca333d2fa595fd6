"""Rows that leave later: letters, live updates, webhooks.

A use case writes a row in its own transaction; a sweep sends it after the commit. What was
rolled back is never sent, what was committed is never lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, SmallInteger, bindparam, insert, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, Instant

LIVE, LETTER, NOTICE, WEBHOOK = "live", "letter", "notice", "webhook"
CHANNEL = "remote_court_live"
NOTIFY_BYTES = 7_900
"""PostgreSQL takes a payload shorter than 8,000 bytes."""
MAX_ATTEMPTS = 12


class OutboxRow(Base):
    """Something that must leave once the transaction that wrote it is committed."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_due_idx", "topic", "due_at", postgresql_where=text("gave_up_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    topic: Mapped[str]
    payload: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    last_error: Mapped[str | None]
    gave_up_at: Mapped[datetime | None]


Row = Mapping[str, Any]


def row(topic: str, due_at: datetime, **payload: Any) -> Row:
    """One outbox row as values, so that several leave in one insert."""
    return {"topic": topic, "payload": payload, "due_at": due_at}


def live(channel: str, now: datetime, **event: Any) -> Row:
    """A live update for who watches ``channel`` (``office:12``, ``prison:3``, ``call:99``)."""
    return row(LIVE, now, channel=channel, **event)


async def put(session: AsyncSession, *rows: Row) -> None:
    """Write rows in the caller's transaction."""
    if rows:
        await session.execute(insert(OutboxRow), list(rows))


TAKE = text(
    """
    SELECT id, payload, attempts FROM outbox
    WHERE topic = :topic AND due_at <= :now AND gave_up_at IS NULL
    ORDER BY due_at, id LIMIT :limit FOR UPDATE SKIP LOCKED
    """
)
DROP = text("DELETE FROM outbox WHERE id = ANY(:ids)")
FAIL = text(
    """
    UPDATE outbox SET attempts = attempts + 1, last_error = :error, due_at = :due_at,
        gave_up_at = CASE WHEN attempts + 1 >= :limit THEN CAST(:now AS timestamptz) END
    WHERE id = :id
    """
)


async def take(
    session: AsyncSession, topic: str, now: datetime, limit: int = 100
) -> Sequence[tuple[int, dict[str, Any], int]]:
    """Lock due rows of a topic that no other sweep holds: (id, payload, attempts)."""
    found = await session.execute(TAKE, {"topic": topic, "now": now, "limit": limit})
    return [(r.id, r.payload, r.attempts) for r in found]


async def done(session: AsyncSession, ids: Sequence[int]) -> None:
    """Forget rows that have left."""
    if ids:
        await session.execute(DROP, {"ids": list(ids)})


async def failed(
    session: AsyncSession, row_id: int, attempts: int, error: str, now: datetime
) -> None:
    """Put a row off: 5 s, doubled each time; after twelve tries it waits for an operator."""
    due_at = now + timedelta(seconds=5 * 2 ** min(attempts, 11))
    values = {
        "id": row_id,
        "error": error[:500],
        "due_at": due_at,
        "now": now,
        "limit": MAX_ATTEMPTS,
    }
    await session.execute(FAIL, values)


LEASE = text("UPDATE outbox SET due_at = :until WHERE id = ANY(:ids)").bindparams(
    bindparam("until", type_=Instant)
)
GIVE_UP = text(
    """
    UPDATE outbox SET attempts = attempts + 1, last_error = :error, gave_up_at = :now
    WHERE id = :id
    """
).bindparams(bindparam("now", type_=Instant))


async def lease(session: AsyncSession, ids: Sequence[int], until: datetime) -> None:
    """Keep taken rows for oneself after the commit, until an instant.

    For what is slow to send: no transaction stays open meanwhile. Who dies with the rows in hand
    loses them to another sweep once the lease is over.
    """
    if ids:
        await session.execute(LEASE, {"ids": list(ids), "until": until})


async def give_up(session: AsyncSession, row_id: int, error: str, now: datetime) -> None:
    """Stop trying: the row waits for an operator."""
    await session.execute(GIVE_UP, {"id": row_id, "error": error[:500], "now": now})


NOTIFY = text("SELECT pg_notify(:channel, :payload)")


async def relay(session: AsyncSession, now: datetime, limit: int = 1000) -> int:
    """Tell every node the live updates that are due, in as few notices as they fit; count them.

    The notices leave with the caller's commit, together with the rows' deletion.
    """
    rows = await take(session, LIVE, now, limit)
    for payload in packed(event for _, event, _ in rows):
        await session.execute(NOTIFY, {"channel": CHANNEL, "payload": payload})
    await done(session, [row_id for row_id, _, _ in rows])
    return len(rows)


def packed(events: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Pack events into JSON arrays that PostgreSQL's notices can carry.

    An event that is too long for a notice of its own becomes a ``resync`` of its channel: who
    watches looks again.
    """
    batch: list[str] = []
    size = 2
    for event in events:
        written = json.dumps(event, separators=(",", ":"))
        if len(written) + 2 > NOTIFY_BYTES:
            written = json.dumps({"channel": event["channel"], "event": "resync"})
        if batch and size + len(written) + 1 > NOTIFY_BYTES:
            yield f"[{','.join(batch)}]"
            batch, size = [], 2
        batch.append(written)
        size += len(written) + 1
    if batch:
        yield f"[{','.join(batch)}]"
