"""Media workers: they register, report, and are chosen; alive while their lease runs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import case, delete, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.calls import queries
from remote_court.calls.announce import channel
from remote_court.calls.models import Attendance, Call, MediaWorker
from remote_court.calls.refusals import NoWorker, WorkerUnknown

LEASE = timedelta(seconds=15)
"""Workers report every two seconds: a database that is away for ten costs nobody a lease."""

SETTLED = timedelta(seconds=5)
"""How long others must have reported before a lease that ran out says that a worker is dead."""

GIVEN_UP = timedelta(minutes=1)
FORGET = queries.FORGET
WORKER_LOST = "worker_lost"
"""How a connection ended whose media worker went: no line, no person's will."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that carries calls. ``url`` is its signalling, an absolute WebSocket address."""

    id: str
    url: str
    udp_port: int


class State(StrEnum):
    """What a worker does: carry calls, finish those it has, or nothing any more."""

    RUNNING = "running"
    DRAINING = "draining"
    STOPPED = "stopped"
    LOST = "lost"


def state(worker: MediaWorker, now: datetime) -> State:
    """What a worker does at this moment."""
    if worker.lease_until <= now:
        return State.STOPPED if worker.stopped_at else State.LOST
    return State.DRAINING if worker.draining else State.RUNNING


def since(worker: MediaWorker, now: datetime) -> datetime:
    """Since when it is in this state; a lost one is missed since its lease ran out."""
    match state(worker, now):
        case State.RUNNING:
            return worker.started_at
        case State.DRAINING:
            return worker.draining_since or worker.started_at
        case State.STOPPED | State.LOST:
            return worker.lease_until


@dataclass(frozen=True, slots=True)
class Load:
    """How busy a worker is; ``cpu_share`` is the part of one core it uses."""

    rooms: int = 0
    peers: int = 0
    packets_per_s: int = 0
    cpu_share: float = 0.0


async def report(session: AsyncSession, worker: Worker, load: Load, now: datetime) -> bool:
    """A worker lives and carries this much; its first report registers it.

    Returns whether it may go: it is drained, and nobody is left there, or by the time at which it
    shall be empty nobody but those who try out a line.
    """
    told = asdict(load) | {
        "url": worker.url,
        "udp_port": worker.udp_port,
        "reported_at": now,
        "retired_at": None,
        "lease_until": now + LEASE,
        "stopped_at": None,
    }
    row = insert(MediaWorker).values(id=worker.id, started_at=now, running_since=now, **told)
    since = case((MediaWorker.lease_until < now, now), else_=MediaWorker.running_since)
    kept = row.on_conflict_do_update(
        index_elements=["id"], set_=told | {"running_since": since}
    ).returning(MediaWorker.draining, MediaWorker.drain_by)
    draining, by = (await session.execute(kept)).one()
    if not draining or not load.peers:
        return bool(draining)
    return by is not None and by <= now and not await queries.carries(session, worker.id)


async def drain(
    session: AsyncSession,
    worker_id: str,
    now: datetime,
    *,
    draining: bool = True,
    by: datetime | None = None,
) -> None:
    """Let a worker finish what it carries and give it nothing new; or end that.

    Args:
        by: when talks that still run there are moved to other workers; none: never.

    Raises:
        WorkerUnknown: there is none of this id.
    """
    since = func.coalesce(MediaWorker.draining_since, now) if draining else None
    done = await session.execute(
        update(MediaWorker)
        .where(MediaWorker.id == worker_id)
        .values(draining=draining, draining_since=since, drain_by=by if draining else None)
        .returning(MediaWorker.id)
    )
    if done.first() is None:
        raise WorkerUnknown


async def retire(session: AsyncSession, worker_id: str, at: datetime) -> None:
    """A worker stops at this moment: its lease ends."""
    await session.execute(
        update(MediaWorker)
        .where(MediaWorker.id == worker_id)
        .values(lease_until=at, retired_at=at, stopped_at=at)
    )


async def bury(session: AsyncSession, worker_id: str, at: datetime) -> None:
    """A worker died at this moment, or soon after: so does its lease."""
    await session.execute(
        update(MediaWorker)
        .where(MediaWorker.id == worker_id, MediaWorker.retired_at.is_(None))
        .values(lease_until=func.least(MediaWorker.lease_until, at), retired_at=at)
    )


async def forget(session: AsyncSession, now: datetime) -> None:
    """Delete workers that have been gone for long."""
    await session.execute(delete(MediaWorker).where(queries.forgettable(now)))


async def place(
    session: AsyncSession, call: Call, now: datetime, gone: Collection[str] = ()
) -> MediaWorker:
    """The worker of a call: the one it has while that lives, else the least loaded one.

    The call is locked by the caller, so that everybody is sent to the same worker. A call in which
    nobody is does not wait for a worker that is drained.

    Args:
        gone: workers that did not answer although their lease still runs.

    Raises:
        NoWorker: none lives.
    """
    before = await queries.worker(session, call.worker_id)
    if before and before.lease_until > now and before.id not in gone:
        if before.draining and not await queries.roles_in(session, call.session_id):
            return await move(session, call, before, now)
        return before
    chosen = await queries.least_loaded(session, now, gone)
    if chosen is None:
        raise NoWorker
    if call.worker_id is not None:
        await leave_behind(session, call, before, now)
    call.worker_id = chosen.id
    await session.flush()
    return chosen


async def move(
    session: AsyncSession, call: Call, worker: MediaWorker, now: datetime
) -> MediaWorker:
    """Take a call from a worker that lives to another; where none has room for it, it stays.

    Who is in it hears so from the worker, and comes back by themselves at the other. The call is
    locked by the caller.
    """
    chosen = await queries.least_loaded(session, now, {worker.id})
    if chosen is None:
        return worker
    call.worker_id = chosen.id
    await session.flush()
    await outbox.put(session, outbox.live(channel(call.session_id), now, event="moved"))
    return chosen


async def leave_behind(
    session: AsyncSession, call: Call, worker: MediaWorker | None, now: datetime
) -> None:
    """Take a call from its worker: who was connected there is lost since its last sign of life.

    Should it live after all, it hears that the call is no longer its own.
    """
    since = min(now, last_sign(worker)) if worker else now
    if worker:
        await bury(session, worker.id, since)
    await session.execute(
        update(Attendance)
        .where(Attendance.session_id == call.session_id, Attendance.left_at.is_(None))
        .values(left_at=func.greatest(Attendance.arrived_at, since), left_reason=WORKER_LOST)
    )
    await outbox.put(session, outbox.live(channel(call.session_id), now, event="moved"))


def last_sign(worker: MediaWorker) -> datetime:
    """When a worker that is gone was last known to live."""
    return worker.retired_at or worker.reported_at
