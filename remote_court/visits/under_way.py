"""Visits under way whose right has ended: who may not visit is put out, at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calls import withdraw
from remote_court.calls.close import RIGHTS_ENDED, close
from remote_court.calls.models import CallStatus
from remote_court.calls.prepare import prepare
from remote_court.calls.supervise import Supervised, write
from remote_court.scheduling.models import Session
from remote_court.visits.entering import Stand
from remote_court.visits.in_call_facts import load
from remote_court.visits.models import Visit
from remote_court.visits.status import Status


async def put_out(
    session: AsyncSession, stand: Stand, now: datetime, *conditions: ColumnElement[bool]
) -> int:
    """Put out of visits under way who may not visit any more; count the visits that ended.

    A visit goes on as long as one of its visitors may. What took the right is flushed before.
    """
    ended = 0
    for visit_id in await under_way(session, *conditions):
        await withdraw.of_session(session, visit_id, stand.actor.person_id, now)
        facts = await load(session, visit_id)
        prepared = await prepare(session, visit_id)
        if not facts.welcome and prepared.call.status is not CallStatus.CLOSED:
            await close(session, prepared, RIGHTS_ENDED, now)
            ended += 1
    return ended


async def end(
    session: AsyncSession,
    stand: Stand,
    now: datetime,
    reason: str,
    *conditions: ColumnElement[bool],
) -> Sequence[int]:
    """End visits under way by an officer's act, for everybody in them; return their ids.

    Args:
        reason: what the record of the call has; nobody in the call reads it.
    """
    ended: list[int] = []
    for visit_id in await under_way(session, *conditions):
        prepared = await prepare(session, visit_id)
        if prepared.call.status is CallStatus.CLOSED:
            continue
        by = Supervised(prepared, stand.actor.person_id, stand.role, stand.place_id)
        await write(session, by, "end", now, reason=reason)
        await close(session, prepared, RIGHTS_ENDED, now)
        ended.append(visit_id)
    return ended


async def under_way(session: AsyncSession, *conditions: ColumnElement[bool]) -> Sequence[int]:
    """The visits under way that meet the conditions."""
    query = (
        select(Visit.id)
        .join(Session, Session.id == Visit.id)
        .where(Session.status == Status.IN_PROGRESS, *conditions)
        .order_by(Visit.id)
    )
    return (await session.scalars(query)).all()
