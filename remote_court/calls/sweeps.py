"""What calls do by themselves; each sweep is safe twice and says how many rows it dealt with."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from remote_court.calls import workers
from remote_court.calls.arrivals import open_if_complete
from remote_court.calls.close import TIME, call_off, close
from remote_court.calls.kinds import KINDS
from remote_court.calls.models import Attendance, Call, CallEntry, CallStatus, MediaWorker
from remote_court.calls.prepare import Prepared, prepare
from remote_court.calls.refusals import CallNotPlanned
from remote_court.calls.states import CALLED_OFF
from remote_court.scheduling.models import Session

LOOK_BACK = timedelta(days=2)
BATCH = 100


async def make_due(session: AsyncSession, now: datetime, limit: int = BATCH) -> int:
    """Make the calls of sessions whose time has come though nobody has asked to enter yet.

    So that a call to which nobody comes is closed like any other, and recorded.
    """
    called_off = (Call.status == CallStatus.CLOSED) & (Call.reason == CALLED_OFF)
    without_call = ~exists().where(Call.session_id == Session.id, ~called_off)
    found = 0
    for kind, rules in KINDS.items():
        due = (
            select(Session.id)
            .where(
                Session.kind == kind,
                Session.starts_at.between(now - LOOK_BACK, now),
                Session.status.in_(rules.expected),
                without_call,
            )
            .order_by(Session.starts_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        for session_id in (await session.scalars(due)).all():
            await prepare(session, session_id)
            found += 1
    return found


async def open_due(session: AsyncSession, now: datetime, limit: int = BATCH) -> int:
    """Open calls whose sides were all in before their time came."""
    somebody = exists().where(
        Attendance.session_id == Call.session_id, Attendance.left_at.is_(None)
    )
    due = (
        select(Call.session_id)
        .where(
            Call.status == CallStatus.WAITING,
            Call.starts_at <= now,
            Call.ends_at > now,
            somebody,
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    opened = 0
    for session_id in (await session.scalars(due)).all():
        if prepared := await standing(session, session_id):
            opened += await open_if_complete(session, prepared, now)
    return opened


async def close_due(session: AsyncSession, now: datetime, limit: int = BATCH) -> int:
    """Close calls whose end has come."""
    due = (
        select(Call.session_id)
        .where(Call.status != CallStatus.CLOSED, Call.ends_at <= now)
        .order_by(Call.ends_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    closed = 0
    for session_id in (await session.scalars(due)).all():
        prepared = await standing(session, session_id)
        if prepared and prepared.call.ends_at <= now:
            await close(session, prepared, TIME, now)
            closed += 1
    return closed


async def standing(session: AsyncSession, session_id: int) -> Prepared | None:
    """The call, unless its session was called off: another sweep's, and no reason to stop."""
    try:
        return await prepare(session, session_id)
    except CallNotPlanned:
        return None


async def call_off_due(session: AsyncSession, now: datetime, limit: int = BATCH) -> int:
    """Close calls whose session was cancelled or displaced in the meantime."""
    off = 0
    for kind, rules in KINDS.items():
        due = (
            select(Call)
            .join(Session, Session.id == Call.session_id)
            .where(
                Call.kind == kind,
                Call.status != CallStatus.CLOSED,
                Session.status.not_in(rules.expected),
            )
            .limit(limit)
            .with_for_update(skip_locked=True, of=Call)
        )
        for call in (await session.scalars(due)).all():
            await call_off(session, call, now)
            off += 1
    return off


async def move_off(session: AsyncSession, now: datetime, limit: int = BATCH) -> int:
    """Move calls off workers that should be empty by now, to others that have room."""
    late = (
        select(Call, MediaWorker)
        .join(MediaWorker, MediaWorker.id == Call.worker_id)
        .where(
            Call.status != CallStatus.CLOSED,
            MediaWorker.draining,
            MediaWorker.drain_by <= now,
            MediaWorker.lease_until > now,
        )
        .limit(limit)
        .with_for_update(skip_locked=True, of=Call)
    )
    moved = 0
    for call, worker in (await session.execute(late)).all():
        chosen = await workers.move(session, call, worker, now)
        moved += chosen is not worker
    return moved


async def forget_entries(session: AsyncSession, now: datetime) -> int:
    """Delete entries of calls that closed days ago: no token of theirs reads any more."""
    over = select(Call.session_id).where(
        Call.status == CallStatus.CLOSED, Call.closed_at < now - LOOK_BACK
    )
    gone = await session.execute(
        delete(CallEntry).where(CallEntry.session_id.in_(over)).returning(CallEntry.id)
    )
    return len(gone.all())


async def lose_connections(session: AsyncSession, now: datetime) -> int:
    """Note as lost who was connected through a worker that is dead, since its last sign of life.

    Their browsers come back by themselves with a ticket to another worker. A lease alone proves
    little where the database was away: others must have reported for a while.
    """
    other = aliased(MediaWorker)
    others_report = exists().where(
        other.lease_until > now, other.running_since < now - workers.SETTLED
    )
    last_sign = (
        select(func.coalesce(MediaWorker.retired_at, MediaWorker.reported_at))
        .join(Call, Call.worker_id == MediaWorker.id)
        .where(
            Call.session_id == Attendance.session_id,
            MediaWorker.lease_until <= now,
            or_(
                MediaWorker.retired_at.is_not(None),
                others_report,
                MediaWorker.lease_until <= now - workers.GIVEN_UP,
            ),
        )
        .scalar_subquery()
    )
    forgotten = exists().where(
        Call.session_id == Attendance.session_id,
        or_(
            Call.status == CallStatus.CLOSED,
            ~exists().where(MediaWorker.id == Call.worker_id).correlate(Call),
        ),
    )
    here = Attendance.left_at.is_(None)
    dead = await session.execute(
        update(Attendance)
        .where(here, last_sign.is_not(None))
        .values(
            left_at=func.greatest(Attendance.arrived_at, func.least(last_sign, now)),
            left_reason=workers.WORKER_LOST,
        )
        .returning(Attendance.id)
    )
    over = await session.execute(
        update(Attendance)
        .where(here, forgotten)
        .values(left_at=now, left_reason="lost")
        .returning(Attendance.id)
    )
    await workers.forget(session, now)
    return len(dead.all()) + len(over.all())
