"""An entry of the record, written in the transaction of the act it records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, insert, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base


class AuditEntry(Base):
    """Somebody did something to something, at a moment, in a role at a place.

    ``tx`` is the transaction that wrote the row: ids are drawn before the commit and become
    visible in any order, transactions below the snapshot's horizon have all ended.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("audit_entry_subject_idx", "subject_kind", "subject_id"),
        Index("audit_entry_actor_idx", "actor_id", "at"),
        Index("audit_entry_at_idx", "at"),
        Index("audit_entry_tx_idx", "tx", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    tx: Mapped[int] = mapped_column(server_default=text("(pg_current_xact_id()::text::bigint)"))
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    role: Mapped[str | None]
    place_id: Mapped[int | None]
    act: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]]


class AuditSeal(Base):
    """The link of one committed entry in the hash chain; ``sealed_at`` is not part of the hash."""

    __tablename__ = "audit_seal"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Act:
    """What is written down: ``visit.booked`` of ``visit`` 12, by whom, as what, where."""

    act: str
    subject_kind: str
    subject_id: int | None
    actor_id: int | None = None
    role: str | None = None
    place_id: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)


async def record(session: AsyncSession, now: datetime, *acts: Act) -> None:
    """Write acts in the caller's transaction; names and national IDs do not belong in detail."""
    rows = [
        {
            "at": now,
            "actor_id": a.actor_id,
            "role": a.role,
            "place_id": a.place_id,
            "act": a.act,
            "subject_kind": a.subject_kind,
            "subject_id": a.subject_id,
            "detail": a.detail,
        }
        for a in acts
    ]
    if rows:  # an insert of no rows would be one of a row of defaults
        await session.execute(insert(AuditEntry), rows)
