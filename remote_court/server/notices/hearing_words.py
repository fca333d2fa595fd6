"""What letters and notices of hearings are told in."""

from __future__ import annotations

from collections.abc import Mapping

from remote_court.hearings.forums import Forum
from remote_court.hearings.letter_queries import HearingView, Part
from remote_court.hearings.letters import Serving
from remote_court.hearings.roles import PartyRole, Site
from remote_court.notices.messages import MessageKind
from remote_court.notices.ports import Due, Unwritable
from remote_court.server.locale import N_, gettext_for
from remote_court.server.notices.told import Told
from remote_court.text import digits

BRANCH: Mapping[Forum, str] = {
    Forum.CIVIL: N_("branch %(number)s of the civil court"),
    Forum.FAMILY: N_("branch %(number)s of the family court"),
    Forum.PEACE: N_("branch %(number)s of the peace court"),
    Forum.CRIMINAL_ONE: N_("branch %(number)s of the first criminal court"),
    Forum.CRIMINAL_TWO: N_("branch %(number)s of the second criminal court"),
    Forum.REVOLUTIONARY: N_("branch %(number)s of the revolutionary court"),
    Forum.JUVENILE: N_("branch %(number)s of the juvenile court"),
    Forum.APPEAL: N_("branch %(number)s of the court of appeal"),
    Forum.PROSECUTION: N_("branch %(number)s of the prosecution office"),
}
AS: Mapping[PartyRole, str] = {
    PartyRole.PLAINTIFF: N_("plaintiff"),
    PartyRole.DEFENDANT: N_("defendant"),
    PartyRole.COMPLAINANT: N_("complainant"),
    PartyRole.ACCUSED: N_("accused"),
    PartyRole.CONVICT: N_("convict"),
    PartyRole.PROSECUTOR: N_("prosecutor"),
    PartyRole.LAWYER: N_("lawyer"),
    PartyRole.GUARDIAN: N_("guardian"),
    PartyRole.EXPERT: N_("expert"),
    PartyRole.INTERPRETER: N_("interpreter"),
    PartyRole.WITNESS: N_("witness"),
    PartyRole.ESCORT_GUARD: N_("escort guard"),
    PartyRole.OBSERVER: N_("observer"),
}
KINDS = frozenset(
    {
        MessageKind.LISTED,
        MessageKind.CONFIRMED,
        MessageKind.MOVED,
        MessageKind.DISPLACED,
        MessageKind.CANCELLED,
        MessageKind.ADJOURNED,
        MessageKind.LATE,
        MessageKind.MINUTES,
        MessageKind.REMINDER,
        MessageKind.NOTICE,
    }
)
"""What a hearing has words for."""
DEFENDED = frozenset({PartyRole.ACCUSED, PartyRole.CONVICT})
CRIMINAL = frozenset(
    {
        Forum.CRIMINAL_ONE,
        Forum.CRIMINAL_TWO,
        Forum.REVOLUTIONARY,
        Forum.JUVENILE,
        Forum.PROSECUTION,
    }
)


def values_of(hearing: HearingView, due: Due, told: Told, locale: str) -> dict[str, object]:
    """What the templates of a hearing are filled with.

    Raises:
        Unwritable: what moved does not name the start it lost, or there are no words of it.
    """
    if due.kind not in KINDS:
        raise Unwritable(f"{due.kind}: not of a hearing")
    if due.kind is MessageKind.MOVED and told.starts_at is None:
        raise Unwritable("moved: no start that was lost")
    part = hearing.part_of(due.to.id)
    return {
        "hearing": hearing,
        "court": court(hearing, locale),
        "role": gettext_for(locale)(AS[part.role]) if part else None,
        "place": place(part, locale),
        "site": part.site if part else None,
        "prisoner": part is not None and part.site is Site.PRISON,
        "defended": part is not None and part.role in DEFENDED,
        "criminal": hearing.forum in CRIMINAL,
        "cancelled": told.occasion == Serving.CANCELLED,
        "moved": told.occasion == Serving.MOVED,
        "when": told.starts_at or hearing.starts_at,
    }


def court(hearing: HearingView, locale: str) -> str:
    """The branch by its name, with its building and city."""
    said = gettext_for(locale)
    number = digits(str(hearing.branch_number), locale)
    branch = said(BRANCH[hearing.forum]) % {"number": number}
    where = (branch, hearing.complex[locale], hearing.city[locale])
    return ("، " if locale == "fa" else ", ").join(where)


def place(part: Part | None, locale: str) -> str | None:
    """From which place somebody attends: its name, address and room, those that are set."""
    if part is None:
        return None
    named = (part.place[locale], part.address[locale], part.room[locale])
    written = [digits(name, locale) for name in named if name]
    return ("، " if locale == "fa" else ", ").join(written) or None
