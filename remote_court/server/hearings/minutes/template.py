"""What stands in a draft before the clerk writes: by the court that sits, from the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from remote_court.hearings.diary_queries import SittingLine
from remote_court.hearings.forums import Forum
from remote_court.hearings.in_call_facts import HearingFacts
from remote_court.hearings.minutes.draft import Section
from remote_court.hearings.minutes.order import SIGNS
from remote_court.hearings.models import Hearing
from remote_court.hearings.roles import PartyRole
from remote_court.server.filters import Speech
from remote_court.server.hearings import words
from remote_court.server.locale import N_

CRIMINAL = N_("The charge and the evidence were explained to the accused:")
LAST_DEFENCE = N_("Last defence of the accused:")
CIVIL = N_("The claim was read to the parties:")
FIRST: Mapping[Forum, str] = {
    Forum.CIVIL: CIVIL,
    Forum.FAMILY: N_("Reconciliation was offered to the parties:"),
    Forum.PEACE: N_("Settlement was offered to the parties:"),
    Forum.CRIMINAL_ONE: CRIMINAL,
    Forum.CRIMINAL_TWO: CRIMINAL,
    Forum.REVOLUTIONARY: CRIMINAL,
    Forum.JUVENILE: N_("The charge was explained to the child or juvenile in simple words:"),
    Forum.APPEAL: N_("The judgment and the grounds of appeal were read:"),
    Forum.PROSECUTION: N_("Questions of the investigator, and answers:"),
}
"""With what statements begin before each court."""
TRIALS = frozenset({Forum.CRIMINAL_ONE, Forum.CRIMINAL_TWO, Forum.REVOLUTIONARY, Forum.JUVENILE})
SPEAK = frozenset(SIGNS) | {PartyRole.WITNESS, PartyRole.EXPERT}


def sections(
    line: SittingLine, hearing: Hearing, facts: HearingFacts, speech: Speech
) -> dict[Section, str]:
    """The texts of a draft that nobody has written yet."""
    return {
        Section.OPENING: opening(line, hearing, facts, speech),
        Section.ORDERS: orders(hearing, speech),
        Section.STATEMENTS: "\n".join(statements(facts, speech)),
        Section.EXHIBITS: "",
        Section.CLOSING: speech.gettext("The minutes were read, and signed by those present."),
        Section.NEXT_DATE: "",
    }


def opening(line: SittingLine, hearing: Hearing, facts: HearingFacts, speech: Speech) -> str:
    """When which court opened which sitting."""
    gettext = speech.gettext
    text = gettext(
        "On %(moment)s %(forum)s, branch %(branch)s, opened sitting %(number)s of case %(case)s "
        "from afar."
    )
    return text % {
        "moment": speech.jdatetime(hearing.opened_at or line.starts_at, "long"),
        "forum": gettext(words.FORUM[facts.forum]),
        "branch": speech.digits(facts.branch_number),
        "number": speech.digits(line.number),
        "case": speech.digits(line.case_number),
    }


def orders(hearing: Hearing, speech: Speech) -> str:
    """The order by which the sitting is held from afar."""
    text = speech.gettext("Order for a hearing from afar: %(order)s")
    return text % {"order": hearing.remote_order}


def statements(facts: HearingFacts, speech: Speech) -> Iterator[str]:
    """Who is asked to speak, in their order."""
    gettext = speech.gettext
    yield gettext(FIRST[facts.forum])
    for part in facts.parts:
        if part.role in SPEAK:
            yield f"{gettext(words.ROLE[part.role])}، {part.name}:"
    if facts.forum in TRIALS:
        yield gettext(LAST_DEFENCE)
