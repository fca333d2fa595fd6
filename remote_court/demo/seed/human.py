"""Invented people: a name, a day of birth, a number with a valid checksum."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from remote_court.demo.seed.facts import names
from remote_court.demo.seed.sheets import Ids
from remote_court.identifiers import synthetic_national_id

ABROAD = ("AF", "IQ", "PK")
ABROAD_SHARES = (0.8, 0.12, 0.08)
YEAR = 365.25


@dataclass(slots=True)
class Human:
    """A person to be; ``nationality`` other than IR goes with a FIDA code."""

    id: int
    number: str
    given: str
    family: str
    female: bool
    born_on: date
    province: str
    nationality: str = "IR"
    persian: bool = True
    mobile: str | None = None
    account: bool = True

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"

    def adult_on(self, day: date) -> bool:
        """Whether the person is eighteen by then, well counted."""
        return (day - self.born_on).days >= 18 * YEAR + 1


class Registry:
    """Gives everybody a number, a telephone and a name."""

    def __init__(self, random: Random, ids: Ids, today: date) -> None:
        self.random = random
        self.today = today
        self.people: list[Human] = []
        self._ids = ids

    def birth(
        self,
        province: str,
        *,
        female: bool,
        age: float,
        family: str | None = None,
        nationality: str = "IR",
        account: bool = True,
    ) -> Human:
        """Somebody new of about this age; without an account they have no telephone either."""
        serial = len(self.people)
        draw, known = self.random, names()[nationality]
        foreign = nationality != "IR"
        given = known.female if female else known.male
        human = Human(
            id=self._ids.draw(),
            number=f"999{serial:09}" if foreign else synthetic_national_id(serial),
            given=given[int(draw.random() * len(given))],
            family=family or known.family[int(draw.random() * len(known.family))],
            female=female,
            born_on=self.today - timedelta(days=int(max(0.2, age) * YEAR + draw.random() * 300)),
            province=province,
            nationality=nationality,
            persian=not foreign or draw.random() < known.persian,
            mobile=f"+98900{serial:07}" if account else None,
            account=account,
        )
        self.people.append(human)
        return human

    def age(self, human: Human) -> float:
        """How old somebody is today, in years."""
        return (self.today - human.born_on).days / YEAR


class Choice:
    """Draws indexes by weights, quickly and again and again."""

    def __init__(self, weights: Sequence[float]) -> None:
        self._edges = list(accumulate(weights))

    def draw(self, random: Random) -> int:
        """An index."""
        return bisect(self._edges, random.random() * self._edges[-1], hi=len(self._edges) - 1)
