"""Permit a visitor who does not visit by right, and take the permit back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.clock import local
from remote_court.errors import Conflict, Reason, RuleRefused
from remote_court.people import Actor
from remote_court.people.inmates import Inmate
from remote_court.policy import Policy
from remote_court.visits.entering import (
    Stand,
    as_officer,
    check_other,
    check_term,
    inmate_of,
    referred,
    stated,
)
from remote_court.visits.kinships import Kinship
from remote_court.visits.models import Visit, VisitKind
from remote_court.visits.permits import Permit, PermitIssuer
from remote_court.visits.rules import cited
from remote_court.visits.take_back import Ended, take_back, to_end
from remote_court.visits.touching import Coming, Span, visited_by, visits_to_come
from remote_court.visits.withdraw import PERMIT_ENDED, Cause

PERMIT = "permit"
OTHERS = "visit.others_need"
ON_REMAND = "visit.foreign.not_final_adds"


class AlreadyRevoked(Conflict):
    """This permit was taken back before."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the officer enters of a permit; both days are included."""

    visitor_id: int
    issuer: PermitIssuer
    reference: str
    valid_from: date
    valid_to: date


def issuers(on_remand: bool, policy: Policy) -> tuple[PermitIssuer, ...]:
    """Who may permit a visit; for who is not finally sentenced also the handling judge."""
    words = policy.words(OTHERS)
    also = (policy.word(ON_REMAND),) if on_remand else ()
    return tuple(PermitIssuer(word) for word in (*words, *also))


def refusals(issuer: PermitIssuer, on_remand: bool, policy: Policy) -> Iterator[Reason]:
    """Whether this authority may permit; pure."""
    if issuer not in issuers(on_remand, policy):
        yield Reason("wrong-issuer", "This authority cannot permit this visit.", OTHERS)


async def enter(
    session: AsyncSession,
    actor: Actor,
    inmate_id: int,
    draft: Draft,
    *,
    now: datetime,
    policy: Policy,
) -> Permit:
    """Enter a permit; from then on its visitor books like a near relative.

    Raises:
        RuleRefused: the authority may not permit it.
        ReferenceNeeded: there is no document.
        WrongTerm: the days are not in order, or all gone.
        OneselfIsNoVisitor: it is for the prisoner.
    """
    inmate = await inmate_of(session, inmate_id)
    stand = as_officer(actor, inmate)
    check_other(inmate_id, draft.visitor_id)
    if reasons := list(refusals(draft.issuer, inmate.on_remand, policy)):
        raise RuleRefused([cited(reason, policy) for reason in reasons])
    check_term(draft.valid_from, draft.valid_to, local(now).date())
    return await write(session, stand, inmate, draft, now)


async def write(
    session: AsyncSession, stand: Stand, inmate: Inmate, draft: Draft, now: datetime
) -> Permit:
    """Write a lawful permit down."""
    permit = Permit(
        inmate_id=inmate.person_id,
        visitor_id=draft.visitor_id,
        issuer=draft.issuer,
        reference=referred(draft.reference),
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
        entered_by=stand.actor.person_id,
        entered_at=now,
    )
    session.add(permit)
    await session.flush()
    act = stand.act(
        "permit.entered",
        (PERMIT, permit.id),
        inmate=inmate.person_id,
        visitor=draft.visitor_id,
        issuer=draft.issuer,
        first=draft.valid_from.isoformat(),
        last=draft.valid_to.isoformat(),
    )
    await audit.record(session, now, act)
    return permit


async def revoke(
    session: AsyncSession,
    actor: Actor,
    permit_id: int,
    reason: str,
    *,
    now: datetime,
    policy: Policy,
) -> tuple[Permit, Sequence[int]]:
    """Take a permit back and cancel the visits that stood on it; return both.

    Raises:
        NotFound: no such permit in one's own prison.
        AlreadyRevoked: it was taken back before.
    """
    permit = await to_end(session, Permit, permit_id, now)
    stand = as_officer(actor, await inmate_of(session, permit.inmate_id, lock=True))
    if permit.revoked_at is not None:
        raise AlreadyRevoked
    said = stated(reason)
    permit.revoked_at = now
    await session.flush()
    touched = await standing_on(session, permit, now, policy, lock=True)
    ended = Ended(
        act="permit.revoked",
        subject=(PERMIT, permit.id),
        inmate_id=permit.inmate_id,
        visitor_id=permit.visitor_id,
        reason=said,
        cause=Cause(PERMIT_ENDED),
    )
    return permit, await take_back(session, stand, ended, touched, now)


async def standing_on(
    session: AsyncSession, permit: Permit, now: datetime, policy: Policy, *, lock: bool = False
) -> Sequence[Coming]:
    """Visits to come that are lawful only by this permit."""
    if await _otherwise_allowed(session, permit, policy):
        return []
    return await visits_to_come(
        session,
        now,
        Visit.inmate_id == permit.inmate_id,
        Visit.kind == VisitKind.FAMILY,
        visited_by(permit.visitor_id),
        span=Span(permit.valid_from, permit.valid_to),
        lock=lock,
        begun=True,
    )


async def _otherwise_allowed(session: AsyncSession, permit: Permit, policy: Policy) -> bool:
    near = select(Kinship.id).where(
        Kinship.inmate_id == permit.inmate_id,
        Kinship.visitor_id == permit.visitor_id,
        Kinship.sighted_at.is_not(None),
        Kinship.kind.in_(policy.words("visit.relatives_auto")),
    )
    other = select(Permit.id).where(
        Permit.inmate_id == permit.inmate_id,
        Permit.visitor_id == permit.visitor_id,
        Permit.id != permit.id,
        Permit.revoked_at.is_(None),
        Permit.valid_from <= permit.valid_from,
        Permit.valid_to >= permit.valid_to,
    )
    found = [(await session.scalars(query.limit(1))).first() for query in (near, other)]
    return any(one is not None for one in found)
