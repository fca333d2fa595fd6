"""Every SELECT of notices."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.db import Instant
from remote_court.notices.messages import Message, MessageKind
from remote_court.notices.ports import Addressee
from remote_court.outbox import OutboxRow
from remote_court.people import Person

# A code lives two minutes: it does not queue behind the thousand letters of a closed day.
DUE = text(
    """
    SELECT id, payload, attempts FROM outbox
    WHERE topic = :topic AND due_at <= :now AND gave_up_at IS NULL
    ORDER BY payload ->> 'kind' <> 'code', due_at, id
    LIMIT :limit FOR UPDATE SKIP LOCKED
    """
).bindparams(bindparam("now", type_=Instant))
KIND_OF = text("SELECT kind, array_agg(id) AS ids FROM session WHERE id = ANY(:ids) GROUP BY kind")
KIND_OF = KIND_OF.bindparams(bindparam("ids", type_=ARRAY(BigInteger)))
MANY = 99
"""More unread messages than these are not counted."""


@dataclass(frozen=True, slots=True)
class DueRow:
    """A letter's row that is due and locked."""

    id: int
    payload: Mapping[str, Any]
    attempts: int


async def due(session: AsyncSession, now: datetime, limit: int) -> Sequence[DueRow]:
    """Lock letters that are due and that no other sweep holds, codes first."""
    values = {"topic": outbox.LETTER, "now": now, "limit": limit}
    return [DueRow(r.id, r.payload, r.attempts) for r in await session.execute(DUE, values)]


async def kinds(session: AsyncSession, ids: Collection[int]) -> Mapping[str, Sequence[int]]:
    """Ids of sessions by the kind of each."""
    if not ids:
        return {}
    return {row.kind: row.ids for row in await session.execute(KIND_OF, {"ids": sorted(ids)})}


async def addressees(session: AsyncSession, ids: Collection[int]) -> Mapping[int, Addressee]:
    """People as letters address them."""
    found = await session.scalars(select(Person).where(Person.id.in_(ids)))
    return {
        p.id: Addressee(p.id, p.name, p.gender, p.locale, p.mobile, p.reminded_by) for p in found
    }


@dataclass(frozen=True, slots=True)
class Written:
    """A message that was written for a letter's row."""

    outbox_id: int | None
    sent: bool


async def written(session: AsyncSession, references: Collection[str]) -> Mapping[str, Written]:
    """Messages by their reference, those that are there."""
    query = select(Message.reference, Message.outbox_id, Message.sent_at.is_not(None).label("sent"))
    rows = await session.execute(query.where(Message.reference.in_(references)))
    return {row.reference: Written(row.outbox_id, row.sent) for row in rows}


async def inbox(
    session: AsyncSession, person_id: int, *, before: int | None = None, limit: int = 50
) -> Sequence[Message]:
    """A person's messages, the newest first, older than ``before``."""
    query = select(Message).where(Message.person_id == person_id)
    if before is not None:
        query = query.where(Message.id < before)
    return (await session.scalars(query.order_by(Message.id.desc()).limit(limit))).all()


async def message(session: AsyncSession, person_id: int, message_id: int) -> Message | None:
    """One of a person's messages."""
    query = select(Message).where(Message.id == message_id, Message.person_id == person_id)
    return (await session.scalars(query)).one_or_none()


async def unread(session: AsyncSession, person_id: int) -> int:
    """How many messages a person has not opened, counted to a hundred."""
    some = select(Message.id).where(Message.person_id == person_id, Message.read_at.is_(None))
    counted = select(func.count()).select_from(some.limit(MANY + 1).subquery())
    return int((await session.execute(counted)).scalar_one())


@dataclass(frozen=True, slots=True)
class Stuck:
    """A letter that waits for an operator; what it says stays out of sight."""

    id: int
    kind: MessageKind
    attempts: int
    error: str | None
    gave_up_at: datetime


async def stuck(
    session: AsyncSession, *, before: int | None = None, limit: int = 50
) -> Sequence[Stuck]:
    """Letters that no carrier took, the newest first."""
    query = select(OutboxRow).where(
        OutboxRow.topic == outbox.LETTER, OutboxRow.gave_up_at.is_not(None)
    )
    if before is not None:
        query = query.where(OutboxRow.id < before)
    rows = await session.scalars(query.order_by(OutboxRow.id.desc()).limit(limit))
    return [
        Stuck(r.id, MessageKind(r.payload["kind"]), r.attempts, r.last_error, r.gave_up_at)
        for r in rows
        if r.gave_up_at
    ]


@dataclass(frozen=True, slots=True)
class Queue:
    """How letters stand: due and not yet sent, since when the oldest is due, and given up."""

    due: int
    oldest: datetime | None
    given_up: int


async def queue(session: AsyncSession, now: datetime) -> Queue:
    """How many letters are due or given up, for the operator."""
    waiting = OutboxRow.gave_up_at.is_(None) & (OutboxRow.due_at <= now)
    query = select(
        func.count().filter(waiting).label("due"),
        func.min(OutboxRow.due_at).filter(waiting).label("oldest"),
        func.count().filter(OutboxRow.gave_up_at.is_not(None)).label("given_up"),
    ).where(OutboxRow.topic == outbox.LETTER)
    row = (await session.execute(query)).one()
    return Queue(row.due, row.oldest, row.given_up)
