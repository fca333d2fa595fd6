"""Jalali dates: a way to show and to read a day, never to store one.

Inside, a day is a ``datetime.date``. Weekdays count from Saturday (0) to Friday (6) wherever a
calendar is shown; ``date.weekday()`` keeps Python's own count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple, Self

from persiantools.jdatetime import JalaliDate
from typing_extensions import override

from remote_court.clock import local
from remote_court.errors import Invalid
from remote_court.text import ascii_digits, digits, normalise

MONTHS: Final = {
    "fa": (
        *("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور"),
        *("مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
    ),
    "en": (
        *("Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar"),
        *("Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"),
    ),
}
GREGORIAN_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS: Final = {
    "fa": ("شنبه", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه"),
    "en": ("Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
}
WEEK: Final = 7
# A year written as 1405; two digits or a Gregorian year are a misunderstanding to be told of.
YEARS: Final = range(1300, 1500)

NUMERIC = re.compile(r"(\d{4})[/\-.\s](\d{1,2})[/\-.\s](\d{1,2})")
WORDED = re.compile(r"(?:[^\d\s]+ )?(\d{1,2}) (\D+?) (\d{4})")


class BadDate(Invalid):
    """This is not a date of the solar calendar; write it like 1405/09/10."""


class Jalali(NamedTuple):
    """Year, month and day in the solar Hijri calendar."""

    year: int
    month: int
    day: int


def jalali(day: date) -> Jalali:
    """Return year, month and day of a date in the solar Hijri calendar."""
    shown = JalaliDate(day)  # type: ignore[no-untyped-call]  # its constructor has no types
    return Jalali(shown.year, shown.month, shown.day)


def gregorian(year: int, month: int, day: int) -> date:
    """Return the date of a Jalali year, month and day, or raise `BadDate`."""
    if year not in YEARS:
        raise BadDate
    try:
        shown = JalaliDate(year, month, day)  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise BadDate from error
    return shown.to_gregorian()


def read(text: str) -> date:
    """Read ``1405/09/10``, ``۱۴۰۵-۹-۱۰`` or ``سه‌شنبه ۱۰ آذر ۱۴۰۵``."""
    written = ascii_digits(text).strip()
    if found := NUMERIC.fullmatch(written):
        return gregorian(int(found[1]), int(found[2]), int(found[3]))
    if found := WORDED.fullmatch(normalise(text)):
        return gregorian(int(found[3]), _month(found[2]), int(found[1]))
    raise BadDate


def _month(name: str) -> int:
    for names in MONTHS.values():
        for number, known in enumerate(names, start=1):
            if normalise(known) == name:
                return number
    raise BadDate


def weekday(day: date) -> int:
    """Return the day's place in the week: Saturday 0 … Friday 6."""
    return (day.weekday() + 2) % WEEK


def weekday_name(day: date, locale: str) -> str:
    """Return the weekday's name."""
    return WEEKDAYS[locale][weekday(day)]


def short(day: date, locale: str) -> str:
    """Write ``۱۴۰۵/۰۹/۱۰``."""
    shown = jalali(day)
    return digits(f"{shown.year}/{shown.month:02d}/{shown.day:02d}", locale)


def long(day: date, locale: str) -> str:
    """Write ``سه‌شنبه ۱۰ آذر ۱۴۰۵``, or ``Tuesday 10 Azar 1405 (1 December 2026)``."""
    shown = jalali(day)
    name = MONTHS[locale][shown.month - 1]
    text = f"{weekday_name(day, locale)} {digits(f'{shown.day} {name} {shown.year}', locale)}"
    if locale == "fa":
        return text
    return f"{text} ({day.day} {GREGORIAN_MONTHS[day.month - 1]} {day.year})"


def hour(instant: datetime, locale: str) -> str:
    """Write the time on the wall in Tehran, ``۱۰:۳۰``."""
    return digits(f"{local(instant):%H:%M}", locale)


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A month of the solar calendar, as a page shows it."""

    year: int
    month: int

    def __post_init__(self) -> None:
        gregorian(self.year, self.month, 1)

    @classmethod
    def of(cls, day: date) -> Self:
        """The month a day lies in."""
        shown = jalali(day)
        return cls(shown.year, shown.month)

    @classmethod
    def read(cls, text: str) -> Self:
        """Read ``1405-09``, as an address carries it."""
        found = re.fullmatch(r"(\d{4})[-/](\d{1,2})", ascii_digits(text).strip())
        if found is None:
            raise BadDate
        return cls(int(found[1]), int(found[2]))

    @override
    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}"

    @property
    def first(self) -> date:
        """Its first day."""
        return gregorian(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next().first - timedelta(days=1)

    def next(self) -> Month:
        """The month after."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    def previous(self) -> Month:
        """The month before."""
        return Month.of(self.first - timedelta(days=1))

    def title(self, locale: str) -> str:
        """Write ``آذر ۱۴۰۵``."""
        return digits(f"{MONTHS[locale][self.month - 1]} {self.year}", locale)

    def weeks(self) -> tuple[tuple[date | None, ...], ...]:
        """Its days in weeks from Saturday; places of other months are empty."""
        days: list[date | None] = [None] * weekday(self.first)
        days += [self.first + timedelta(n) for n in range((self.last - self.first).days + 1)]
        days += [None] * (-len(days) % WEEK)
        return tuple(tuple(days[at : at + WEEK]) for at in range(0, len(days), WEEK))
