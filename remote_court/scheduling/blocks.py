"""Close a unit for a while: a session of its own kind that takes the unit and nobody."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.calendars.interval import Interval
from remote_court.db import Base
from remote_court.errors import NotFound
from remote_court.scheduling.hold import hold, release
from remote_court.scheduling.models import Session
from remote_court.scheduling.wish import Pool, Wish

BLOCK = "block"
STANDS, LIFTED = "blocked", "lifted"


class Block(Base):
    """Why a unit is closed, and who closed it. Its session has the same id.

    ``cause`` names what else must end for the block to be lifted, such as a withdrawal.
    """

    __tablename__ = "block"
    __table_args__ = (Index("block_unit_id_idx", "unit_id"),)

    id: Mapped[int] = mapped_column(ForeignKey("session.id"), primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    reason: Mapped[str]
    cause: Mapped[str | None]
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    lifted_by: Mapped[int | None]
    lifted_at: Mapped[datetime | None]


async def block(
    session: AsyncSession,
    pool_id: int,
    unit_id: int,
    interval: Interval,
    *,
    reason: str,
    entered_by: int,
    now: datetime,
) -> Block:
    """Close a unit for an interval; the constraint then refuses every booking of it.

    Raises:
        SlotTaken: a session still stands there; move or displace it first.
    """
    wish = Wish(
        kind=BLOCK,
        status=STANDS,
        told=interval,
        reserved=interval,
        pools=(Pool(pool_id, unit_id=unit_id),),
        people=(),
        created_by=entered_by,
    )
    claimed = await hold(session, wish, now)
    entered = Block(id=claimed.session_id, unit_id=unit_id, reason=reason, entered_by=entered_by)
    session.add(entered)
    await session.flush()
    return entered


async def lift(session: AsyncSession, block_id: int, *, lifted_by: int, now: datetime) -> Block:
    """Open the unit again.

    Raises:
        NotFound: no such block, or it was lifted already.
    """
    found = await session.get(Block, block_id, with_for_update=True)
    if found is None or found.lifted_at is not None:
        raise NotFound
    found.lifted_by, found.lifted_at = lifted_by, now
    owner = await session.get(Session, block_id)
    assert owner is not None, "a block has a session"
    owner.status = LIFTED
    await release(session, block_id)
    return found
