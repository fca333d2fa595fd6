"""A prisoner, and where they are held."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, words


class InmateStatus(StrEnum):
    """Whether the inmate can be reached in the prison."""

    HELD = "held"
    HOSPITAL = "hospital"
    ON_LEAVE = "on_leave"
    RELEASED = "released"


class Inmate(Base):
    """A person held in a prison. ``weekly_visits`` overrides the policy's weekly allowance."""

    __tablename__ = "inmate"
    __table_args__ = (Index("inmate_prison_id_idx", "prison_id", "number"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    prison_id: Mapped[int] = mapped_column(ForeignKey("prison.id"))
    number: Mapped[str] = mapped_column(unique=True)
    ward: Mapped[str]
    status: Mapped[InmateStatus] = mapped_column(words(InmateStatus, "status"))
    on_remand: Mapped[bool]
    weekly_visits: Mapped[int | None] = mapped_column(SmallInteger)
    status_since: Mapped[datetime]
    security_convict: Mapped[bool] = mapped_column(server_default="false")
