"""Something by which somebody visited has ended: what follows for their visits, and its record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.errors import NotFound
from remote_court.visits.consular import ConsularPapers
from remote_court.visits.entering import Stand, settle
from remote_court.visits.models import Visit
from remote_court.visits.permits import Mandate, Permit
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


Given = TypeVar("Given", Permit, Mandate, ConsularPapers)


async def to_end(session: AsyncSession, kind: type[Given], number: int, now: datetime) -> Given:
    """Look up what is to end and lock it, with the inmate's visits settled before.

    Raises:
        NotFound: there is no such thing.
    """
    found = await session.get(kind, number)
    if found is None:
        raise NotFound
    await settle(session, found.inmate_id, now)
    await session.refresh(found, with_for_update=True)
    return found


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
