"""Which quarter hours are still free, in one room and one booth at once.

A unit's taken time is a row of bits, a quarter of an hour each, from the first day of the
window; what is free for a whole session is a shift and an AND. Pure: the rows come from
``queries.taken``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Taken:
    """A resource is taken from ``start`` to ``end``."""

    resource_id: int
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Free:
    """A start and how many sessions could still begin then."""

    start: datetime
    count: int


def bits(origin: datetime, start: datetime, end: datetime) -> int:
    """Bits of the quarters from ``origin`` that ``[start, end)`` touches; none before origin."""
    first = max((start - origin) // QUARTER, 0)
    last = -((origin - end) // QUARTER)
    return ((1 << (last - first)) - 1) << first if last > first else 0


def busy(origin: datetime, taken: Iterable[Taken]) -> dict[int, int]:
    """The taken quarters of each resource."""
    found: dict[int, int] = {}
    for row in taken:
        found[row.resource_id] = found.get(row.resource_id, 0) | bits(origin, row.start, row.end)
    return found


def smeared(taken: int, quarters: int) -> int:
    """Bits at which a session of so many quarters would run into something taken."""
    result = taken
    for shift in range(1, quarters):
        result |= taken >> shift
    return result


def free_starts(
    starts: Sequence[datetime],
    reserved: timedelta,
    pools: Mapping[int, Sequence[int]],
    people: Sequence[int],
    taken: Iterable[Taken],
) -> list[Free]:
    """Return each start with how many units every pool still has then; full ones have count 0.

    Args:
        starts: sorted candidate starts on quarter hours, from opening hours.
        pools: the units in service of each pool; each session takes one of every pool.
        people: who must be free; one taken person makes a start full.
        taken: reservations that touch the window.
    """
    if not starts:
        return []
    origin = starts[0]
    quarters = -(-reserved // QUARTER)
    blocked = {r: smeared(b, quarters) for r, b in busy(origin, taken).items()}
    nobody = 0
    for person in people:
        nobody |= blocked.get(person, 0)
    masks = [[blocked.get(unit, 0) for unit in units] for units in pools.values()]
    found = []
    for start in starts:
        at = (start - origin) // QUARTER
        count = 0
        if not nobody >> at & 1:
            count = min((sum(not mask >> at & 1 for mask in pool) for pool in masks), default=0)
        found.append(Free(start, count))
    return found


def closed_starts(
    origin: datetime, reserved: timedelta, taken: Iterable[Taken], step: timedelta = QUARTER
) -> dict[int, int]:
    """For each resource, bits of the starts at which a session would run into something taken.

    Bit ``n`` is the start ``origin + n * step``; a session reserves ``reserved`` from it. Exact
    also for what begins or ends between two steps.
    """
    found: dict[int, int] = {}
    for row in taken:
        first = max((row.start - reserved - origin) // step + 1, 0)
        after = -((origin - row.end) // step)
        if after > first:
            mask = ((1 << (after - first)) - 1) << first
            found[row.resource_id] = found.get(row.resource_id, 0) | mask
    return found
