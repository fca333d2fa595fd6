"""Templates as plain text: nothing is escaped, codes carry marks, blanks are single."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment

from remote_court.identifiers import grouped
from remote_court.server.filters import Speech
from remote_court.server.pages import environment
from remote_court.server.visits.slip import telephone
from remote_court.text import digits

ISOLATED, LEFT_TO_RIGHT = "\u2068{}\u2069", "\u200e{}\u200e"
BLANKS, EMPTY_LINES = re.compile(r"[ \t]+"), re.compile(r"\n{3,}")


@cache
def letters(locale: str) -> Environment:
    """The templates of pages, but for plain text: nothing is escaped, codes carry marks."""
    plain = environment(locale).overlay(autoescape=False)
    # An overlay shares its filters with the pages' environment: give it a table of its own.
    plain.filters = {**plain.filters, **Plain(locale).filters()}
    return plain


class Plain:
    """How plain text writes what pages isolate by markup."""

    def __init__(self, locale: str) -> None:
        self._speech = Speech(locale)

    def filters(self) -> dict[str, Any]:
        """The filters by name."""
        names = ("apart", "code", "dialled", "figures")
        return {name: getattr(self, name) for name in names}

    def apart(self, text: str) -> str:
        """Keep a name from turning the order of what stands beside it."""
        return ISOLATED.format(text)

    def code(self, tracking_code: str) -> str:
        """Write a tracking code in groups; in Persian, too, it reads from the left."""
        return LEFT_TO_RIGHT.format(grouped(tracking_code))

    def dialled(self, number: str) -> str:
        """Write a telephone number as it is dialled inside the country."""
        return telephone(number, self._speech)

    def figures(self, code: str) -> str:
        """Write a one-time code in ASCII digits, which telephones offer to copy."""
        return LEFT_TO_RIGHT.format(digits(code, "en"))


def tidy(text: str) -> str:
    """Single blanks, no empty line twice, none at the ends."""
    lines = (BLANKS.sub(" ", line).strip() for line in text.splitlines())
    return EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()
