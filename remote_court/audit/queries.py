"""Every SELECT that shows the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.audit.entries import AuditEntry, AuditSeal
from remote_court.calendars.opening_hours import on_wall


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries; what is left out does not matter. ``act`` is its beginning (``visit.``)."""

    subject_kind: str = ""
    subject_id: int | None = None
    actor_id: int | None = None
    act: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An entry and its place in the chain, if it has one yet."""

    id: int
    at: datetime
    actor_id: int | None
    role: str | None
    place_id: int | None
    act: str
    subject_kind: str
    subject_id: int | None
    detail: Mapping[str, Any]
    seq: int | None


@dataclass(frozen=True, slots=True)
class Chain:
    """How far the record is sealed."""

    seq: int
    hash: str
    sealed_at: datetime | None
    unsealed: int


async def entries(
    session: AsyncSession, wanted: Wanted, *, before: int | None = None, limit: int = 50
) -> Sequence[Line]:
    """Entries, the newest first, older than ``before``; one more than ``limit`` if there are."""
    conditions = narrowed(wanted)
    if before is not None:
        conditions.append(AuditEntry.id < before)
    query = (
        select(AuditEntry, AuditSeal.seq)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(*conditions)
    )
    rows = await session.execute(query.order_by(AuditEntry.id.desc()).limit(limit + 1))
    return [
        Line(
            e.id,
            e.at,
            e.actor_id,
            e.role,
            e.place_id,
            e.act,
            e.subject_kind,
            e.subject_id,
            e.detail,
            seq,
        )
        for e, seq in rows
    ]


def narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions for what is wanted."""
    found: list[ColumnElement[bool]] = []
    if wanted.subject_kind:
        found.append(AuditEntry.subject_kind == wanted.subject_kind)
    if wanted.subject_id is not None:
        found.append(AuditEntry.subject_id == wanted.subject_id)
    if wanted.actor_id is not None:
        found.append(AuditEntry.actor_id == wanted.actor_id)
    if wanted.act:
        found.append(AuditEntry.act.startswith(wanted.act, autoescape=True))
    if wanted.day is not None:
        found.append(AuditEntry.at >= on_wall(wanted.day, time.min))
        found.append(AuditEntry.at < on_wall(wanted.day + timedelta(days=1), time.min))
    return found


async def chain(session: AsyncSession) -> Chain:
    """The head of the chain, and how many entries wait behind it.

    Only what was written after the last seal is counted: what came before is sealed.
    """
    head = (
        await session.execute(
            select(AuditSeal.seq, AuditSeal.hash, AuditSeal.sealed_at, AuditEntry.tx)
            .join(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
            .order_by(AuditSeal.seq.desc())
            .limit(1)
        )
    ).one_or_none()
    waiting = select(func.count()).select_from(AuditEntry)
    if head is not None:
        sealed = select(AuditSeal.seq).where(AuditSeal.entry_id == AuditEntry.id)
        waiting = waiting.where(AuditEntry.tx >= head.tx, ~sealed.exists())
    unsealed = await session.scalar(waiting) or 0
    if head is None:
        return Chain(0, "", None, unsealed)
    return Chain(head.seq, bytes(head.hash).hex(), head.sealed_at, unsealed)
