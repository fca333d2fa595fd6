"""The states of a hearing: a table and one door."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from remote_court.errors import WrongState


class Status(StrEnum):
    """Where a hearing session is in its life.

    Provisional: listed, but not everybody who must be is served. Displaced: it has lost its
    place or its lawful date and waits for another. Not held: its time passed without it, and
    the court has still to say why.
    """

    PROVISIONAL = "provisional"
    CONFIRMED = "confirmed"
    DISPLACED = "displaced"
    IN_PROGRESS = "in_progress"
    HELD = "held"
    NOT_HELD = "not_held"
    ADJOURNED = "adjourned"
    CANCELLED = "cancelled"


S = Status
NEXT: Mapping[Status, frozenset[Status]] = {
    S.PROVISIONAL: frozenset(
        {S.CONFIRMED, S.DISPLACED, S.IN_PROGRESS, S.NOT_HELD, S.ADJOURNED, S.CANCELLED}
    ),
    S.CONFIRMED: frozenset(
        {S.PROVISIONAL, S.DISPLACED, S.IN_PROGRESS, S.NOT_HELD, S.ADJOURNED, S.CANCELLED}
    ),
    S.DISPLACED: frozenset({S.PROVISIONAL, S.CONFIRMED, S.ADJOURNED, S.CANCELLED}),
    S.IN_PROGRESS: frozenset({S.HELD, S.ADJOURNED}),
    S.NOT_HELD: frozenset({S.ADJOURNED, S.CANCELLED}),
    S.HELD: frozenset(),
    S.ADJOURNED: frozenset(),
    S.CANCELLED: frozenset(),
}
"""What may follow what. A confirmed session that moves is provisional again until the new date is
served; a provisional one opens only where everybody who was not served is there and agrees."""

KEEPS_PLACES = frozenset({S.PROVISIONAL, S.CONFIRMED, S.IN_PROGRESS})
"""States in which the session's reservations stand."""

AHEAD = frozenset({S.PROVISIONAL, S.CONFIRMED, S.DISPLACED})
"""States of a session that is still to come."""

ENDED = frozenset(status for status, following in NEXT.items() if not following)


def check(old: Status, new: Status) -> Status:
    """Return ``new`` if a hearing may go there from ``old``.

    Raises:
        WrongState: the table does not have this step.
    """
    if new not in NEXT[old]:
        raise WrongState(old, new)
    return new
