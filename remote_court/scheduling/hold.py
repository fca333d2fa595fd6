"""Claim every place of a session at once, or none of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import BigInteger, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, TSTZRANGE, Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from typing_extensions import override

from remote_court.calendars.interval import Interval
from remote_court.db import Instant, violates
from remote_court.errors import Conflict
from remote_court.scheduling.wish import Claim, Wish, day_key, days


class SlotTaken(Conflict):
    """Another booking already holds one of these places at this time."""

    def __init__(self, resource_id: int | None = None) -> None:
        super().__init__()
        self.resource_id = resource_id
        self.alternatives: Sequence[Mapping[str, object]] = ()

    @property
    @override
    def extensions(self) -> Mapping[str, object]:
        """The nearest other starts, as ``{starts_at, ends_at, office_id}``."""
        return {"alternatives": list(self.alternatives)}


BIGINTS = ARRAY(BigInteger)
LOCK = text("SELECT pg_advisory_xact_lock(k) FROM unnest(:keys) AS k").bindparams(
    bindparam("keys", type_=BIGINTS)
)
DRAW = text("SELECT nextval('session_id_seq')")
CLAIM_SESSION = """claim_session(
        :session, :kind, :status, :starts, :ends, :during, :hold_until, :created_by, :now,
        :pools, :features, :units, :people)"""
"""For statements that claim and write down in one stroke; they take ``CLAIMING`` and ``values``."""
CLAIMING = (
    bindparam("session", type_=BigInteger),
    bindparam("created_by", type_=BigInteger),
    bindparam("starts", type_=Instant),
    bindparam("ends", type_=Instant),
    bindparam("now", type_=Instant),
    bindparam("hold_until", type_=Instant),
    bindparam("during", type_=TSTZRANGE),
    bindparam("pools", type_=BIGINTS),
    bindparam("features", type_=ARRAY(TEXT)),
    bindparam("units", type_=BIGINTS),
    bindparam("people", type_=BIGINTS),
)
CLAIM = text(
    f"SELECT session_id, unit_ids, taken FROM {CLAIM_SESSION}"  # noqa: S608 - our own words
).bindparams(*CLAIMING)
RELEASE = text("DELETE FROM reservation WHERE session_id = :id").bindparams(
    bindparam("id", type_=BigInteger)
)
HELD_BY = text(
    """
    SELECT r.resource_id, u.pool_id, r.during FROM reservation r
    LEFT JOIN unit u ON u.id = r.resource_id WHERE r.session_id = :id
    """
).bindparams(bindparam("id", type_=BigInteger))


async def draw(session: AsyncSession) -> int:
    """A number for a session to be, so that letters can name it before it is written."""
    return int((await session.execute(DRAW)).scalar_one())


async def lock(session: AsyncSession, keys: Sequence[int]) -> None:
    """Take transaction-level advisory locks, which must come sorted; a statement of its own."""
    await session.execute(LOCK, {"keys": list(keys)})


async def claim(
    session: AsyncSession, wish: Wish, now: datetime, *, session_id: int | None = None
) -> Claim:
    """Hold every resource of the wish for its whole reserved interval, or none of them.

    With ``session_id`` that session moves here: its old places are given up in the same stroke.
    The caller may have taken ``wish.lock_keys()`` already (to read facts under them); taking
    them twice costs one round trip and changes nothing.

    Raises:
        SlotTaken: a person or every unit of a pool is taken then.
    """
    return await claimed(session, CLAIM, values(wish, now, session_id))


async def claimed(
    session: AsyncSession, statement: TextClause, asked: Mapping[str, object]
) -> Claim:
    """Run a statement that claims, and return what it got.

    Raises:
        SlotTaken: as ``claim``.
    """
    try:
        got = (await session.execute(statement, asked)).one()
    except IntegrityError as error:
        if violates(error, "reservation_no_overlap"):
            raise SlotTaken from error
        raise
    if got.taken is not None:
        raise SlotTaken(got.taken)
    return Claim(got.session_id, tuple(got.unit_ids))


def values(wish: Wish, now: datetime, session_id: int | None) -> dict[str, object]:
    """What ``CLAIM_SESSION`` asks with; a new session may bring the number it drew."""
    return {
        "session": session_id,
        "kind": wish.kind,
        "status": wish.status,
        "starts": wish.told.start,
        "ends": wish.told.end,
        "during": as_range(wish.reserved),
        "hold_until": wish.hold_until,
        "created_by": wish.created_by,
        "now": now,
        "pools": [pool.id for pool in wish.pools],
        "features": [",".join(sorted(pool.features)) for pool in wish.pools],
        "units": [pool.unit_id or 0 for pool in wish.pools],
        "people": sorted(set(wish.people)),
    }


async def hold(session: AsyncSession, wish: Wish, now: datetime) -> Claim:
    """Lock, then claim: what most callers want.

    Raises:
        SlotTaken: as ``claim``.
    """
    await lock(session, wish.lock_keys())
    return await claim(session, wish, now)


async def release(session: AsyncSession, session_id: int) -> None:
    """Give up every place of a session; its history stays with the session."""
    await session.execute(RELEASE, {"id": session_id})


async def keys_of(session: AsyncSession, session_id: int) -> list[int]:
    """Lock keys of what a session holds now: pools of its units, and its people."""
    rows = await session.execute(HELD_BY, {"id": session_id})
    return sorted(
        day_key(row.pool_id or row.resource_id, day)
        for row in rows
        for day in days(Interval(row.during.lower, row.during.upper))
    )


def as_range(interval: Interval) -> Range[datetime]:
    """The half-open ``tstzrange`` of an interval."""
    return Range(interval.start.astimezone(UTC), interval.end.astimezone(UTC), bounds="[)")
