"""An operator says when our system could not be reached, and why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.audit import Act, record
from remote_court.errors import Invalid
from remote_court.notices.outages import Outage, Source
from remote_court.people import Actor, Role

REASON_MOST = 500


class WrongSpan(Invalid):
    """The end must be after the beginning, and not in the future."""


class ReasonNeeded(Invalid):
    """Write what the fault was."""


async def enter_outage(
    session: AsyncSession,
    actor: Actor,
    started_at: datetime,
    ended_at: datetime,
    reason: str,
    now: datetime,
) -> Outage:
    """Write an outage down.

    Raises:
        Forbidden: not an operator.
        WrongSpan: it does not end after it began, or not yet.
        ReasonNeeded: no reason is given.
    """
    actor.need(Role.OPERATOR)
    if not started_at < ended_at <= now:
        raise WrongSpan(where="until")
    if not reason.strip():
        raise ReasonNeeded(where="reason")
    outage = Outage(
        source=Source.OPERATOR,
        started_at=started_at,
        ended_at=ended_at,
        reason=reason.strip()[:REASON_MOST],
        entered_by=actor.person_id,
        entered_at=now,
    )
    session.add(outage)
    await session.flush()
    act = Act("outage.entered", "outage", outage.id, actor_id=actor.person_id, role=Role.OPERATOR)
    await record(session, now, act)
    return outage
