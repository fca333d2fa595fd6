"""Every SELECT of the scheduler."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.interval import Interval
from remote_court.db import Instant
from remote_court.places import Unit
from remote_court.scheduling.availability import Taken
from remote_court.scheduling.hold import as_range

# ``OFFSET 0`` keeps the look-up by resource *and* time: without it the planner may read all
# that is reserved in the country in the window, and throw most of it away.
TAKEN = text(
    """
    SELECT r.resource_id, lower(r.during) AS starts, upper(r.during) AS ends
    FROM unnest(:ids) AS wanted(id) CROSS JOIN LATERAL (
        SELECT * FROM reservation WHERE resource_id = wanted.id AND during && :window OFFSET 0
    ) AS r
    WHERE r.session_id <> ALL (:ignoring)
      AND r.session_id NOT IN (
        SELECT id FROM (SELECT * FROM session WHERE hold_until IS NOT NULL OFFSET 0) AS held
        WHERE hold_until <= :now)
    """
).bindparams(
    bindparam("ids", type_=ARRAY(BigInteger)),
    bindparam("ignoring", type_=ARRAY(BigInteger)),
    bindparam("window", type_=TSTZRANGE),
    bindparam("now", type_=Instant),
)
TOUCHING = text(
    """
    SELECT s.id, s.kind, s.status, r.resource_id AS unit_id, s.starts_at, s.ends_at,
           lower(r.during) AS reserved_from, upper(r.during) AS reserved_to
    FROM unnest(:ids) AS wanted(id) CROSS JOIN LATERAL (
        SELECT * FROM reservation WHERE resource_id = wanted.id AND during && :window OFFSET 0
    ) AS r JOIN session s ON s.id = r.session_id
    WHERE (s.hold_until IS NULL OR s.hold_until > :now)
    ORDER BY s.starts_at, s.id
    """
).bindparams(
    bindparam("ids", type_=ARRAY(BigInteger)),
    bindparam("window", type_=TSTZRANGE),
    bindparam("now", type_=Instant),
)


@dataclass(frozen=True, slots=True)
class Touched:
    """A session that stands on a unit in some interval."""

    session_id: int
    kind: str
    status: str
    unit_id: int
    told: Interval
    reserved: Interval


async def taken(
    session: AsyncSession,
    resource_ids: Iterable[int],
    window: Interval,
    now: datetime,
    *,
    ignoring: Sequence[int] = (),
) -> list[Taken]:
    """Reservations of these resources that touch the window.

    Lapsed holds do not count, nor do the sessions in ``ignoring``.
    """
    values = {
        "ids": list(resource_ids),
        "window": as_range(window),
        "now": now,
        "ignoring": list(ignoring),
    }
    rows = await session.execute(TAKEN, values)
    return [Taken(row.resource_id, row.starts, row.ends) for row in rows]


async def units_of(
    session: AsyncSession,
    pool_ids: Sequence[int],
    features: Mapping[int, frozenset[str]] | None = None,
) -> dict[int, list[int]]:
    """The units in service of each pool that have the features asked of that pool."""
    wanted = features or {}
    found: dict[int, list[int]] = {pool: [] for pool in pool_ids}
    query = select(Unit.pool_id, Unit.id, Unit.features).where(
        Unit.pool_id.in_(pool_ids), Unit.in_service
    )
    for pool_id, unit_id, has in await session.execute(query):
        if wanted.get(pool_id, frozenset()) <= set(has):
            found[pool_id].append(unit_id)
    return found


async def sessions_touching(
    session: AsyncSession, unit_ids: Iterable[int], window: Interval, now: datetime
) -> list[Touched]:
    """Sessions that stand on these units at some time of the window, in order of their start."""
    values = {"ids": list(unit_ids), "window": as_range(window), "now": now}
    return [
        Touched(
            row.id,
            row.kind,
            row.status,
            row.unit_id,
            Interval(row.starts_at, row.ends_at),
            Interval(row.reserved_from, row.reserved_to),
        )
        for row in await session.execute(TOUCHING, values)
    ]
