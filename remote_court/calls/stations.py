"""Where people stand in a call: the room, a waiting room, a room aside; stays are written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calls.announce import announce
from remote_court.calls.models import CallStatus, Stay
from remote_court.calls.prepare import Prepared
from remote_court.calls.refusals import CallOver


async def send(
    session: AsyncSession,
    prepared: Prepared,
    moves: Mapping[int, str],
    by: int | None,
    now: datetime,
) -> None:
    """Send people to stations, all at the same moment; their workers follow at once.

    Raises:
        CallOver: the call is closed.
    """
    call = prepared.call
    if call.status is CallStatus.CLOSED:
        raise CallOver
    news = {p: s for p, s in moves.items() if call.stations.get(str(p)) != s}
    if not news:
        return
    await leave(session, call.session_id, news, now)
    session.add_all(
        Stay(session_id=call.session_id, person_id=p, station=s, since=now, sent_by=by)
        for p, s in sorted(news.items())
    )
    call.stations = {**call.stations, **{str(p): s for p, s in news.items()}}
    call.revision += 1
    await announce(session, call, prepared.frame, now)


async def leave(
    session: AsyncSession, session_id: int, people: Iterable[int], now: datetime
) -> None:
    """End the stays of these people."""
    await session.execute(
        update(Stay)
        .where(
            Stay.session_id == session_id,
            Stay.person_id.in_(list(people)),
            Stay.until.is_(None),
        )
        .values(until=now)
    )


async def all_leave(session: AsyncSession, session_id: int, now: datetime) -> None:
    """End every stay: the call is over."""
    await session.execute(
        update(Stay).where(Stay.session_id == session_id, Stay.until.is_(None)).values(until=now)
    )


async def stays(session: AsyncSession, session_id: int) -> Sequence[Stay]:
    """Every stay of a call, oldest first."""
    query = select(Stay).where(Stay.session_id == session_id).order_by(Stay.since, Stay.id)
    return (await session.scalars(query)).all()
