"""The country's public holidays, from the ``holidays`` package.

Solar holidays are certain years ahead. Lunar ones follow the sighting of the moon and may fall
a day earlier or later than computed: they are *tentative* until somebody enters a day of closure
or of opening beside them (`remote_court.calendars.closures`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from holidays.countries.iran import Iran

from remote_court.calendars.jalali import gregorian

SOLAR: Final = frozenset(
    {
        "Nowruz",
        "Nowruz Holiday",
        "Islamic Republic Day",
        "Nature's Day",
        "Death of Imam Khomeini",
        "15 Khordad Uprising",
        "Islamic Revolution Day",
        "Iranian Oil Industry Nationalization Day",
        "Last Day of Year",
    }
)
# Days the government once declared: whatever moved the calendar that year, they are past.
DECLARED: Final = "Public Holiday"


@dataclass(frozen=True, order=True, slots=True)
class Holiday:
    """A public holiday: its day, its name, and whether the moon decides it."""

    day: date
    fa: str
    en: str
    lunar: bool

    def name(self, locale: str) -> str:
        """Its name in the reader's language."""
        return self.fa if locale == "fa" else self.en


@lru_cache(maxsize=64)
def _of_gregorian_year(year: int) -> dict[date, tuple[Holiday, ...]]:
    persian = Iran(years=[year], expand=False, language="fa_IR", islamic_show_estimated=False)
    english = Iran(years=[year], expand=False, language="en_US", islamic_show_estimated=False)
    return {
        day: tuple(_holiday(day, name, english.tr(name)) for name in persian.get_list(day))
        for day in persian
    }


def _holiday(day: date, fa: str, en: str) -> Holiday:
    return Holiday(day, fa, en, lunar=en not in SOLAR and en != DECLARED)


def holidays_on(day: date) -> tuple[Holiday, ...]:
    """Return the public holidays that fall on a day; sometimes two, mostly none."""
    return _of_gregorian_year(day.year).get(day, ())


def holidays_of(jalali_year: int) -> list[Holiday]:
    """Return the public holidays of a year of the solar calendar, in order."""
    first, after = gregorian(jalali_year, 1, 1), gregorian(jalali_year + 1, 1, 1)
    return sorted(
        holiday
        for year in range(first.year, after.year + 1)
        for day, several in _of_gregorian_year(year).items()
        for holiday in several
        if first <= day < after
    )


def is_tentative(day: date) -> bool:
    """Whether a day is a holiday by the moon alone, and so may yet move by a day."""
    several = holidays_on(day)
    return bool(several) and all(holiday.lunar for holiday in several)
