"""When a place is open on a day, and at which quarter hours something may begin there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from remote_court.calendars.interval import Interval, merged, without
from remote_court.calendars.jalali import weekday
from remote_court.clock import TEHRAN


@dataclass(frozen=True, slots=True)
class WeeklySpan:
    """Open every week on ``weekday`` (Saturday 0 … Friday 6), in the days from ``valid_from`` on.

    ``valid_to`` is the last day it holds. ``closes`` at 00:00 means the end of the day.
    """

    weekday: int
    opens: time
    closes: time
    valid_from: date
    valid_to: date | None = None

    def __post_init__(self) -> None:
        _check(self.opens, self.closes)

    def holds_on(self, day: date) -> bool:
        """Whether these hours apply on a day."""
        return (
            self.weekday == weekday(day)
            and self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
        )


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Open on one day against the weekly hours; several for one day add up."""

    day: date
    opens: time
    closes: time

    def __post_init__(self) -> None:
        _check(self.opens, self.closes)


def _check(opens: time, closes: time) -> None:
    if closes != time.min and opens >= closes:
        raise ValueError(f"hours must close after they open: {opens}, {closes}")


def on_wall(day: date, at: time) -> datetime:
    """The instant at which clocks in Tehran show this time on this day."""
    return datetime.combine(day, at, TEHRAN)


def whole_day(day: date) -> Interval:
    """The day from midnight to midnight in Tehran."""
    return Interval(on_wall(day, time.min), on_wall(day + timedelta(days=1), time.min))


def between(day: date, opens: time, closes: time) -> Interval:
    """The stretch of a day between two times on the wall."""
    end = whole_day(day).end if closes == time.min else on_wall(day, closes)
    return Interval(on_wall(day, opens), end)


def open_intervals(
    day: date,
    weekly: Iterable[WeeklySpan],
    *,
    closed: bool = False,
    exceptions: Iterable[DaySpan] = (),
    blocked: Iterable[Interval] = (),
) -> list[Interval]:
    """Return when a place is open on a day, sorted and joined.

    Args:
        closed: the day is closed there (a holiday, the weekly rest, an order); special hours
            entered for the very day hold all the same.
        exceptions: special hours; those of this day replace the weekly ones.
        blocked: stretches in which the place is shut (works, inspection, a missing clerk).
    """
    special = [between(day, span.opens, span.closes) for span in exceptions if span.day == day]
    usual = [between(day, span.opens, span.closes) for span in weekly if span.holds_on(day)]
    return without(merged(special or ([] if closed else usual)), blocked)


def starts(
    open_: Iterable[Interval], reserved: timedelta, step: timedelta = timedelta(minutes=15)
) -> list[datetime]:
    """Return when something of length ``reserved`` may begin and still end in open hours.

    Starts stand on multiples of ``step`` counted from midnight in Tehran.
    """
    if step <= timedelta(0) or reserved <= timedelta(0):
        raise ValueError(f"steps and lengths are positive: {step}, {reserved}")
    found: list[datetime] = []
    for interval in open_:
        local = interval.start.astimezone(TEHRAN)
        midnight = whole_day(local.date()).start
        start = midnight - (midnight - interval.start) // step * step
        while start + reserved <= interval.end:
            found.append(start)
            start += step
    return found
