"""Who came to a call and who went; the call opens when every side is in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.audit import Act
from remote_court.calls import queries
from remote_court.calls.announce import announce, tell_boards
from remote_court.calls.kinds import rules_for
from remote_court.calls.models import Attendance, CallStatus
from remote_court.calls.plan import Standing, standing
from remote_court.calls.prepare import Prepared, prepare
from remote_court.calls.refusals import CallElsewhere, CallOver
from remote_court.calls.states import move
from remote_court.calls.withdraw import holds
from remote_court.errors import NotFound
from remote_court.tickets import TicketRevoked


@dataclass(frozen=True, slots=True)
class Arrival:
    """One connection of one person to one call, at a worker."""

    session_id: int
    person_id: int
    role: str
    connection_id: str
    worker_id: str | None = None


async def arrived(
    session: AsyncSession, arrival: Arrival, entry_id: int, now: datetime
) -> Standing:
    """Write an arrival down, once, and open the call if this side was the last.

    The rules are asked again: rights may have shrunk while the ticket was on its way.

    Raises:
        TicketRevoked: the entry was withdrawn, or whoever made it would not be let in any more.
        CallOver: the call is closed.
        CallElsewhere: it lives on another worker by now.
        NotFound, CallNotPlanned: there is no such call.
    """
    prepared = await prepare(session, arrival.session_id)
    entry = await queries.entry(session, entry_id, arrival.session_id)
    if entry is None or not await holds(session, entry):
        raise TicketRevoked
    return await come_in(session, prepared, arrival, now, entry.device_id)


async def come_in(
    session: AsyncSession,
    prepared: Prepared,
    arrival: Arrival,
    now: datetime,
    device_id: int | None = None,
) -> Standing:
    """Write an arrival at a running call down.

    Raises:
        CallOver: the call is closed.
    """
    if prepared.call.status is CallStatus.CLOSED:
        raise CallOver
    if arrival.worker_id and prepared.call.worker_id not in {None, arrival.worker_id}:
        raise CallElsewhere
    row = insert(Attendance).values(
        session_id=arrival.session_id,
        person_id=arrival.person_id,
        role=arrival.role,
        connection_id=arrival.connection_id,
        device_id=device_id,
        arrived_at=now,
    )
    done = await session.execute(row.on_conflict_do_nothing().returning(Attendance.id))
    if done.first() is not None:
        await tell_boards(session, prepared.frame, arrival.session_id, now, "call")
    await open_if_complete(session, prepared, now)
    return standing(prepared.call)


async def open_if_complete(session: AsyncSession, prepared: Prepared, now: datetime) -> bool:
    """Open a waiting call whose time has come and whose every side is in.

    One that opens late runs its full length, as long as its places are reserved.
    """
    call, frame = prepared.call, prepared.frame
    if not frame.opens_itself or call.status is not CallStatus.WAITING:
        return False
    if not call.starts_at <= now < call.ends_at:
        return False
    if not frame.required <= await queries.roles_in(session, call.session_id):
        return False
    await open_call(session, prepared, now)
    return True


async def open_call(session: AsyncSession, prepared: Prepared, now: datetime) -> None:
    """Open a waiting call, for as long as was told, as far as its places are reserved.

    Raises:
        WrongState: it waits no more.
    """
    call, frame = prepared.call, prepared.frame
    move(call, CallStatus.LIVE)
    call.opened_at = now
    call.ends_at = max(call.ends_at, min(now + frame.told.length, frame.latest_end))
    await prepared.rules.opened(session, call.session_id, now)
    await audit.record(session, now, Act("call.opened", "session", call.session_id))
    await announce(session, call, frame, now)


async def left(
    session: AsyncSession,
    session_id: int,
    person_id: int,
    connection_id: str,
    *,
    reason: str,
    now: datetime,
) -> bool:
    """Write down that a connection ended; telling it again changes nothing."""
    done = await session.execute(
        update(Attendance)
        .where(
            Attendance.session_id == session_id,
            Attendance.person_id == person_id,
            Attendance.connection_id == connection_id,
            Attendance.left_at.is_(None),
        )
        .values(left_at=now, left_reason=reason)
        .returning(Attendance.id)
    )
    if done.first() is None:
        return False
    await tell_watchers(session, session_id, now)
    return True


async def tell_watchers(
    session: AsyncSession, session_id: int, now: datetime, event: str = "call"
) -> None:
    """Tell the boards of a call's places that something happened in it."""
    call = await queries.call(session, session_id)
    if call is None:
        raise NotFound
    frame = await rules_for(call.kind).frame(session, session_id)
    await tell_boards(session, frame, session_id, now, event)


async def measured(
    session: AsyncSession, session_id: int, person_id: int, figures: dict[str, float]
) -> None:
    """Keep the latest figures of a person's line."""
    await session.execute(
        update(Attendance)
        .where(
            Attendance.session_id == session_id,
            Attendance.person_id == person_id,
            Attendance.left_at.is_(None),
        )
        .values(statistics=figures)
    )
