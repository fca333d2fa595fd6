"""Which days are open: the weekly rest, the public holidays, and what was ordered beside them.

Thursday is a working day in some provinces and not in others, and a heat wave may close a
province overnight. So three layers answer, the narrowest that has something to say first: an
order for the place, for its province, for the country; then the public holidays and the weekly
rest. An order closes days or opens them (a duty branch on Thursday, a lunar holiday that moved);
of two orders of the same width that disagree, the closing one wins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from remote_court.calendars.holidays import holidays_on, is_tentative
from remote_court.calendars.jalali import weekday, weekday_name
from remote_court.calendars.week import FRIDAY, weekdays

Scope = tuple[str, str | int]
COUNTRY: Scope = ("country", "")


@dataclass(frozen=True, slots=True)
class Days:
    """Days from ``first`` to ``last``, both included; without a last day, until further notice."""

    first: date
    last: date | None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"days must not end before they begin: {self.first}, {self.last}")

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class WeeklyRest:
    """The weekdays (Saturday 0 … Friday 6) that are closed, in a province or everywhere."""

    weekdays: frozenset[int]
    days: Days
    province: str | None = None

    @classmethod
    def named(
        cls, names: Iterable[str], first: date, last: date | None, province: str | None = None
    ) -> Self:
        """The rest of the weekdays named, such as ``thu`` and ``fri``, as policy keeps it."""
        return cls(weekdays(names), Days(first, last), province)


@dataclass(frozen=True, slots=True)
class Order:
    """What was ordered for some days: closed or, against the general rule, open.

    Without a province and a place it holds for the country.
    """

    days: Days
    reason: str
    opens: bool = False
    province: str | None = None
    place: int | None = None

    @property
    def scope(self) -> Scope:
        """Whom it binds."""
        if self.place is not None:
            return ("place", self.place)
        return ("province", self.province) if self.province is not None else COUNTRY


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a day is closed, for people to read; tentative if the moon may still move it."""

    fa: str
    en: str
    tentative: bool = False

    def reason(self, locale: str) -> str:
        """The reason in the reader's language."""
        return self.fa if locale == "fa" else self.en


FRIDAYS = WeeklyRest(frozenset({FRIDAY}), Days(date.min, None))


class Closures:
    """The calendar of the whole country, with all its provinces and places."""

    def __init__(
        self, rest: Iterable[WeeklyRest] = (FRIDAYS,), orders: Iterable[Order] = ()
    ) -> None:
        self._rest = tuple(rest)
        self._orders: dict[Scope, list[Order]] = defaultdict(list)
        for order in orders:
            self._orders[order.scope].append(order)

    def why_closed(
        self, day: date, province: str | None = None, place: int | None = None
    ) -> Closed | None:
        """Return why a day is closed at a place of a province, or nothing when it is open."""
        order = self._order(day, province, place)
        if order is not None:
            return None if order.opens else Closed(order.reason, order.reason)
        if several := holidays_on(day):
            fa, en = "؛ ".join(h.fa for h in several), "; ".join(h.en for h in several)
            return Closed(fa, en, tentative=is_tentative(day))
        if weekday(day) in self.weekly_rest(day, province):
            return Closed(weekday_name(day, "fa"), weekday_name(day, "en"))
        return None

    def is_open(self, day: date, province: str | None = None, place: int | None = None) -> bool:
        """Whether a place of a province works on a day at all."""
        return self.why_closed(day, province, place) is None

    def closed(
        self, province: str | None = None, place: int | None = None
    ) -> Callable[[date], bool]:
        """The question a deadline asks: is this day closed there?"""
        return lambda day: not self.is_open(day, province, place)

    def weekly_rest(self, day: date, province: str | None = None) -> frozenset[int]:
        """The weekdays closed in a province in the week of ``day``: its own rule, else all's."""
        holding = [rest for rest in self._rest if day in rest.days]
        own = [rest for rest in holding if rest.province == province]
        general = [rest for rest in holding if rest.province is None]
        return frozenset().union(*(rest.weekdays for rest in own or general))

    def open_days(
        self, first: date, last: date, province: str | None = None, place: int | None = None
    ) -> list[date]:
        """The open days from ``first`` to ``last``, both included."""
        every = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [day for day in every if self.is_open(day, province, place)]

    def _order(self, day: date, province: str | None, place: int | None) -> Order | None:
        scopes: list[Scope] = [COUNTRY]
        if province is not None:
            scopes.insert(0, ("province", province))
        if place is not None:
            scopes.insert(0, ("place", place))
        for scope in scopes:
            holding = [order for order in self._orders.get(scope, ()) if day in order.days]
            if holding:
                return min(holding, key=lambda order: order.opens)
        return None
