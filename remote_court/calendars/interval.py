"""A stretch of time, and what can be done with several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol, Self


class Bounded(Protocol):
    """A range of instants as a driver returns it (asyncpg's and SQLAlchemy's both are)."""

    @property
    def lower(self) -> datetime | None:
        """The first instant inside."""

    @property
    def upper(self) -> datetime | None:
        """The first instant after."""


@dataclass(frozen=True, order=True, slots=True)
class Interval:
    """A half-open stretch of time ``[start, end)``; both ends aware, ``start < end``.

    The ends are kept in UTC whatever zone they came in.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.utcoffset() is None or self.end.utcoffset() is None:
            raise ValueError("an interval needs instants with a time zone")
        if self.start >= self.end:
            raise ValueError(f"an interval must end after it starts: {self.start}, {self.end}")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))

    @classmethod
    def lasting(cls, start: datetime, length: timedelta) -> Self:
        """The interval of a given length that begins at ``start``."""
        return cls(start, start + length)

    @classmethod
    def from_range(cls, stored: Bounded) -> Self:
        """Read a ``tstzrange`` that has both bounds."""
        if stored.lower is None or stored.upper is None:
            raise ValueError("an unbounded range is not an interval")
        return cls(stored.lower, stored.upper)

    def as_tstzrange(self) -> str:
        """Write it as PostgreSQL reads a ``tstzrange``."""
        return f"[{self.start.isoformat()},{self.end.isoformat()})"

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start

    @property
    def minutes(self) -> float:
        """How many minutes it has."""
        return self.length / timedelta(minutes=1)

    def overlaps(self, other: Interval) -> bool:
        """Whether some instant lies in both; neighbours do not overlap."""
        return self.start < other.end and other.start < self.end

    def contains(self, what: datetime | Interval) -> bool:
        """Whether an instant, or the whole of another interval, lies inside."""
        if isinstance(what, Interval):
            return self.start <= what.start and what.end <= self.end
        return self.start <= what < self.end

    def shift(self, by: timedelta) -> Self:
        """The same length, earlier or later."""
        return type(self)(self.start + by, self.end + by)

    def padded(self, *, before: timedelta = timedelta(0), after: timedelta = timedelta(0)) -> Self:
        """Longer at either end."""
        return type(self)(self.start - before, self.end + after)

    def intersection(self, other: Interval) -> Interval | None:
        """What both share, or nothing."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Interval(start, end) if start < end else None


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the same instants as few, sorted intervals, neighbours joined."""
    result: list[Interval] = []
    for interval in sorted(intervals):
        if result and interval.start <= result[-1].end:
            result[-1] = Interval(result[-1].start, max(result[-1].end, interval.end))
        else:
            result.append(interval)
    return result


def without(intervals: Iterable[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """Return what is left of ``intervals`` when every instant in ``taken`` is gone."""
    left = merged(intervals)
    for gone in merged(taken):
        left = [piece for whole in left for piece in _cut(whole, gone)]
    return left


def _cut(whole: Interval, gone: Interval) -> Iterator[Interval]:
    if not whole.overlaps(gone):
        yield whole
        return
    if whole.start < gone.start:
        yield Interval(whole.start, gone.start)
    if gone.end < whole.end:
        yield Interval(gone.end, whole.end)
