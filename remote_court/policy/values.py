"""The table of rules: what holds, from which day to which, where, and who says so."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Identity, String, literal_column
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, words
from remote_court.policy.units import Unit


class Confidence(StrEnum):
    """How sure we are of a rule's source."""

    READ = "read"
    MEMORY_HIGH = "memory_high"
    MEMORY_MEDIUM = "memory_medium"
    MEMORY_LOW = "memory_low"
    DERIVED = "derived"
    DESIGN = "design"


class PolicyValue(Base):
    """One value of one rule, from its first day to its last, both included.

    Without a province it holds for the country; a province's own row goes before it. No two rows
    of a rule hold on the same day for the same province: the constraint sees to it.
    """

    __tablename__ = "policy_value"
    __table_args__ = (
        CheckConstraint("effective_from <= effective_to", name="order"),
        ExcludeConstraint(
            ("key", "="),
            (literal_column("coalesce(province_code, '')"), "="),
            (literal_column("daterange(effective_from, effective_to, '[]')"), "&&"),
            name="policy_value_no_overlap",
            using="gist",
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    key: Mapped[str]
    value: Mapped[Any] = mapped_column(JSONB, nullable=False)
    unit: Mapped[Unit] = mapped_column(words(Unit, "unit"))
    citation: Mapped[str]
    citation_en: Mapped[str]
    confidence: Mapped[Confidence] = mapped_column(words(Confidence, "confidence"))
    note: Mapped[str | None]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    province_code: Mapped[str | None] = mapped_column(String(2))
    entered_by: Mapped[int | None]
    entered_at: Mapped[datetime]
