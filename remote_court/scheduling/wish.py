"""What somebody wants to occupy, and what they got."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from remote_court.calendars.interval import Interval

DAYS_PER_RESOURCE = 100_000
DAY = timedelta(days=1)
EPOCH_ORDINAL = 719_163
LARGEST_KEY = 2**62


@dataclass(frozen=True, slots=True)
class Pool:
    """One unit of a pool is wanted: any with these features, or exactly ``unit_id``."""

    id: int
    features: frozenset[str] = frozenset()
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A session to be: what people are told, what is reserved, and on what.

    ``told`` is the time announced; ``reserved`` includes the padding around it. ``guards`` are
    further numbers to lock, for rules that count across days.
    """

    kind: str
    status: str
    told: Interval
    reserved: Interval
    pools: tuple[Pool, ...]
    people: tuple[int, ...]
    created_by: int | None
    hold_until: datetime | None = None
    guards: tuple[int, ...] = field(default=())

    def lock_keys(self) -> list[int]:
        """Advisory-lock keys of every (resource, UTC day) touched, sorted, guards included."""
        resources = {pool.id for pool in self.pools} | set(self.people)
        keys = {day_key(r, d) for r in resources for d in days(self.reserved)}
        return sorted(keys | set(self.guards))


@dataclass(frozen=True, slots=True)
class Claim:
    """A session that holds its places; ``unit_ids`` in the order of the wish's pools."""

    session_id: int
    unit_ids: Sequence[int]


def day_key(resource_id: int, day: int) -> int:
    """One number for a resource on a UTC day (days since 1970).

    Ids beyond any that exists still give a number the database takes; they only wait together.
    """
    return (resource_id * DAYS_PER_RESOURCE + day % DAYS_PER_RESOURCE) % LARGEST_KEY


def week_guard(resource_id: int, saturday_ordinal: int) -> int:
    """One number for a resource in a week; negative, so that no day key equals it."""
    return -day_key(resource_id, saturday_ordinal)


def days(interval: Interval) -> Iterator[int]:
    """UTC days, counted since 1970, that an interval touches."""
    last = interval.end - timedelta(microseconds=1)
    first_day, last_day = (moment.toordinal() - EPOCH_ORDINAL for moment in (interval.start, last))
    return iter(range(first_day, last_day + 1))
