"""Media workers: they register, report, and are chosen; alive while their lease runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calls import queries
from remote_court.calls.models import Call, MediaWorker
from remote_court.calls.refusals import NoWorker

LEASE = timedelta(seconds=15)
FORGET = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that carries calls. ``url`` is its signalling, an absolute WebSocket address."""

    id: str
    url: str
    udp_port: int


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
    }
    row = insert(MediaWorker).values(id=worker.id, **values)
    await session.execute(row.on_conflict_do_update(index_elements=["id"], set_=values))


async def drain(session: AsyncSession, worker_id: str) -> None:
    """Let a worker finish what it carries and give it nothing new."""
    await session.execute(
        update(MediaWorker).where(MediaWorker.id == worker_id).values(draining=True)
    )


async def retire(session: AsyncSession, worker_id: str, now: datetime) -> None:
    """A worker stops now: its lease ends."""
    await session.execute(
        update(MediaWorker).where(MediaWorker.id == worker_id).values(lease_until=now)
    )


async def forget(session: AsyncSession, now: datetime) -> None:
    """Delete workers that have been gone for long."""
    await session.execute(delete(MediaWorker).where(MediaWorker.lease_until < now - FORGET))


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
