"""Something by which somebody visited has ended: what follows for their visits, and its record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.visits.entering import Stand
from remote_court.visits.models import Visit
from remote_court.visits.touching import Coming, visited_by
from remote_court.visits.under_way import put_out
from remote_court.visits.withdraw import Cause, withdraw


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A permit, a power of attorney or papers that ended: whose, why, and as what it is recorded.

    ``reason`` stands in the record; ``cause`` is what families read.
    """

    act: str
    subject: tuple[str, int]
    inmate_id: int
    visitor_id: int
    reason: str
    cause: Cause


async def take_back(
    session: AsyncSession, stand: Stand, ended: Ended, touched: Sequence[Coming], now: datetime
) -> Sequence[int]:
    """Cancel the visits that stood on it and put its holder out of others; return the cancelled.

    Its end is flushed before, and the sessions of the visits are locked.
    """
    cancelled = await withdraw(session, stand, touched, ended.cause, now)
    theirs = Visit.inmate_id == ended.inmate_id, visited_by(ended.visitor_id)
    await put_out(session, stand, now, *theirs)
    act = stand.act(
        ended.act,
        ended.subject,
        inmate=ended.inmate_id,
        reason=ended.reason,
        cancelled=list(cancelled),
    )
    await audit.record(session, now, act)
    return cancelled
