"""What runs by itself, and when it last did: one row a sweep, claimed by one node a slot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, Instant

ERROR_MOST = 500


class Tick(Base):
    """The latest slot of a sweep that a node claimed, and how its latest run went.

    ``dealt_with`` is how many rows the run changed; ``dealt_at`` when one last changed any.
    """

    __tablename__ = "tick"

    name: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[int]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    dealt_with: Mapped[int | None] = mapped_column(Integer)
    dealt_at: Mapped[datetime | None]
    error: Mapped[str | None]


Work = Callable[[AsyncSession, datetime], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Sweep:
    """A job over due rows: safe twice, returns how many it dealt with.

    ``every_node``: it runs on each node at each tick (its rows are shared out by
    ``SKIP LOCKED``, or it looks after the node itself); else one node a slot does.
    """

    name: str
    every: timedelta
    work: Work
    every_node: bool = False

    def slot(self, now: datetime) -> int:
        """The number of the stretch of time, as long as ``every``, that ``now`` lies in."""
        return int(now.timestamp() / self.every.total_seconds())


CLAIM = text(
    """
    INSERT INTO tick (name, slot, started_at) VALUES (:name, :slot, :now)
    ON CONFLICT (name) DO UPDATE SET slot = excluded.slot, started_at = excluded.started_at
    WHERE tick.slot < excluded.slot RETURNING 1
    """
).bindparams(bindparam("now", type_=Instant))


async def claim(session: AsyncSession, sweep: Sweep, now: datetime) -> bool:
    """Take the sweep's present slot, unless another node has it; commit before the work."""
    values = {"name": sweep.name, "slot": sweep.slot(now), "now": now}
    return (await session.execute(CLAIM, values)).first() is not None


async def finished(
    session: AsyncSession, sweep: Sweep, now: datetime, dealt_with: int, error: str | None = None
) -> None:
    """Write down how a run went."""
    values: dict[str, object] = {
        "finished_at": now,
        "dealt_with": dealt_with,
        "error": error[:ERROR_MOST] if error else None,
    }
    if dealt_with:
        values["dealt_at"] = now
    await session.execute(update(Tick).where(Tick.name == sweep.name).values(values))


async def latest(session: AsyncSession) -> Sequence[Tick]:
    """Every sweep's latest run, by name."""
    return (await session.scalars(select(Tick).order_by(Tick.name))).all()
