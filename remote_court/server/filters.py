"""How templates write dates, times, numbers and codes, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Literal

from babel import Locale
from markupsafe import Markup

from remote_court.assets.catalogue import translations
from remote_court.calendars import jalali
from remote_court.clock import local
from remote_court.text import digits, number

Style = Literal["long", "medium", "short", "day", "weekday"]
KILOMETRE_M = 1000
NEAR_M = 950
HOUR_MIN = 60
CODE = Markup('<bdi dir="ltr" class="code">{}</bdi>')


class Speech:
    """The ways of one language; each public method is a filter of the same name."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self.gettext = translations(locale).gettext
        self.ngettext = translations(locale).ngettext

    def filters(self) -> dict[str, Callable[..., object]]:
        """The filters by name."""
        names = ("jdate", "jtime", "jdatetime", "digits", "number", "bdi", "mask", "distance")
        return {name: getattr(self, name) for name in (*names, "minutes", "clock", "territory")}

    def jdate(self, value: date, style: Style = "long") -> str:
        """Write a day, or an instant's day in Tehran, in the solar calendar.

        Args:
            value: a date or an aware instant.
            style: ``long`` with the weekday, ``medium`` without, ``short`` in figures, ``day``
                without the year, ``weekday`` alone.
        """
        day = local(value).date() if isinstance(value, datetime) else value
        shown = jalali.jalali(day)
        month = jalali.MONTHS[self.locale][shown.month - 1]
        match style:
            case "long":
                return jalali.long(day, self.locale)
            case "short":
                return jalali.short(day, self.locale)
            case "weekday":
                return jalali.weekday_name(day, self.locale)
            case "medium":
                return digits(f"{shown.day} {month} {shown.year}", self.locale)
            case "day":
                return digits(f"{shown.day} {month}", self.locale)

    def jtime(self, instant: datetime) -> str:
        """Write the time on the wall in Tehran."""
        return jalali.hour(instant, self.locale)

    def jdatetime(self, instant: datetime, style: Style = "medium") -> str:
        """Write the day and the time."""
        said = self.gettext("%(day)s, %(time)s")
        return said % {"day": self.jdate(instant, style), "time": self.jtime(instant)}

    def digits(self, value: object) -> str:
        """Write the digits of plain text as the reader expects them."""
        return digits(str(value), self.locale)

    def number(self, value: float) -> str:
        """Write a number with separators of thousands."""
        return number(value, self.locale)

    def bdi(self, value: object) -> Markup:
        """Write a code, telephone or identity number so that its order never turns round.

        Codes with Latin letters keep Latin digits.
        """
        shown = str(value)
        spoken = "en" if any(c.isascii() and c.isalpha() for c in shown) else self.locale
        return CODE.format(digits(shown, spoken))

    def mask(self, national_id: str) -> Markup:
        """Write an identity number with its middle hidden."""
        hidden = national_id[:3] + "•" * (len(national_id) - 5) + national_id[-2:]
        return CODE.format(digits(hidden, self.locale))

    def distance(self, metres: float) -> str:
        """Write a distance: metres when near, else kilometres, with one decimal below ten."""
        if metres < NEAR_M:
            near = round(metres / 50) * 50 or 50
            return self.gettext("%(metres)s m") % {"metres": self.number(near)}
        kilometres = round(metres / KILOMETRE_M, 1 if metres < 10 * KILOMETRE_M else None)
        return self.gettext("%(kilometres)s km") % {"kilometres": self.number(kilometres)}

    def minutes(self, length: float | timedelta) -> str:
        """Write a length in hours and minutes; a number is of minutes."""
        whole = round(length.total_seconds() / 60 if isinstance(length, timedelta) else length)
        hours, rest = divmod(whole, HOUR_MIN)
        parts = []
        if hours:
            parts.append(
                self.ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": self.number(hours)}
            )
        if rest or not hours:
            parts.append(
                self.ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": self.number(rest)}
            )
        return self.gettext(" and ").join(parts)

    def clock(self, compact: str) -> str:
        """Write ``0830`` as ``08:30``."""
        return digits(f"{compact[:2]}:{compact[2:]}", self.locale)

    def territory(self, code: str) -> str:
        """Name a country by its two letters; letters that no country has stay as they are."""
        return str(Locale(self.locale).territories.get(code, code))
