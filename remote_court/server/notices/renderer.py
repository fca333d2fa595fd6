"""The words of letters: templates of ``web/templates/notices``, one for each kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Any, Self

from jinja2 import Environment, TemplateError

from remote_court.identifiers import grouped
from remote_court.notices.messages import MessageKind
from remote_court.notices.ports import Due, Letter, Unwritable
from remote_court.people import Role
from remote_court.server.filters import Speech
from remote_court.server.locale import gettext_for
from remote_court.server.pages import environment
from remote_court.server.visits.slip import telephone
from remote_court.text import digits
from remote_court.visits.in_letters import VisitOccasion

OF_ACCOUNT = frozenset({MessageKind.ACCOUNT, MessageKind.CODE})
ISOLATED, LEFT_TO_RIGHT = "\u2068{}\u2069", "\u200e{}\u200e"
STAFF_SIDES = frozenset({Role.OFFICE_CLERK, Role.PRISON_OFFICER})
EVENTS = frozenset(
    {
        "activated",
        "password_changed",
        "password_given",
        "generator_set",
        "generator_replaced",
    }
)
"""What a letter about an account may tell."""
CAUSES = frozenset({"visitor_absent", "inmate_absent", "interpreter_absent", "network"})
PURPOSES = frozenset({"sign-in", "password"})
BLANKS, EMPTY_LINES = re.compile(r"[ \t]+"), re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the writer of a letter left for it; each kind uses its own part."""

    by: str | None = None
    reason: str | None = None
    until: date | None = None
    starts_at: datetime | None = None
    room_id: int | None = None
    prison_id: int | None = None
    unanswered: bool = False
    displaced: bool = False
    companion: bool = False
    appeal: bool = False
    hours: int | None = None
    event: str | None = None
    cause: str | None = None
    counts: bool = False
    after: int = 0
    within_days: int = 0
    pause_days: int = 0
    code: str | None = None
    purpose: str | None = None
    minutes: int | None = None
    expires_at: str | None = None

    @classmethod
    def read(cls, params: Mapping[str, Any]) -> Self:
        """Read a letter's parameters.

        Raises:
            Unwritable: one of them is not known, or not in its form.
        """
        if unknown := set(params) - {field.name for field in fields(cls)}:
            raise Unwritable(f"unknown parameters: {', '.join(sorted(unknown))}")
        values = dict(params)
        try:
            if values.get("until"):
                values["until"] = date.fromisoformat(values["until"])
            if values.get("starts_at"):
                values["starts_at"] = datetime.fromisoformat(values["starts_at"])
        except (TypeError, ValueError) as error:
            raise Unwritable("a day or an instant that is none") from error
        return cls(**values)


class LetterTemplates:
    """Writes letters by templates.

    Args:
        help_number: the telephone number each letter ends with.
    """

    def __init__(self, help_number: str) -> None:
        self._help_number = help_number

    def render(self, due: Due, locale: str) -> Letter:
        """Write a letter.

        Raises:
            Unwritable: its template or something the template needs is not there.
        """
        values = self._values(due, locale)
        try:
            template = letters(locale).get_template(f"notices/{due.kind}.txt")
            subject, body, short = (
                template.render(values, part=part) for part in ("subject", "body", "short")
            )
        except TemplateError as error:
            raise Unwritable(f"{due.kind}: {type(error).__name__}") from error
        return Letter(tidy(subject), tidy(body), tidy(short))

    def _values(self, due: Due, locale: str) -> dict[str, object]:
        told = Told.read(due.params)
        values = {"to": due.to, "told": told, "help_number": self._help_number}
        if due.kind in OF_ACCOUNT:
            known = told.event in EVENTS if due.kind is MessageKind.ACCOUNT else told.code
            if not known or (told.purpose or "sign-in") not in PURPOSES:
                raise Unwritable(f"{due.kind}: nothing known to tell")
            return values
        if not isinstance(due.occasion, VisitOccasion):
            raise Unwritable(f"{due.kind}: no visit to speak of")
        if due.kind is MessageKind.MISSED and told.cause not in CAUSES:
            raise Unwritable(f"{due.kind}: no cause known to tell")
        visit = due.occasion.visit
        # What staff wrote when they cancelled is meant for the family; one's own words are known.
        written = visit.cancel_reason if told.by in STAFF_SIDES else None
        reason = told.reason or written
        return values | {
            "visit": visit,
            "when": told.starts_at or visit.starts_at,
            "reason": gettext_for(locale)(reason) if reason else None,
        }


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
