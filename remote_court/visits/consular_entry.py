"""Record a consul's papers for an inmate, and take them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.clock import local
from remote_court.errors import Conflict, Invalid
from remote_court.people import Actor, Person
from remote_court.policy import Policy
from remote_court.visits.consular import ConsularPapers, Paper
from remote_court.visits.entering import (
    as_officer,
    check_other,
    check_term,
    inmate_of,
    stated,
)
from remote_court.visits.foreign import papers_needed
from remote_court.visits.models import Visit, VisitKind
from remote_court.visits.take_back import Ended, take_back, to_end
from remote_court.visits.touching import Coming, Span, visited_by, visits_to_come
from remote_court.visits.withdraw import PAPERS_ENDED, Cause

PAPERS = "consular_papers"
HOME = "IR"


class PaperMissing(Invalid):
    """Enter the number and date of this paper; without it there is no consular visit."""


class NotForeign(Invalid):
    """This prisoner has no foreign nationality, so that no consul visits."""


class AlreadyWithdrawn(Conflict):
    """These papers were taken back before."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the officer enters; ``papers`` by kind, and both days are included."""

    visitor_id: int
    papers: Mapping[str, str]
    valid_from: date
    valid_to: date


async def enter(
    session: AsyncSession,
    actor: Actor,
    inmate_id: int,
    draft: Draft,
    *,
    now: datetime,
    policy: Policy,
) -> ConsularPapers:
    """Record the papers of a consul; from then on an office books the visit.

    Raises:
        NotFound: the inmate is another prison's.
        NotForeign: the inmate is no foreigner.
        PaperMissing: one that the policy asks for has no number.
        WrongTerm: the days are not in order, or all gone.
        OneselfIsNoVisitor: they are the prisoner's own.
    """
    inmate = await inmate_of(session, inmate_id)
    stand = as_officer(actor, inmate)
    check_other(inmate_id, draft.visitor_id)
    person = await session.get_one(Person, inmate_id)
    if person.nationality == HOME:
        raise NotForeign(where="national_id")
    given = {Paper(kind): text.strip() for kind, text in draft.papers.items() if text.strip()}
    for kind in papers_needed(inmate.on_remand, policy):
        if Paper(kind) not in given:
            raise PaperMissing(where=kind)
    check_term(draft.valid_from, draft.valid_to, local(now).date())
    papers = ConsularPapers(
        inmate_id=inmate_id,
        visitor_id=draft.visitor_id,
        papers={kind.value: text for kind, text in given.items()},
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
        entered_by=actor.person_id,
        entered_at=now,
    )
    session.add(papers)
    await session.flush()
    act = stand.act(
        "consular_papers.entered",
        (PAPERS, papers.id),
        inmate=inmate_id,
        visitor=draft.visitor_id,
        papers=sorted(papers.papers),
        first=draft.valid_from.isoformat(),
        last=draft.valid_to.isoformat(),
    )
    await audit.record(session, now, act)
    return papers


async def withdraw_papers(
    session: AsyncSession, actor: Actor, papers_id: int, reason: str, *, now: datetime
) -> tuple[ConsularPapers, Sequence[int]]:
    """Take papers back and cancel the visits that stood on them; return both.

    Raises:
        NotFound: no such papers in one's own prison.
        AlreadyWithdrawn: they were taken back before.
        ReasonMissing: no reason was given.
    """
    papers = await to_end(session, ConsularPapers, papers_id, now)
    stand = as_officer(actor, await inmate_of(session, papers.inmate_id, lock=True))
    if papers.withdrawn_at is not None:
        raise AlreadyWithdrawn
    said = stated(reason)
    papers.withdrawn_at = now
    await session.flush()
    touched = await standing_on(session, papers, now, lock=True)
    ended = Ended(
        act="consular_papers.withdrawn",
        subject=(PAPERS, papers.id),
        inmate_id=papers.inmate_id,
        visitor_id=papers.visitor_id,
        reason=said,
        cause=Cause(PAPERS_ENDED),
    )
    return papers, await take_back(session, stand, ended, touched, now)


async def standing_on(
    session: AsyncSession, papers: ConsularPapers, now: datetime, *, lock: bool = False
) -> Sequence[Coming]:
    """The consul's visits to come on the days of these papers, if no others stand for that day."""
    coming = await visits_to_come(
        session,
        now,
        Visit.inmate_id == papers.inmate_id,
        Visit.kind == VisitKind.CONSULAR,
        visited_by(papers.visitor_id),
        span=Span(papers.valid_from, papers.valid_to),
        lock=lock,
        begun=True,
    )
    others = await _others(session, papers)
    return [visit for visit in coming if not any(covers(one, visit) for one in others)]


async def _others(session: AsyncSession, papers: ConsularPapers) -> Sequence[ConsularPapers]:
    """Papers of the same consul that stand, and of which none is missing that is taken back."""
    query = select(ConsularPapers).where(
        ConsularPapers.inmate_id == papers.inmate_id,
        ConsularPapers.visitor_id == papers.visitor_id,
        ConsularPapers.id != papers.id,
        ConsularPapers.withdrawn_at.is_(None),
    )
    found = await session.scalars(query)
    return [one for one in found if papers.papers.keys() <= one.papers.keys()]


def covers(papers: ConsularPapers, visit: Coming) -> bool:
    """Whether papers hold on the day of a visit."""
    return papers.valid_from <= local(visit.starts_at).date() <= papers.valid_to
