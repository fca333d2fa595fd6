"""A rule's value as people read it, and as they write it into a form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from remote_court.errors import Invalid
from remote_court.policy import Unit
from remote_court.server.fields import Fields
from remote_court.server.filters import Speech
from remote_court.server.hq.rule_words import WORDS
from remote_court.text import ascii_digits

LENGTHS: Mapping[Unit, tuple[str, str]] = {
    Unit.HOURS: ("%(n)s hour", "%(n)s hours"),
    Unit.DAYS: ("%(n)s day", "%(n)s days"),
    Unit.YEARS: ("%(n)s year", "%(n)s years"),
    Unit.MINUTES: ("%(n)s minute", "%(n)s minutes"),
}
OF_RANGE: Mapping[Unit, Unit] = {Unit.DAY_RANGE: Unit.DAYS, Unit.MINUTE_RANGE: Unit.MINUTES}
YES_OR_NO: Mapping[str, bool] = {"yes": True, "no": False}
BETWEEN = re.compile(r"[\s,،;؛]+")
LONGEST = 4
"""Digits of a number; no rule counts further."""


class NotANumber(Invalid):
    """Enter a whole number."""


def said(value: object, unit: Unit, speech: Speech) -> str:
    """A value with its unit, in the reader's language."""
    comma = "، " if speech.locale == "fa" else ", "
    match unit, value:
        case (Unit.FLAG, bool()):
            return speech.gettext("Yes") if value else speech.gettext("No")
        case ((Unit.DAY_RANGE | Unit.MINUTE_RANGE), [int(least), int(most)]):
            ends = {"least": speech.number(least), "most": length(most, OF_RANGE[unit], speech)}
            return speech.gettext("%(least)s to %(most)s") % ends
        case (_, list()):
            return comma.join(word(one, speech) for one in value) or "—"
        case (_, int()):
            return length(value, unit, speech)
        case _:
            return word(value, speech)


def length(number: int, unit: Unit, speech: Speech) -> str:
    """A number of minutes, days and the like; a bare number where it counts things."""
    shown = speech.number(number)
    if unit not in LENGTHS:
        return shown
    return speech.ngettext(*LENGTHS[unit], number) % {"n": shown}


def word(one: object, speech: Speech) -> str:
    """A word of the policy in the reader's language; figures and clocks in their digits."""
    known = WORDS.get(str(one))
    if known:
        return speech.gettext(known)
    text = str(one)
    return text if any(c.isalpha() for c in text) else speech.digits(text)


def read(form: Fields, unit: Unit) -> object | None:
    """The value that was typed; none, with an error noted, when it is none of this unit."""
    match unit:
        case Unit.WORDS:
            return form.all("value")
        case Unit.DAY_RANGE | Unit.MINUTE_RANGE:
            ends = form.read("value", whole), form.read("most", whole)
            return None if None in ends else list(ends)
        case _:
            return form.read("value", READERS.get(unit, whole))


def whole(typed: str) -> int:
    """Read a whole number.

    Raises:
        NotANumber: it is none, or longer than any rule's.
    """
    plain = ascii_digits(typed).strip()
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= LONGEST):
        raise NotANumber(where="value")
    return int(plain)


def several(typed: str) -> list[int]:
    """Read whole numbers with commas between.

    Raises:
        NotANumber: one of them is none.
    """
    return [whole(one) for one in BETWEEN.split(typed.strip(" ,،;؛")) if one]


def clock(typed: str) -> str:
    """Read a time of day; what is none fits no rule, which says so."""
    return ascii_digits(typed).strip().zfill(5)


READERS: Mapping[Unit, Callable[[str], object]] = {
    Unit.FLAG: YES_OR_NO.__getitem__,
    Unit.NUMBERS: several,
    Unit.CLOCK: clock,
    Unit.WORD: str,
}


def typed(value: object, unit: Unit, locale: str) -> dict[str, str]:
    """A value as its form's fields hold it."""
    speech = Speech(locale)
    match unit, value:
        case (Unit.FLAG, bool()):
            return {"value": "yes" if value else "no"}
        case ((Unit.DAY_RANGE | Unit.MINUTE_RANGE), [least, most]):
            return {"value": speech.digits(least), "most": speech.digits(most)}
        case (Unit.NUMBERS, list()):
            comma = "، " if locale == "fa" else ", "
            return {"value": comma.join(speech.digits(one) for one in value)}
        case (_, int()):
            return {"value": speech.digits(value)}
        case (Unit.CLOCK, _):
            return {"value": speech.digits(value)}
        case _:
            return {"value": str(value)}
