"""What somebody asks for, and the times it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from remote_court.calendars.interval import Interval
from remote_court.calendars.week import Week
from remote_court.clock import local
from remote_court.policy import Policy
from remote_court.visits.models import VisitKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A wish to visit, before anything is known to be lawful or free.

    ``booked_for`` holds the booking; a clerk who books for somebody names them here, and how
    they consented. ``held``: only keep the places for a while, to be confirmed. ``makeup_of``:
    the visit whose lost minutes this one makes up for. ``room_id`` asks for exactly that room.
    ``interpreter_id``: somebody who knows the visit's language, and is reserved with it.
    """

    kind: VisitKind = VisitKind.FAMILY
    inmate_id: int
    office_id: int
    starts_at: datetime
    visitor_ids: tuple[int, ...]
    booked_for: int
    consent: str | None = None
    step_free: bool = False
    held: bool = False
    makeup_of: int | None = None
    room_id: int | None = None
    interpreter_id: int | None = None

    @property
    def people(self) -> tuple[int, ...]:
        """Everybody whom it would occupy: the inmate, every visitor, the interpreter."""
        interpreter = (self.interpreter_id,) if self.interpreter_id else ()
        return (self.inmate_id, *self.visitor_ids, *interpreter)


@dataclass(frozen=True, slots=True)
class Times:
    """The told and the reserved interval of a start, by the policy of its day."""

    day: date
    week: date
    told: Interval
    reserved: Interval

    @property
    def since_midnight(self) -> timedelta:
        """How long after midnight on the wall it starts."""
        wall = local(self.told.start)
        return wall - wall.replace(hour=0, minute=0, second=0, microsecond=0)


def times(kind: VisitKind, starts_at: datetime, rule: Policy) -> Times:
    """Return when a visit of this kind that starts then ends, and how long it keeps its places."""
    told, reserved = lengths(kind, rule)
    day = local(starts_at).date()
    return Times(
        day,
        Week.of(day).first,
        Interval.lasting(starts_at, told),
        Interval.lasting(starts_at, reserved),
    )


def lengths(kind: VisitKind, rule: Policy) -> tuple[timedelta, timedelta]:
    """How long a visit is told to last, and how long it keeps its places."""
    word = "lawyer" if kind is VisitKind.LAWYER else "electronic"
    return (
        rule.minutes(f"visit.duration_min.{word}"),
        rule.minutes(f"visit.reserved_min.{word}"),
    )
