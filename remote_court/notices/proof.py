"""Everything that proves how one notice was served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.audit import AuditEntry, AuditSeal
from remote_court.notices import service_queries
from remote_court.notices.of_court import Served
from remote_court.notices.outages import Outage, overlapping
from remote_court.notices.rebuttals import Rebuttal
from remote_court.people import Person


@dataclass(frozen=True, slots=True)
class Link:
    """The place of an entry in the hash chain of the record."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A notice's service with what bears on it.

    ``outages`` touch the time from queueing until it was opened, or until now; ``link`` is the
    sealed entry of its delivery, none while it is not sealed.
    """

    served: Served
    person: Person
    outages: Sequence[Outage]
    rebuttals: Sequence[Rebuttal]
    link: Link | None


async def proof_of(session: AsyncSession, served: Served, now: datetime) -> Proof:
    """Gather what proves the service of a notice."""
    notice = served.notice
    person = await session.get_one(Person, notice.person_id)
    until = notice.viewed_at or now
    return Proof(
        served=served,
        person=person,
        outages=await overlapping(session, notice.queued_at, until),
        rebuttals=await service_queries.rebuttals(session, [notice.id]),
        link=await _link(session, notice.id),
    )


async def _link(session: AsyncSession, notice_id: int) -> Link | None:
    query = (
        select(AuditSeal.seq, AuditSeal.hash)
        .join(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
        .where(
            AuditEntry.subject_kind == "notice",
            AuditEntry.subject_id == notice_id,
            AuditEntry.act == "notice.delivered",
        )
        .order_by(AuditSeal.seq)
        .limit(1)
    )
    row = (await session.execute(query)).one_or_none()
    return Link(row.seq, row.hash.hex()) if row else None
