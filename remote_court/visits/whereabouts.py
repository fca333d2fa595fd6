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
from remote_court.db.ddl import run_with_tables
from remote_court.errors import NotFound
from remote_court.scheduling.hold import SlotTaken, as_range
from remote_court.scheduling.wish import DAYS_PER_RESOURCE, day_key, days, week_guard
from remote_court.visits.drop_holds import Holds
from remote_court.visits.request import Request, Times

VISIT_WHEREABOUTS = """
CREATE OR REPLACE FUNCTION visit_whereabouts(
    p_inmate bigint, p_visitors bigint[], p_during tstzrange, p_now timestamptz,
    p_ignoring bigint[], OUT prison_id bigint, OUT taken boolean, OUT tied bigint
) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    SELECT i.prison_id, EXISTS (
            SELECT FROM reservation r JOIN session s ON s.id = r.session_id
            WHERE r.resource_id = i.person_id AND r.during && p_during
              AND r.session_id <> ALL (p_ignoring)
              AND (s.hold_until IS NULL OR s.hold_until > p_now)),
        (SELECT count(*) FROM unnest(p_visitors) AS who
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
                         AND c.withdrawn_at IS NULL))
    INTO prison_id, taken, tied FROM inmate i WHERE i.person_id = p_inmate;
END $$
"""
"""A function, so that it is planned once a connection and not at every question."""

LINE_UP = """
CREATE OR REPLACE FUNCTION visit_line_up(
    p_inmate bigint, p_visitors bigint[], p_during tstzrange, p_now timestamptz,
    p_ignoring bigint[], p_keys bigint[], p_days bigint[], p_days_per_resource bigint,
    OUT visit_id bigint, OUT prison_id bigint, OUT taken boolean, OUT tied bigint
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    SELECT w.prison_id, w.taken, w.tied INTO prison_id, taken, tied
    FROM visit_whereabouts(p_inmate, p_visitors, p_during, p_now, p_ignoring) AS w;
    -- Who comes too late or is tied to nobody does not stand in line.
    IF tied IS NULL OR tied = 0 OR (taken AND tied = cardinality(p_visitors)) THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(k) FROM (
        SELECT unnest(p_keys) AS k
        UNION SELECT prison_id * p_days_per_resource + day FROM unnest(p_days) AS day
        ORDER BY k) AS sorted;
    visit_id := nextval('session_id_seq');
END $$
"""
"""The glance and the locks in one round trip. What was glanced at is read again by the statements
that follow, which see what earlier holders of the locks committed."""

DDL_AFTER = [VISIT_WHEREABOUTS, LINE_UP]
run_with_tables(after=DDL_AFTER)

ASKED = (
    bindparam("visitors", type_=ARRAY(BigInteger)),
    bindparam("ignoring", type_=ARRAY(BigInteger)),
    bindparam("inmate", type_=BigInteger),
    bindparam("during", type_=TSTZRANGE),
    bindparam("now", type_=Instant),
)
WHEREABOUTS = text(
    """
    SELECT prison_id, taken, tied
    FROM visit_whereabouts(:inmate, :visitors, :during, :now, :ignoring)
    """
).bindparams(*ASKED)
LINED_UP = text(
    """
    SELECT visit_id, prison_id, taken, tied FROM visit_line_up(
        :inmate, :visitors, :during, :now, :ignoring, :keys, :days, :days_per_resource)
    """
).bindparams(
    *ASKED,
    bindparam("keys", type_=ARRAY(BigInteger)),
    bindparam("days", type_=ARRAY(BigInteger)),
    bindparam("days_per_resource", type_=BigInteger),
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
    row = (await session.execute(WHEREABOUTS, values)).one()
    if not row.tied:
        return None
    return Whereabouts(row.prison_id, row.taken, row.tied == len(visitor_ids))


@dataclass(frozen=True, slots=True)
class LinedUp:
    """The number a visit will have, and the prison whose days are locked for it."""

    visit_id: int
    prison_id: int


async def line_up(
    session: AsyncSession, wanted: Request, when: Times, own: Holds, now: datetime
) -> LinedUp:
    """Lock every (place, day) of a request, unless a glance says that it comes too late.

    Most of those who come too late learn it at the glance, and do not stand in line for a place
    that is gone. One's own holds are given up by choosing again: their keys are locked too.

    Raises:
        NotFound: no such inmate, or none this visitor is tied to.
        SlotTaken: the inmate is in another session then.
    """
    days_of = tuple(days(when.reserved))
    keys = {day_key(one, day) for one in (wanted.office_id, *wanted.people) for day in days_of}
    keys |= {week_guard(wanted.inmate_id, when.week.toordinal()), *own.keys}
    values = {
        "inmate": wanted.inmate_id,
        "visitors": list(wanted.visitor_ids),
        "during": as_range(when.reserved),
        "now": now,
        "ignoring": list(own.ids),
        "keys": list(keys),
        "days": [day_key(0, day) for day in days_of],
        "days_per_resource": DAYS_PER_RESOURCE,
    }
    row = (await session.execute(LINED_UP, values)).one()
    if not row.tied:
        raise NotFound
    if row.visit_id is None:
        raise SlotTaken(wanted.inmate_id)
    return LinedUp(row.visit_id, row.prison_id)


async def prison_of(session: AsyncSession, inmate_id: int, visitor_ids: Sequence[int]) -> int:
    """The prison of an inmate whom one of these visitors is tied to.

    Raises:
        NotFound: there is no such inmate for them; what is another's is not seen.
    """
    found = await whereabouts(session, inmate_id, visitor_ids)
    if found is None:
        raise NotFound
    return found.prison_id
