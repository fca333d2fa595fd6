"""Give a session another unit of the same pool, at the same time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BigInteger, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.interval import Interval
from remote_court.db import Instant, violates
from remote_court.scheduling.blocks import Block
from remote_court.scheduling.hold import SlotTaken, as_range
from remote_court.scheduling.models import Session

CLEAR = text(
    """
    DELETE FROM reservation r USING session s
    WHERE s.id = r.session_id AND s.hold_until <= :now
      AND r.resource_id = ANY (:ids) AND r.during && :window
    """
).bindparams(
    bindparam("ids", type_=ARRAY(BigInteger)),
    bindparam("window", type_=TSTZRANGE),
    bindparam("now", type_=Instant),
)
REHOUSE = text(
    "UPDATE reservation SET resource_id = :into WHERE session_id = :id AND resource_id = :unit"
).bindparams(*(bindparam(name, type_=BigInteger) for name in ("id", "unit", "into")))


async def clear_lapsed(
    session: AsyncSession, unit_ids: Collection[int], window: Interval, now: datetime
) -> None:
    """Remove what lapsed holds left on these units, so that the constraint does not see it."""
    values = {"ids": list(unit_ids), "window": as_range(window), "now": now}
    await session.execute(CLEAR, values)


async def rehouse(session: AsyncSession, session_id: int, unit_id: int, into: int) -> None:
    """Move a session from one unit into another; the caller holds the pool's locks.

    Raises:
        SlotTaken: the other unit is taken then.
    """
    try:
        await session.execute(REHOUSE, {"id": session_id, "unit": unit_id, "into": into})
    except IntegrityError as error:
        if violates(error, "reservation_no_overlap"):
            raise SlotTaken(into) from error
        raise


async def locked(session: AsyncSession, ids: Collection[int]) -> dict[int, Session]:
    """Lock sessions in the order of their ids, and read them as they are now."""
    query = select(Session).where(Session.id.in_(ids)).order_by(Session.id).with_for_update()
    rows = await session.scalars(query.execution_options(populate_existing=True))
    return {row.id: row for row in rows}


async def standing_blocks(
    session: AsyncSession, unit_ids: Collection[int], now: datetime, cause: str | None = None
) -> list[tuple[Block, Interval]]:
    """Blocks of these units that are not lifted and not past, with their interval, in order."""
    query = (
        select(Block, Session.starts_at, Session.ends_at)
        .join(Session, Session.id == Block.id)
        .where(Block.unit_id.in_(unit_ids), Block.lifted_at.is_(None), Session.ends_at > now)
        .order_by(Session.starts_at, Block.id)
    )
    if cause is not None:
        query = query.where(Block.cause == cause)
    return [(b, Interval(start, end)) for b, start, end in await session.execute(query)]
