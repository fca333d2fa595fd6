"""The words of letters: templates of ``web/templates/notices``, one for each kind.

Those of hearings stand in a folder of their own: they name no case where its session is guarded.
"""

from __future__ import annotations

from jinja2 import TemplateError

from remote_court.hearings.in_letters import HearingOccasion
from remote_court.notices.messages import MessageKind
from remote_court.notices.ports import Due, Letter, Unwritable
from remote_court.people import Role
from remote_court.server.locale import gettext_for
from remote_court.server.notices.hearing_words import values_of
from remote_court.server.notices.plain_text import letters, tidy
from remote_court.server.notices.told import Told
from remote_court.visits.in_letters import VisitOccasion

OF_ACCOUNT = frozenset({MessageKind.ACCOUNT, MessageKind.CODE})
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
PURPOSES = frozenset({"sign-in", "password", "minutes"})


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
            template = letters(locale).get_template(f"notices/{folder(due)}{due.kind}.txt")
            subject, body, short = (
                template.render(values, part=part) for part in ("subject", "body", "short")
            )
        except TemplateError as error:
            raise Unwritable(f"{due.kind}: {type(error).__name__}") from error
        return Letter(tidy(subject), tidy(body), tidy(short))

    def _values(self, due: Due, locale: str) -> dict[str, object]:
        told = Told.read(due.params)
        values: dict[str, object] = {"to": due.to, "told": told, "help_number": self._help_number}
        if due.kind in OF_ACCOUNT:
            known = told.event in EVENTS if due.kind is MessageKind.ACCOUNT else told.code
            if not known or (told.purpose or "sign-in") not in PURPOSES:
                raise Unwritable(f"{due.kind}: nothing known to tell")
            return values
        if isinstance(due.occasion, HearingOccasion):
            return values | values_of(due.occasion.hearing, due, told, locale)
        if not isinstance(due.occasion, VisitOccasion):
            raise Unwritable(f"{due.kind}: nothing to speak of")
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


def folder(due: Due) -> str:
    """Where the templates of a kind of session lie."""
    return "hearing/" if isinstance(due.occasion, HearingOccasion) else ""
