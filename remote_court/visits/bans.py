"""Bans on visits: by a judge for a fixed time, or by the disciplinary council for a few visits."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
)
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, words


class BanKind(StrEnum):
    """Whose ban it is; each has its own conditions."""

    JUDICIAL = "judicial"
    DISCIPLINARY = "disciplinary"


class VisitBan(Base):
    """Nobody (or one visitor) may visit the inmate from one day to another, both included.

    A judicial ban is in writing and for a fixed time; a disciplinary one takes at most the
    policy's number of weekly visits and is confirmed by the enforcement judge. Neither touches
    lawyers.
    """

    __tablename__ = "visit_ban"
    __table_args__ = (
        Index("visit_ban_inmate_id_idx", "inmate_id"),
        CheckConstraint("starts_on <= ends_on", name="order"),
        CheckConstraint(
            "kind <> 'disciplinary' OR sessions IS NOT NULL", name="disciplinary_sessions"
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    inmate_id: Mapped[int] = mapped_column(ForeignKey("inmate.person_id"))
    visitor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[BanKind] = mapped_column(words(BanKind, "kind"))
    reference: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    sessions: Mapped[int | None] = mapped_column(SmallInteger)
    confirmed_by_judge: Mapped[str | None]
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
