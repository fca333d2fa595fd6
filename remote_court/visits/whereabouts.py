"""Where an inmate is held, for those who are tied to them: a glance before anything is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.interval import Interval
from remote_court.db import Instant
from remote_court.errors import NotFound
from remote_court.scheduling.hold import as_range

WHEREABOUTS = text(
    """
    SELECT prison_id, EXISTS (
            SELECT FROM reservation r JOIN session s ON s.id = r.session_id
            WHERE r.resource_id = i.person_id AND r.during && :during
              AND r.session_id <> ALL (:ignoring)
              AND (s.hold_until IS NULL OR s.hold_until > :now)) AS taken,
        (SELECT count(*) FROM unnest(:visitors) AS who
         WHERE EXISTS (SELECT FROM kinship k
                       WHERE k.inmate_id = i.person_id AND k.visitor_id = who)
            OR EXISTS (SELECT FROM permit t
                       WHERE t.inmate_id = i.person_id AND t.visitor_id = who
                         AND t.revoked_at IS NULL)
            OR EXISTS (SELECT FROM mandate m
                       WHERE m.inmate_id = i.person_id AND m.lawyer_id = who
                         AND m.ended_at IS NULL)
            OR EXISTS (SELECT FROM consular_papers c
                       WHERE c.inmate_id = i.person_id AND c.visitor_id = who
                         AND c.withdrawn_at IS NULL)) AS tied
    FROM inmate i WHERE person_id = :inmate
    """
).bindparams(
    bindparam("visitors", type_=ARRAY(BigInteger)),
    bindparam("ignoring", type_=ARRAY(BigInteger)),
    bindparam("inmate", type_=BigInteger),
    bindparam("during", type_=TSTZRANGE),
    bindparam("now", type_=Instant),
)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where an inmate is held, and whether a session has them at the time asked about.

    ``all_tied``: each of the visitors is on the inmate's list in some way. Whether the inmate or
    a visitor is free is told only then: it is no stranger's affair.
    """

    prison_id: int
    taken: bool
    all_tied: bool


async def whereabouts(
    session: AsyncSession,
    inmate_id: int,
    visitor_ids: Sequence[int],
    during: Interval | None = None,
    now: datetime | None = None,
    ignoring: Sequence[int] = (),
) -> Whereabouts | None:
    """Where an inmate is, if one of these visitors is tied to them in any way.

    ``ignoring``: sessions that do not count as taking the inmate.
    """
    values = {
        "inmate": inmate_id,
        "visitors": list(visitor_ids),
        "during": as_range(during) if during else None,
        "now": now,
        "ignoring": list(ignoring),
    }
    row = (await session.execute(WHEREABOUTS, values)).one_or_none()
    if row is None or not row.tied:
        return None
    return Whereabouts(row.prison_id, row.taken, row.tied == len(visitor_ids))


async def prison_of(session: AsyncSession, inmate_id: int, visitor_ids: Sequence[int]) -> int:
    """The prison of an inmate whom one of these visitors is tied to.

    Raises:
        NotFound: there is no such inmate for them; what is another's is not seen.
    """
    found = await whereabouts(session, inmate_id, visitor_ids)
    if found is None:
        raise NotFound
    return found.prison_id
