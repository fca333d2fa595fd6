"""In what a rule is measured, and which values such a rule may have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum


class Unit(StrEnum):
    """What a rule's value counts or names."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    YEARS = "years"
    COUNT = "count"
    FLAG = "flag"
    WORD = "word"
    CLOCK = "clock"
    WORDS = "words"
    NUMBERS = "numbers"
    DAY_RANGE = "day_range"
    MINUTE_RANGE = "minute_range"


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_range(value: object) -> bool:
    match value:
        case [int(least), int(most)]:
            return _is_numbers(value) and least <= most
        case _:
            return False


def _is_numbers(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_count, value))


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_word, value))


def _is_clock(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value))


FITS: Mapping[Unit, Callable[[object], bool]] = {
    Unit.MINUTES: _is_count,
    Unit.HOURS: _is_count,
    Unit.DAYS: _is_count,
    Unit.YEARS: _is_count,
    Unit.COUNT: _is_count,
    Unit.FLAG: lambda value: isinstance(value, bool),
    Unit.WORD: _is_word,
    Unit.CLOCK: _is_clock,
    Unit.WORDS: _is_words,
    Unit.NUMBERS: _is_numbers,
    Unit.DAY_RANGE: _is_range,
    Unit.MINUTE_RANGE: _is_range,
}


def fits(unit: Unit, value: object) -> bool:
    """Whether ``value``, as JSON gives it, can be the value of a rule in this unit."""
    return FITS[unit](value)
