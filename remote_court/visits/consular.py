"""The papers by which a consul visits a prisoner of their country."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base


class Paper(StrEnum):
    """A paper that a consular visit may need; policy says which (bylaw of 1400, 217-218)."""

    MFA_LETTER = "mfa_letter"
    PROSECUTOR_GENERAL = "prosecutor_general"
    HANDLING_JUDGE = "handling_judge"


class ConsularPapers(Base):
    """A consul may visit an inmate from one day to another, both included.

    ``papers`` holds the number and date of each paper that was sighted, by its kind.
    """

    __tablename__ = "consular_papers"
    __table_args__ = (
        Index("consular_papers_inmate_visitor_idx", "inmate_id", "visitor_id"),
        Index("consular_papers_visitor_id_idx", "visitor_id"),
        CheckConstraint("valid_from <= valid_to", name="order"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    inmate_id: Mapped[int] = mapped_column(ForeignKey("inmate.person_id"))
    visitor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    papers: Mapped[dict[str, str]] = mapped_column(JSONB)
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
