"""How many judges a court sits with, and how many of them may open a session; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from remote_court.hearings.forums import ForumLaw
from remote_court.hearings.roles import Seat
from remote_court.policy import Policy

JUDGES = frozenset({Seat.PRESIDING, Seat.ASSOCIATE, Seat.ALTERNATE})
"""Seats that count for the quorum; an adviser's does not."""


@dataclass(frozen=True, slots=True)
class Bench:
    """``judges`` sit, ``quorum`` of them may open, and ``advisers`` sit beside them.

    ``rule`` is the policy key that a refusal cites.
    """

    judges: int
    quorum: int
    advisers: int
    rule: str

    def is_quorate(self, present: Collection[Seat]) -> bool:
        """Whether these seats, if they are all who came, may open a session."""
        return sum(seat in JUDGES for seat in present) >= self.quorum

    def lacks(self, seats: Mapping[int, Seat]) -> Seat | None:
        """Which seat is still empty before a session may be listed; none: the bench is whole."""
        taken = list(seats.values())
        if Seat.PRESIDING not in taken:
            return Seat.PRESIDING
        if sum(seat in JUDGES for seat in taken) < self.judges:
            return Seat.ASSOCIATE
        return Seat.ADVISER if taken.count(Seat.ADVISER) < self.advisers else None


def bench_of(law: ForumLaw, rule: Policy) -> Bench:
    """Read a court's bench; without a quorum of its own every judge must be there."""

    def count(word: str, otherwise: int) -> int:
        key = f"{law.quorum}.{word}"
        return rule.integer(key) if key in rule.rules else otherwise

    key = f"{law.quorum}.bench"
    judges = rule.integer(key)
    quorum = count("min", judges)
    return Bench(
        judges, quorum, count("advisors", 0), f"{law.quorum}.min" if quorum < judges else key
    )


def presiding(seats: Mapping[int, Seat], present: Collection[int]) -> int | None:
    """Who presides of those who are there: the president, else the judge listed first.

    Source:
        Criminal Procedure Code, art. 296: without the president the senior member presides.
    """
    here = [person for person, seat in seats.items() if person in present and seat in JUDGES]
    chief = next((person for person in here if seats[person] is Seat.PRESIDING), None)
    return chief if chief is not None else next(iter(here), None)
