"""Enter a ban: by a judge in writing for a fixed time, or by the disciplinary council."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.calendars.jalali import WEEK
from remote_court.clock import local
from remote_court.errors import Conflict, NotFound, Reason, RuleRefused
from remote_court.people import Actor
from remote_court.policy import Policy
from remote_court.visits.bans import BanKind, VisitBan
from remote_court.visits.entering import as_officer, inmate_of, settle, stated
from remote_court.visits.models import Visit, VisitKind
from remote_court.visits.permits import Mandate
from remote_court.visits.rules import cited
from remote_court.visits.touching import Coming, Span, visited_by, visits_to_come
from remote_court.visits.under_way import put_out
from remote_court.visits.withdraw import NOT_BOOKABLE, Cause, withdraw

BAN = "ban"
JUDICIAL, DISCIPLINARY = "visit.ban.judicial", "visit.ban.disciplinary.max_sessions"


class AlreadyLifted(Conflict):
    """This ban was lifted before."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the officer enters. ``visitor_id`` none: nobody may visit.

    A judicial ban says its last day; a disciplinary one how many weekly visits it takes, and
    the judge who confirmed it.
    """

    kind: BanKind
    reference: str
    starts_on: date
    ends_on: date | None = None
    sessions: int | None = None
    confirmed_by_judge: str | None = None
    visitor_id: int | None = None

    def last_day(self, policy: Policy) -> date | None:
        """The last day of the term: stated, or counted from the visits it takes."""
        if self.kind is BanKind.JUDICIAL:
            return self.ends_on
        if self.sessions is None or self.sessions < 1:
            return None
        weeks = -(-self.sessions // policy.integer("visit.min_per_week"))
        return self.starts_on + timedelta(days=WEEK * weeks - 1)


@dataclass(frozen=True, slots=True)
class Entered:
    """The ban, and the visits that were cancelled for it."""

    ban: VisitBan
    cancelled: Sequence[int]


def refusals(draft: Draft, today: date, policy: Policy) -> Iterator[Reason]:
    """Every condition of the law that a ban fails; pure."""
    judicial = draft.kind is BanKind.JUDICIAL
    if not draft.reference.strip():
        yield Reason(
            "ban-not-written",
            "A ban is in writing: enter the number and date of the order.",
            JUDICIAL if judicial else DISCIPLINARY,
        )
    if judicial and draft.ends_on is None:
        yield Reason(
            "ban-without-term", "A judge's ban is for a fixed time: enter its last day.", JUDICIAL
        )
    if draft.starts_on < today or (draft.ends_on and draft.ends_on < draft.starts_on):
        yield Reason(
            "ban-term-wrong",
            "A ban begins today or later, and its last day does not lie before its first.",
            JUDICIAL if judicial else DISCIPLINARY,
        )
    if not judicial:
        yield from _disciplinary(draft, policy)


def _disciplinary(draft: Draft, policy: Policy) -> Iterator[Reason]:
    most = policy.integer(DISCIPLINARY)
    if not 1 <= (draft.sessions or 0) <= most:
        yield Reason(
            "too-many-visits-taken",
            "The disciplinary council may take from one to %(most)s visits.",
            DISCIPLINARY,
            {"most": most},
        )
    if not (draft.confirmed_by_judge or "").strip():
        yield Reason(
            "ban-not-confirmed",
            "A disciplinary ban is confirmed by the judge who enforces sentences: enter who.",
            "visit.ban.disciplinary.confirm_by",
        )


async def preview(
    session: AsyncSession,
    actor: Actor,
    inmate_id: int,
    draft: Draft,
    *,
    now: datetime,
    policy: Policy,
) -> Sequence[Coming]:
    """Visits that the ban would cancel; lawyers' are none of them.

    Raises:
        RuleRefused: the ban fails a condition of the law.
    """
    inmate = await inmate_of(session, inmate_id)
    as_officer(actor, inmate)
    last = await _lawful(session, inmate_id, draft, now, policy)
    span = Span(draft.starts_on, last)
    conditions = _conditions(inmate_id, draft)
    return await visits_to_come(session, now, *conditions, span=span, begun=True)


async def enter(
    session: AsyncSession,
    actor: Actor,
    inmate_id: int,
    draft: Draft,
    *,
    now: datetime,
    policy: Policy,
) -> Entered:
    """Enter the ban and cancel the family's visits inside its term.

    Whom it bars is put out of a visit under way.

    Raises:
        RuleRefused: the ban fails a condition of the law.
    """
    await settle(session, inmate_id, now)
    inmate = await inmate_of(session, inmate_id, lock=True)
    stand = as_officer(actor, inmate)
    last = await _lawful(session, inmate_id, draft, now, policy)
    ban = VisitBan(
        inmate_id=inmate_id,
        visitor_id=draft.visitor_id,
        kind=draft.kind,
        reference=draft.reference.strip(),
        starts_on=draft.starts_on,
        ends_on=last,
        sessions=draft.sessions if draft.kind is BanKind.DISCIPLINARY else None,
        confirmed_by_judge=(draft.confirmed_by_judge or "").strip() or None,
        entered_by=actor.person_id,
        entered_at=now,
    )
    session.add(ban)
    await session.flush()
    span, conditions = Span(draft.starts_on, last), _conditions(inmate_id, draft)
    touched = await visits_to_come(session, now, *conditions, span=span, lock=True, begun=True)
    cause = Cause(NOT_BOOKABLE, until=last + timedelta(days=1))
    cancelled = await withdraw(session, stand, touched, cause, now)
    await put_out(session, stand, now, *conditions)
    act = stand.act(
        "ban.entered",
        (BAN, ban.id),
        inmate=inmate_id,
        visitor=draft.visitor_id,
        kind=draft.kind,
        first=draft.starts_on.isoformat(),
        last=last.isoformat(),
        cancelled=list(cancelled),
    )
    await audit.record(session, now, act)
    return Entered(ban, cancelled)


async def lift(
    session: AsyncSession, actor: Actor, ban_id: int, reason: str, now: datetime
) -> VisitBan:
    """End a ban before its term; visits can be booked at once.

    Raises:
        NotFound: no such ban in one's own prison.
        AlreadyLifted: it was lifted before.
    """
    ban = await session.get(VisitBan, ban_id, with_for_update=True)
    if ban is None:
        raise NotFound
    stand = as_officer(actor, await inmate_of(session, ban.inmate_id))
    if ban.lifted_at is not None:
        raise AlreadyLifted
    ban.lifted_at = now
    act = stand.act("ban.lifted", (BAN, ban.id), inmate=ban.inmate_id, reason=stated(reason))
    await audit.record(session, now, act)
    await session.flush()
    return ban


async def _lawful(
    session: AsyncSession, inmate_id: int, draft: Draft, now: datetime, policy: Policy
) -> date:
    reasons = list(refusals(draft, local(now).date(), policy))
    if draft.visitor_id is not None and await _is_lawyer(session, inmate_id, draft.visitor_id):
        reasons.append(
            Reason("lawyer-exempt", "A lawyer's visits cannot be banned.", "visit.ban.exempt")
        )
    last = None if reasons else draft.last_day(policy)
    if last is None:
        raise RuleRefused([cited(reason, policy) for reason in reasons])
    return last


async def _is_lawyer(session: AsyncSession, inmate_id: int, person_id: int) -> bool:
    query = select(Mandate.id).where(
        Mandate.inmate_id == inmate_id, Mandate.lawyer_id == person_id, Mandate.ended_at.is_(None)
    )
    return (await session.scalars(query.limit(1))).first() is not None


def _conditions(inmate_id: int, draft: Draft) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Visit.inmate_id == inmate_id,
        Visit.kind == VisitKind.FAMILY,
    ]
    if draft.visitor_id is not None:
        found.append(visited_by(draft.visitor_id))
    return found
