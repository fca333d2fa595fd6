"""Register a lawyer's power of attorney for an inmate, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.errors import Conflict, Invalid
from remote_court.people import Actor, Grant, Role
from remote_court.visits.entering import as_officer_or_clerk, inmate_of, referred, stated
from remote_court.visits.models import Visit, VisitKind
from remote_court.visits.permits import Mandate
from remote_court.visits.take_back import Ended, take_back, to_end
from remote_court.visits.touching import Coming, visited_by, visits_to_come
from remote_court.visits.withdraw import MANDATE_ENDED, Cause

MANDATE = "mandate"


class NotALawyer(Invalid):
    """This person is not registered as a lawyer."""


class AlreadyMandated(Conflict):
    """This lawyer's power of attorney is registered already."""


class AlreadyEnded(Conflict):
    """This power of attorney was ended before."""


async def enter(
    session: AsyncSession,
    actor: Actor,
    inmate_id: int,
    lawyer_id: int,
    reference: str,
    *,
    place_id: int,
    now: datetime,
) -> Mandate:
    """Register a power of attorney as it was sighted at a prison or an office.

    Raises:
        NotFound: no such inmate, or the place is not one's own.
        NotALawyer: the person does not hold that role.
        AlreadyMandated: one stands already.
        ReferenceNeeded: there is no document.
    """
    inmate = await inmate_of(session, inmate_id, lock=True)
    stand = as_officer_or_clerk(actor, inmate, place_id)
    if not await _is_lawyer(session, lawyer_id):
        raise NotALawyer(where="national_id")
    if await _standing(session, inmate_id, lawyer_id):
        raise AlreadyMandated
    mandate = Mandate(
        inmate_id=inmate_id,
        lawyer_id=lawyer_id,
        reference=referred(reference),
        entered_by=actor.person_id,
        entered_at=now,
    )
    session.add(mandate)
    await session.flush()
    act = stand.act("mandate.entered", (MANDATE, mandate.id), inmate=inmate_id, lawyer=lawyer_id)
    await audit.record(session, now, act)
    return mandate


async def end(
    session: AsyncSession,
    actor: Actor,
    mandate_id: int,
    reason: str,
    *,
    place_id: int,
    now: datetime,
) -> tuple[Mandate, Sequence[int]]:
    """Write down that a power of attorney ended; its visits to come are cancelled.

    Raises:
        NotFound: no such mandate, or the place is not one's own.
        AlreadyEnded: it ended before.
    """
    mandate = await to_end(session, Mandate, mandate_id, now)
    inmate = await inmate_of(session, mandate.inmate_id, lock=True)
    stand = as_officer_or_clerk(actor, inmate, place_id)
    if mandate.ended_at is not None:
        raise AlreadyEnded
    said = stated(reason)
    mandate.ended_at = now
    await session.flush()
    touched = await standing_on(session, mandate, now, lock=True)
    ended = Ended(
        act="mandate.ended",
        subject=(MANDATE, mandate.id),
        inmate_id=mandate.inmate_id,
        visitor_id=mandate.lawyer_id,
        reason=said,
        cause=Cause(MANDATE_ENDED),
    )
    return mandate, await take_back(session, stand, ended, touched, now)


async def standing_on(
    session: AsyncSession, mandate: Mandate, now: datetime, *, lock: bool = False
) -> Sequence[Coming]:
    """The lawyer's visits to come."""
    return await visits_to_come(
        session,
        now,
        Visit.inmate_id == mandate.inmate_id,
        Visit.kind == VisitKind.LAWYER,
        visited_by(mandate.lawyer_id),
        lock=lock,
        begun=True,
    )


async def _is_lawyer(session: AsyncSession, person_id: int) -> bool:
    query = select(Grant.id).where(
        Grant.person_id == person_id, Grant.role == Role.LAWYER, Grant.revoked_at.is_(None)
    )
    return (await session.scalars(query.limit(1))).first() is not None


async def _standing(session: AsyncSession, inmate_id: int, lawyer_id: int) -> bool:
    query = select(Mandate.id).where(
        Mandate.inmate_id == inmate_id, Mandate.lawyer_id == lawyer_id, Mandate.ended_at.is_(None)
    )
    return (await session.scalars(query.limit(1))).first() is not None
