"""When a place is open: weekly hours with effective dates, and closed days."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, SmallInteger, String, Time
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, words


class Audience(StrEnum):
    """Whom the hours are for: prisons keep days for women and days for men."""

    ANYONE = "anyone"
    WOMEN = "women"
    MEN = "men"


class WeeklyHours(Base):
    """On this weekday (0 Saturday … 6 Friday) the place is open from ``opens`` to ``closes``."""

    __tablename__ = "weekly_hours"
    __table_args__ = (
        Index("weekly_hours_place_idx", "place_id"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("opens < closes", name="order"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    place_id: Mapped[int]
    weekday: Mapped[int] = mapped_column(SmallInteger)
    opens: Mapped[time] = mapped_column(Time)
    closes: Mapped[time] = mapped_column(Time)
    audience: Mapped[Audience] = mapped_column(words(Audience, "audience"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class DayClosure(Base):
    """A day on which a place, a province or the country is closed, beyond the weekly hours.

    Exactly one of ``place_id`` and ``province_code`` is set, or neither for the whole country.
    """

    __tablename__ = "day_closure"
    __table_args__ = (
        CheckConstraint("num_nonnulls(place_id, province_code) <= 1", name="one_scope"),
        Index("day_closure_day_idx", "day"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    place_id: Mapped[int | None]
    province_code: Mapped[str | None] = mapped_column(String(2))
    day: Mapped[date]
    reason: Mapped[str]
    entered_by: Mapped[int | None]
    entered_at: Mapped[datetime]
