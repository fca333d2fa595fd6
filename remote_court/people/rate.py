"""How often something was tried lately: rows, so that a restart forgives nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, text
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.db import Instant
from remote_court.people.credentials import RateCount
from remote_court.people.refusals import TooManyAttempts

KEPT_FOR = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` tries in each ``window``; ``what`` names the door."""

    what: str
    most: int
    window: timedelta

    def start(self, now: datetime) -> datetime:
        """When the window of this instant began."""
        return EPOCH + (now - EPOCH) // self.window * self.window

    def key(self, whose: str) -> str:
        """The row's key for somebody."""
        return f"{self.what}:{whose}"


COUNT = text(
    """
    INSERT INTO rate_count (key, window_start, count) VALUES (:key, :start, 1)
    ON CONFLICT (key, window_start) DO UPDATE SET count = rate_count.count + 1
    RETURNING count
    """
).bindparams(bindparam("start", type_=Instant))
SEEN = text("SELECT count FROM rate_count WHERE key = :key AND window_start = :start").bindparams(
    bindparam("start", type_=Instant)
)


async def count(session: AsyncSession, limit: Limit, whose: str, now: datetime) -> int:
    """Count one more try and return how many there were in this window."""
    values = {"key": limit.key(whose), "start": limit.start(now)}
    return int((await session.execute(COUNT, values)).scalar_one())


async def need_room(session: AsyncSession, limit: Limit, whose: str, now: datetime) -> None:
    """Go on only while the limit is not reached; counts nothing.

    Raises:
        TooManyAttempts: it is reached; says how long to wait.
    """
    values = {"key": limit.key(whose), "start": limit.start(now)}
    if ((await session.execute(SEEN, values)).scalar() or 0) >= limit.most:
        raise TooManyAttempts(limit.start(now) + limit.window - now)


async def take(session: AsyncSession, limit: Limit, whose: str, now: datetime) -> None:
    """Count one more try, and go on only within the limit.

    Raises:
        TooManyAttempts: this was one too many; the caller's rollback forgets that it was tried.
    """
    if await count(session, limit, whose, now) > limit.most:
        raise TooManyAttempts(limit.start(now) + limit.window - now)


async def forget_old(session: AsyncSession, now: datetime) -> int:
    """Delete windows long past; returns how many."""
    old = delete(RateCount).where(RateCount.window_start < now - KEPT_FOR)
    return len((await session.execute(old.returning(RateCount.key))).all())
