"""A visit and its visitors."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, words


class VisitKind(StrEnum):
    """Whose visit it is."""

    FAMILY = "family"
    LAWYER = "lawyer"
    CONSULAR = "consular"


class Visit(Base):
    """What a visit adds to its session (same id): who visits whom, where, and what became of it.

    ``booked_for`` holds the booking; ``operator_id`` names the clerk who made it for them.
    ``week`` is the Saturday of its week, by which the weekly allowance is counted.
    """

    __tablename__ = "visit"
    __table_args__ = (
        Index("visit_inmate_week_idx", "inmate_id", "week"),
        Index("visit_booked_for_idx", "booked_for"),
        Index("visit_office_id_idx", "office_id", "week"),
        Index("visit_prison_id_idx", "prison_id", "week"),
        Index(
            "visit_displaced_idx", "office_id", postgresql_where=text("displaced_at IS NOT NULL")
        ),
    )

    id: Mapped[int] = mapped_column(ForeignKey("session.id"), primary_key=True, autoincrement=False)
    kind: Mapped[VisitKind] = mapped_column(words(VisitKind, "kind"))
    tracking_code: Mapped[str] = mapped_column(String(11), unique=True)
    inmate_id: Mapped[int] = mapped_column(ForeignKey("inmate.person_id"))
    prison_id: Mapped[int] = mapped_column(ForeignKey("prison.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    booth_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    week: Mapped[date]
    booked_for: Mapped[int] = mapped_column(ForeignKey("person.id"))
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    consent: Mapped[str | None]
    interpreter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    needs_interpreter: Mapped[bool] = mapped_column(server_default="false")
    needs_step_free: Mapped[bool] = mapped_column(server_default="false")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cancelled_as: Mapped[str | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]
    counts_as_used: Mapped[bool] = mapped_column(server_default="true")
    displaced_at: Mapped[datetime | None]
    displaced_reason: Mapped[str | None]
    checked_in_at: Mapped[datetime | None]
    checked_in_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    lost_seconds: Mapped[int | None]
    lost_reason: Mapped[str | None]
    makeup_of: Mapped[int | None] = mapped_column(ForeignKey("visit.id"))


class VisitVisitor(Base):
    """One visitor of a visit, and the sighting of their identity at the desk."""

    __tablename__ = "visit_visitor"
    __table_args__ = (Index("visit_visitor_person_id_idx", "person_id"),)

    visit_id: Mapped[int] = mapped_column(
        ForeignKey("visit.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    adult: Mapped[bool]
    sighted_at: Mapped[datetime | None]
    sighted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sighted_document: Mapped[str | None]
