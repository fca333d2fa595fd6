"""The states of a visit: a table and one door."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from remote_court.errors import WrongState


class Status(StrEnum):
    """Where a visit is in its life."""

    REQUESTED = "requested"
    HELD = "held"
    BOOKED = "booked"
    DISPLACED = "displaced"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    LAPSED = "lapsed"
    REJECTED = "rejected"


S = Status
NEXT: Mapping[Status, frozenset[Status]] = {
    S.HELD: frozenset({S.REQUESTED, S.BOOKED, S.LAPSED, S.CANCELLED}),
    S.REQUESTED: frozenset({S.BOOKED, S.REJECTED, S.CANCELLED, S.LAPSED, S.DISPLACED}),
    S.BOOKED: frozenset({S.IN_PROGRESS, S.CANCELLED, S.NO_SHOW, S.DISPLACED, S.REQUESTED}),
    S.DISPLACED: frozenset({S.BOOKED, S.REQUESTED, S.CANCELLED, S.LAPSED}),
    S.IN_PROGRESS: frozenset({S.COMPLETED}),
    S.COMPLETED: frozenset(),
    S.CANCELLED: frozenset(),
    S.NO_SHOW: frozenset(),
    S.LAPSED: frozenset(),
    S.REJECTED: frozenset(),
}
"""What may follow what. A displaced visit lost its place to a closure and waits for another; a
booked one that moves to a day for which no permit was given is asked for anew."""

KEEPS_PLACES = frozenset({S.HELD, S.REQUESTED, S.BOOKED, S.IN_PROGRESS})
"""States in which the visit's reservations stand."""

ENDED = frozenset(status for status, following in NEXT.items() if not following)


def check(old: Status, new: Status) -> Status:
    """Return ``new`` if a visit may go there from ``old``.

    Raises:
        WrongState: the table does not have this step.
    """
    if new not in NEXT[old]:
        raise WrongState(old, new)
    return new
