"""The rules as they hold on one day in one place: read-only, and asked by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Self

from remote_court.errors import CourtError
from remote_court.policy.units import Unit, fits
from remote_court.policy.values import Confidence


class UnknownRule(CourtError):
    """The policy table has no such rule for this day."""


class WrongUnit(CourtError):
    """The rule is measured in something else than what was asked."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule stands, for people to read."""

    fa: str
    en: str

    def text(self, locale: str) -> str:
        """The citation in the reader's language."""
        return self.fa if locale == "fa" else self.en


@dataclass(frozen=True, slots=True)
class Rule:
    """One value of one rule with its source; a value that does not fit its unit is not born."""

    key: str
    value: object
    unit: Unit
    citation: Citation
    confidence: Confidence
    first: date
    last: date | None = None
    province: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if not fits(self.unit, self.value):
            raise WrongUnit(self.key, self.unit, self.value)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of a rule that lists some."""
        if self.unit is not Unit.WORDS or not isinstance(self.value, list):
            raise WrongUnit(self.key, self.unit)
        return tuple(str(one) for one in self.value)

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Policy:
    """Every rule in force on a day in a province (or in the country at large)."""

    day: date
    province: str | None
    rules: Mapping[str, Rule] = field(repr=False)

    @classmethod
    def at(cls, rules: Iterable[Rule], day: date, province: str | None = None) -> Self:
        """Choose from all rules those that hold; a province's own goes before the country's."""
        chosen: dict[str, Rule] = {}
        for rule in rules:
            if not rule.holds_on(day) or rule.province not in {None, province}:
                continue
            if rule.key not in chosen or rule.province is not None:
                chosen[rule.key] = rule
        return cls(day, province, chosen)

    def rule(self, key: str) -> Rule:
        """The rule itself, or `UnknownRule`."""
        try:
            return self.rules[key]
        except KeyError:
            raise UnknownRule(key, self.day) from None

    def cite(self, key: str) -> Citation:
        """What a refusal by this rule cites."""
        return self.rule(key).citation

    def integer(self, key: str) -> int:
        """A whole number, whatever it counts."""
        return self._whole(key, self.rule(key).value)

    def minutes(self, key: str) -> timedelta:
        """A length in minutes."""
        return timedelta(minutes=self._whole(key, self._value(key, Unit.MINUTES)))

    def hours(self, key: str) -> timedelta:
        """A length in hours."""
        return timedelta(hours=self._whole(key, self._value(key, Unit.HOURS)))

    def days(self, key: str) -> timedelta:
        """A length in days."""
        return timedelta(days=self._whole(key, self._value(key, Unit.DAYS)))

    def years(self, key: str) -> timedelta:
        """A length in years, none of them cut short."""
        return timedelta(days=366 * self._whole(key, self._value(key, Unit.YEARS)))

    def between(self, key: str) -> tuple[int, int]:
        """The least and the most of a range, both included."""
        least, most = self._many(key, Unit.DAY_RANGE, Unit.MINUTE_RANGE)
        return self._whole(key, least), self._whole(key, most)

    def numbers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        return tuple(self._whole(key, one) for one in self._many(key, Unit.NUMBERS))

    def words(self, key: str) -> tuple[str, ...]:
        """A list of words."""
        return self.rule(key).words

    def word(self, key: str) -> str:
        """One word, such as which of several ways applies."""
        return str(self._value(key, Unit.WORD))

    def flag(self, key: str) -> bool:
        """Whether something is so."""
        return self._value(key, Unit.FLAG) is True

    def clock(self, key: str) -> time:
        """A time on the wall in Tehran."""
        return time.fromisoformat(str(self._value(key, Unit.CLOCK)))

    def _value(self, key: str, *units: Unit) -> object:
        rule = self.rule(key)
        if rule.unit not in units:
            raise WrongUnit(key, rule.unit)
        return rule.value

    def _many(self, key: str, *units: Unit) -> list[object]:
        value = self._value(key, *units)
        if not isinstance(value, list):
            raise WrongUnit(key, value)
        return value

    def _whole(self, key: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise WrongUnit(key, value)
        return value
