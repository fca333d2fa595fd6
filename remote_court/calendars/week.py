"""The week, from Saturday to Friday."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

from remote_court.calendars.jalali import WEEK, weekday

NAMES: Final = ("sat", "sun", "mon", "tue", "wed", "thu", "fri")
THURSDAY: Final = 5
FRIDAY: Final = 6


@dataclass(frozen=True, order=True, slots=True)
class Week:
    """Seven days, of which ``first`` is a Saturday."""

    first: date

    def __post_init__(self) -> None:
        if weekday(self.first) != 0:
            raise ValueError(f"a week begins on Saturday, which {self.first} is not")

    @classmethod
    def of(cls, day: date) -> Self:
        """The week a day lies in."""
        return cls(day - timedelta(days=weekday(day)))

    @property
    def last(self) -> date:
        """Its Friday."""
        return self.first + timedelta(days=WEEK - 1)

    def next(self) -> Week:
        """The week after."""
        return Week(self.first + timedelta(days=WEEK))

    def previous(self) -> Week:
        """The week before."""
        return Week(self.first - timedelta(days=WEEK))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range(WEEK))


def weekdays(names: Iterable[str]) -> frozenset[int]:
    """Return the places in the week of names such as ``thu`` and ``fri``."""
    return frozenset(NAMES.index(name) for name in names)
