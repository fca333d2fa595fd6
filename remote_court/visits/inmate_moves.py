"""An inmate is moved, released, taken to hospital, or comes back: their visits follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox
from remote_court.errors import Conflict, Invalid, Reason
from remote_court.people import Actor
from remote_court.people.inmates import Inmate, InmateStatus
from remote_court.places import Prison
from remote_court.policy import Policy
from remote_court.scheduling.hold import lock
from remote_court.visits import under_way
from remote_court.visits.entering import (
    AlreadySo,
    Stand,
    as_officer,
    inmate_of,
    keys_ahead,
    stated,
)
from remote_court.visits.models import Visit
from remote_court.visits.resettle import Fates, displace, resettle
from remote_court.visits.touching import Coming, visits_to_come
from remote_court.visits.withdraw import RELEASED, Cause, withdraw

INMATE = "inmate"
MOVED_AWAY = Reason("inmate-moved", "The prisoner was moved to another prison.")
IN_HOSPITAL = Reason("inmate-in-hospital", "The prisoner is in hospital.")
ON_LEAVE = Reason("inmate-on-leave", "The prisoner is on leave.")
AWAY = {InmateStatus.HOSPITAL: IN_HOSPITAL, InmateStatus.ON_LEAVE: ON_LEAVE}


class VisitUnderWay(Conflict):
    """A visit of this prisoner is under way; end it first."""


class SamePrison(Invalid):
    """The prisoner is already there; choose another prison."""


async def to_come(
    session: AsyncSession, actor: Actor, inmate_id: int, now: datetime
) -> Sequence[Coming]:
    """The visits that a move, a release or a stay in hospital would touch.

    Raises:
        NotFound: no such inmate in one's own prison.
    """
    as_officer(actor, await inmate_of(session, inmate_id))
    return await visits_to_come(session, now, Visit.inmate_id == inmate_id, begun=True)


async def move(
    session: AsyncSession,
    actor: Actor,
    inmate_id: int,
    *,
    prison_id: int,
    ward: str,
    now: datetime,
    policy: Policy,
) -> Fates:
    """Move an inmate to another prison; visits keep their time where it has a booth free.

    Raises:
        NotFound: no such inmate in one's own prison.
        SamePrison: not another prison, or one that serves nobody.
        VisitUnderWay: the inmate sits in a booth now.
    """
    target = await session.get(Prison, prison_id)
    if target is None or not target.in_service:
        raise SamePrison(where="prison_id")
    inmate, stand = await _take(session, actor, inmate_id, now, also=prison_id)
    if prison_id == inmate.prison_id:
        raise SamePrison(where="prison_id")
    visits = await _none_under_way(session, inmate_id, now)
    old = inmate.prison_id
    inmate.prison_id, inmate.ward, inmate.status_since = prison_id, ward.strip(), now
    await session.flush()
    fates = await resettle(
        session, stand, visits, prison_id, MOVED_AWAY.message, now=now, policy=policy
    )
    await _record(session, stand, "inmate.moved", inmate, now, was=old, to=prison_id, fates=fates)
    return fates


async def release(
    session: AsyncSession, actor: Actor, inmate_id: int, reason: str, *, now: datetime
) -> Sequence[int]:
    """Write down that an inmate is free; every visit to come is cancelled by the prison.

    One that is under way ends for everybody in it.

    Raises:
        NotFound: no such inmate in one's own prison.
        AlreadySo: released before.
        ReasonMissing: no reason was given.
    """
    inmate, stand = await _take(session, actor, inmate_id, now)
    _change(inmate, InmateStatus.RELEASED, now)
    said = stated(reason)
    visits = await _locked(session, inmate_id, now)
    cancelled = await withdraw(session, stand, visits, Cause(RELEASED), now)
    mine = Visit.inmate_id == inmate_id
    ended = await under_way.end(session, stand, now, RELEASED.message, mine)
    gone = {"gone": cancelled, "ended": list(ended)}
    await _record(session, stand, "inmate.released", inmate, now, reason=said, fates=None, **gone)
    return cancelled


async def leave(
    session: AsyncSession, actor: Actor, inmate_id: int, status: InmateStatus, *, now: datetime
) -> Sequence[int]:
    """Write down that an inmate is in hospital or on leave; visits to come are displaced.

    Raises:
        NotFound: no such inmate in one's own prison.
        AlreadySo: written down before.
        VisitUnderWay: the inmate sits in a booth now.
    """
    reason = AWAY[status]
    inmate, stand = await _take(session, actor, inmate_id, now)
    visits = await _none_under_way(session, inmate_id, now)
    _change(inmate, status, now)
    await displace(session, stand, visits, reason.message, now)
    gone = [visit.id for visit in visits]
    await _record(session, stand, f"inmate.{status}", inmate, now, gone=gone)
    return gone


async def come_back(
    session: AsyncSession, actor: Actor, inmate_id: int, *, now: datetime, policy: Policy
) -> Fates:
    """Write down that an inmate is back; displaced visits get their time again where it is free.

    Raises:
        NotFound: no such inmate in one's own prison.
        AlreadySo: the inmate is there.
    """
    inmate, stand = await _take(session, actor, inmate_id, now, also=None)
    waiting = [reason.message for reason in AWAY.values()]
    _change(inmate, InmateStatus.HELD, now)
    await session.flush()
    visits = await visits_to_come(
        session,
        now,
        Visit.inmate_id == inmate_id,
        Visit.displaced_reason.in_(waiting),
        lock=True,
    )
    fates = await resettle(
        session, stand, visits, inmate.prison_id, IN_HOSPITAL.message, now=now, policy=policy
    )
    await _record(session, stand, "inmate.back", inmate, now, fates=fates)
    return fates


async def _take(
    session: AsyncSession, actor: Actor, inmate_id: int, now: datetime, also: int | None = None
) -> tuple[Inmate, Stand]:
    """Stop bookings of the inmate (and of the prison they go to), and stand as its officer."""
    keys = {*keys_ahead(inmate_id, now), *(keys_ahead(also, now) if also else ())}
    await lock(session, sorted(keys))
    inmate = await inmate_of(session, inmate_id, lock=True)
    return inmate, as_officer(actor, inmate)


async def _locked(session: AsyncSession, inmate_id: int, now: datetime) -> Sequence[Coming]:
    """The visits to come; none of them can begin any more before this is over."""
    mine = Visit.inmate_id == inmate_id
    return await visits_to_come(session, now, mine, lock=True, begun=True)


async def _none_under_way(session: AsyncSession, inmate_id: int, now: datetime) -> Sequence[Coming]:
    visits = await _locked(session, inmate_id, now)
    if await under_way.under_way(session, Visit.inmate_id == inmate_id):
        raise VisitUnderWay
    return visits


def _change(inmate: Inmate, status: InmateStatus, now: datetime) -> None:
    if inmate.status is status:
        raise AlreadySo
    inmate.status, inmate.status_since = status, now


async def _record(
    session: AsyncSession,
    stand: Stand,
    name: str,
    inmate: Inmate,
    now: datetime,
    *,
    fates: Fates | None = None,
    **detail: object,
) -> None:
    if fates is not None:
        detail |= {"kept": list(fates.kept), "displaced": list(fates.displaced)}
    act = stand.act(name, (INMATE, inmate.person_id), **detail)
    await audit.record(session, now, act)
    await outbox.put(
        session,
        outbox.live(f"prison:{stand.place_id}", now, event=INMATE, id=inmate.person_id),
    )
    await session.flush()
