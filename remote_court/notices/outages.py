"""When our own system could not be reached or could not deliver; it stands beside each proof.

Source:
    1395 bylaw, art. 13, note 1: who had no access, or met a fault of the system, may prove it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from remote_court import policy
from remote_court.audit import Act, record
from remote_court.clock import local
from remote_court.db import Base, words

GAP: Final = "service.outage_min"
BEAT: Final = timedelta(seconds=30)


class Uptime(Base):
    """A stretch in which deliveries went on: from the first beat to the latest."""

    __tablename__ = "uptime"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Source(StrEnum):
    """How an outage is known: nothing was heard of us, or an operator said so."""

    SILENCE = "silence"
    OPERATOR = "operator"


class Outage(Base):
    """A stretch in which notices did not reach accounts, or accounts could not be opened."""

    __tablename__ = "outage"
    __table_args__ = (
        CheckConstraint("started_at < ended_at", name="order"),
        Index("outage_ended_at_idx", "ended_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    source: Mapped[Source] = mapped_column(words(Source, "source"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    reason: Mapped[str | None]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]


async def beat(session: AsyncSession, now: datetime) -> bool:
    """Say that deliveries go on; a silence longer than the policy's minutes was an outage.

    Returns:
        Whether an outage was written down.
    """
    latest = select(Uptime).order_by(Uptime.id.desc()).limit(1).with_for_update()
    up = (await session.scalars(latest)).one_or_none()
    if up is not None and now < up.seen_at + BEAT:
        return False
    rule = await policy.current(session, local(now).date())
    silent = up is not None and now - up.seen_at > rule.minutes(GAP)
    if up is None or silent:
        session.add(Uptime(started_at=now, seen_at=now))
    else:
        up.seen_at = now
    if up is not None and silent:
        await _write_down(session, up.seen_at, now)
    await session.flush()
    return silent


async def _write_down(session: AsyncSession, since: datetime, now: datetime) -> None:
    outage = Outage(source=Source.SILENCE, started_at=since, ended_at=now, entered_at=now)
    session.add(outage)
    await session.flush()
    await record(session, now, Act("outage.recorded", "outage", outage.id))


async def overlapping(session: AsyncSession, since: datetime, until: datetime) -> Sequence[Outage]:
    """Outages that touched a stretch of time, the oldest first."""
    touched = (Outage.ended_at > since) & (Outage.started_at < until)
    query = select(Outage).where(touched).order_by(Outage.started_at, Outage.id)
    return (await session.scalars(query)).all()
