"""What the bylaw asks of visits to foreigners (arts. 217-218): papers, and a language; pure.

A reason is read by families and clerks: it says what to bring or whom to name, and neither how
far the case is nor what somebody was sentenced for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from remote_court.errors import Reason
from remote_court.policy import Policy
from remote_court.visits.company import in_persian
from remote_court.visits.models import VisitKind

if TYPE_CHECKING:
    from remote_court.visits.facts import Facts
    from remote_court.visits.rules import Asked

PAPERS, BEFORE_THE_END = "visit.foreign.consular", "visit.foreign.not_final_adds"
FOLLOWED, PRESENT = "visit.foreign.security_convict", "staff_or_interpreter_present"
NO_PAPERS = Reason(
    "no-consular-papers",
    "The prison has not recorded every paper of this consular visit for that day. Bring the letter"
    " of the Foreign Ministry and the agreements that it asks for to the prison first.",
    PAPERS,
)
NOBODY_FOLLOWS = Reason(
    "language-companion-needed",
    "Somebody who knows the language of this visit must be present: an interpreter or a member of"
    " staff. Ask the office to book it and to name them.",
    FOLLOWED,
)


def papers_needed(on_remand: bool, policy: Policy) -> tuple[str, ...]:
    """The papers of a consular visit; before the final sentence also the judge's agreement."""
    more = (policy.word(BEFORE_THE_END),) if on_remand else ()
    return tuple(dict.fromkeys((*policy.words(PAPERS), *more)))


def with_papers(asked: Asked, facts: Facts, policy: Policy) -> Iterator[Reason]:
    """A consul comes by papers that the prison has recorded, whole for the day of the visit."""
    if asked.kind is not VisitKind.CONSULAR:
        return
    needed = set(papers_needed(facts.inmate.on_remand, policy))
    if not facts.visitors or any(not needed <= v.papers for v in facts.visitors):
        yield NO_PAPERS


def followed(asked: Asked, facts: Facts, policy: Policy) -> Iterator[Reason]:
    """Somebody named follows what is said to a security convict in another language."""
    if asked.kind is VisitKind.LAWYER or asked.followed:
        return
    if policy.word(FOLLOWED) != PRESENT:
        return
    if facts.inmate.security_convict and not in_persian(facts):
        yield NOBODY_FOLLOWS
