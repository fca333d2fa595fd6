"""Permits for visitors who do not visit by right, and lawyers' mandates."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, words


class PermitIssuer(StrEnum):
    """Who may permit a visit (bylaw of 1400)."""

    PROVINCIAL_PRISONS_DIRECTOR = "provincial_prisons_director"
    ENFORCEMENT_JUDGE = "enforcement_judge"
    PRISON_WARDEN = "prison_warden"
    HANDLING_JUDGE = "handling_judge"


class Permit(Base):
    """A visitor may visit an inmate from one day to another (both included)."""

    __tablename__ = "permit"
    __table_args__ = (
        Index("permit_inmate_visitor_idx", "inmate_id", "visitor_id"),
        CheckConstraint("valid_from <= valid_to", name="order"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    inmate_id: Mapped[int] = mapped_column(ForeignKey("inmate.person_id"))
    visitor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issuer: Mapped[PermitIssuer] = mapped_column(words(PermitIssuer, "issuer"))
    reference: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Mandate(Base):
    """A lawyer's power of attorney for an inmate, as sighted."""

    __tablename__ = "mandate"
    __table_args__ = (
        Index("mandate_inmate_lawyer_idx", "inmate_id", "lawyer_id"),
        Index("mandate_lawyer_id_idx", "lawyer_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    inmate_id: Mapped[int] = mapped_column(ForeignKey("inmate.person_id"))
    lawyer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reference: Mapped[str]
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
