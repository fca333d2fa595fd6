"""The mark that the demo's seed leaves, without which demo mode touches no database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import SmallInteger, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base
from remote_court.errors import CourtError


class NotOurs(CourtError):
    """This database holds data that the demo did not make; it is left alone."""


class DemoData(CourtError):
    """This database holds the demo's invented people, whose passwords everybody knows."""


class DemoSeed(Base):
    """When this database was filled with invented people, and from which dice."""

    __tablename__ = "demo_seed"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    dice: Mapped[int]
    seeded_at: Mapped[datetime]
    visit_id: Mapped[int | None]
    """The visit of right now."""
    hearing_id: Mapped[int | None]
    """The sitting of right now."""


async def mark(connection: AsyncConnection, now: datetime, dice: int) -> None:
    """Leave the mark."""
    await connection.execute(insert(DemoSeed).values(id=1, dice=dice, seeded_at=now))


async def seeded_at(connection: AsyncConnection) -> datetime | None:
    """When the demo was seeded here; none: never."""
    return await connection.scalar(select(DemoSeed.seeded_at))


async def empty(connection: AsyncConnection) -> bool:
    """Whether nobody is known here yet."""
    return not await connection.scalar(text("SELECT EXISTS (SELECT FROM person)"))
