"""Media workers: they register, report, and are chosen; alive while their lease runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calls import queries
from remote_court.calls.models import Call, MediaWorker
from remote_court.calls.refusals import NoWorker

LEASE = timedelta(seconds=15)
FORGET = queries.FORGET


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


async def report(
    session: AsyncSession, worker: Worker, rooms: int, peers: int, now: datetime
) -> None:
    """A worker lives and carries this much; its first report registers it."""
    values = {
        "url": worker.url,
        "udp_port": worker.udp_port,
        "rooms": rooms,
        "peers": peers,
        "lease_until": now + LEASE,
        "stopped_at": None,
    }
    row = insert(MediaWorker).values(id=worker.id, started_at=now, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["id"], set_=values))


async def drain(session: AsyncSession, worker_id: str, now: datetime) -> None:
    """Let a worker finish what it carries and give it nothing new."""
    await session.execute(
        update(MediaWorker)
        .where(MediaWorker.id == worker_id, ~MediaWorker.draining)
        .values(draining=True, draining_since=now)
    )


async def retire(session: AsyncSession, worker_id: str, now: datetime) -> None:
    """A worker stops now: its lease ends."""
    await session.execute(
        update(MediaWorker)
        .where(MediaWorker.id == worker_id)
        .values(lease_until=now, stopped_at=now)
    )


async def forget(session: AsyncSession, now: datetime) -> None:
    """Delete workers that have been gone for long."""
    await session.execute(delete(MediaWorker).where(queries.forgettable(now)))


async def place(session: AsyncSession, call: Call, now: datetime) -> MediaWorker:
    """The worker of a call: the one it has while that lives, else the least loaded one.

    The call is locked by the caller, so that everybody is sent to the same worker.

    Raises:
        NoWorker: none lives.
    """
    if kept := await queries.living(session, call.worker_id, now):
        return kept
    chosen = await queries.least_loaded(session, now)
    if chosen is None:
        raise NoWorker
    call.worker_id = chosen.id
    await session.flush()
    return chosen
