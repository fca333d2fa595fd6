"""When the invented places are open: a few patterns, and each day as a row of quarter hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from functools import cache

from remote_court.calendars.closures import Closures, Order, WeeklyRest
from remote_court.calendars.opening_hours import WeeklySpan, open_intervals, whole_day
from remote_court.places import Audience
from remote_court.policy import defaults

QUARTER = timedelta(minutes=15)
SINCE = date(2025, 3, 21)
"""From when all hours hold: 1 Farvardin 1404."""

Line = tuple[Audience, str, str, str]
"""Whom for, on which weekdays (0 Saturday … 6 Friday), from, to."""
A, W, M = Audience.ANYONE, Audience.WOMEN, Audience.MEN
PATTERNS: Mapping[str, tuple[Line, ...]] = {
    "office": ((A, "01234", "07:30", "14:30"), (A, "5", "07:30", "13:00")),
    "office_long": ((A, "01234", "07:30", "17:00"), (A, "5", "07:30", "13:00")),
    "office_short": ((A, "01234", "07:30", "14:00"),),
    "office_mobile": ((A, "024", "08:30", "13:30"),),
    "prison": ((A, "012345", "08:00", "14:00"),),
    "prison_long": ((A, "012345", "07:30", "15:00"),),
    "prison_late": ((A, "01234", "09:00", "16:00"),),
    "prison_apart": (
        (W, "02", "08:00", "14:00"),
        (M, "13", "08:00", "14:00"),
        (A, "45", "08:00", "14:00"),
    ),
}


def spans(pattern: str) -> Mapping[Audience, tuple[WeeklySpan, ...]]:
    """A pattern as the rules of opening hours read it."""
    found: dict[Audience, tuple[WeeklySpan, ...]] = {}
    for audience, weekdays, opens, closes in PATTERNS[pattern]:
        span = (time.fromisoformat(opens), time.fromisoformat(closes), SINCE)
        found[audience] = (
            *found.get(audience, ()),
            *(WeeklySpan(int(weekday), *span) for weekday in weekdays),
        )
    return found


class Clockwork:
    """Open quarter hours of a pattern in a province on a day, as the bits of a number."""

    def __init__(self, orders: Iterable[Order]) -> None:
        history = [rule for rule in defaults() if rule.key == "calendar.weekend"]
        rest = [WeeklyRest.named(r.words, r.first, r.last, r.province) for r in history]
        self._closures = Closures(rest, orders)
        self._known: dict[tuple[str, str, date, frozenset[Audience]], int] = {}

    def open(self, pattern: str, province: str, day: date, audiences: frozenset[Audience]) -> int:
        """Bit n is set when the n-th quarter hour of the day in Tehran is open."""
        key = (pattern, province, day, audiences)
        known = self._known.get(key)
        if known is None:
            mine = [span for audience in audiences for span in spans(pattern).get(audience, ())]
            closed = not self._closures.is_open(day, province)
            midnight = whole_day(day).start
            known = 0
            for interval in open_intervals(day, mine, closed=closed):
                first = -((midnight - interval.start) // QUARTER)
                last = (interval.end - midnight) // QUARTER
                known |= ((1 << last) - 1) & ~((1 << first) - 1)
            self._known[key] = known
        return known


@cache
def starts(open_: int, length: int) -> tuple[int, ...]:
    """The quarter hours at which something of ``length`` quarters fits into what is open."""
    fits = open_
    for n in range(1, length):
        fits &= open_ >> n
    return tuple(n for n in range(fits.bit_length()) if fits >> n & 1)
