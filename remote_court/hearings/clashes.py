"""Judges, lawyers, interpreters and experts with two sittings at one hour, or too near each other.

What the booking engine refuses cannot stand twice; but a lawyer may enter a case whose sitting is
listed already, and be expected at two courts at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ARRAY, BigInteger, Interval, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.opening_hours import whole_day
from remote_court.db import Instant
from remote_court.hearings.roles import PartyRole
from remote_court.hearings.status import Status

CALLED = (PartyRole.LAWYER, PartyRole.INTERPRETER, PartyRole.EXPERT, PartyRole.PROSECUTOR)
STANDING = (Status.PROVISIONAL, Status.CONFIRMED, Status.IN_PROGRESS)

# A party who is in the case since before its date was set, and is not to attend, need not be free.
CLASHES = text(
    """
    WITH sitting AS MATERIALIZED (
        SELECT h.id, h.case_id, h.branch_id, h.dated_at, s.starts_at, s.ends_at
        FROM session s JOIN hearing h ON h.id = s.id
        WHERE s.kind = 'hearing' AND s.status = ANY(:standing)
          AND s.starts_at >= :first - interval '1 day' AND s.starts_at < :after + interval '1 day'
    ), busy AS MATERIALIZED (
        SELECT t.*, b.person_id, b.seat AS as_what FROM sitting t
        JOIN hearing_seat b ON b.hearing_id = t.id
        UNION ALL
        SELECT t.*, p.person_id, p.role FROM sitting t
        JOIN case_party p ON p.case_id = t.case_id AND p.left_at IS NULL
        WHERE p.role = ANY(:called) AND (p.joined_at > t.dated_at OR EXISTS (
            SELECT FROM hearing_part x WHERE x.hearing_id = t.id AND x.party_id = p.id))
    )
    SELECT a.person_id, w.given_name || ' ' || w.family_name AS name, a.as_what AS role,
        a.id AS first_id, a.branch_id AS first_branch, a.starts_at AS first_start,
        a.ends_at AS first_end, b.id AS second_id, b.branch_id AS second_branch,
        b.starts_at AS second_start, b.ends_at AS second_end
    FROM busy a JOIN busy b ON b.person_id = a.person_id
        AND (a.starts_at, a.id) < (b.starts_at, b.id) AND b.starts_at < a.ends_at + :near
    JOIN person w ON w.id = a.person_id
    WHERE b.id <> a.id AND a.starts_at < :after AND b.starts_at >= :first
      AND (a.branch_id = ANY(:branches) OR b.branch_id = ANY(:branches))
    ORDER BY a.starts_at, a.id, b.id, a.person_id LIMIT :limit
    """
).bindparams(
    bindparam("standing", type_=ARRAY(Text)),
    bindparam("called", type_=ARRAY(Text)),
    bindparam("branches", type_=ARRAY(BigInteger)),
    bindparam("first", type_=Instant),
    bindparam("after", type_=Instant),
    bindparam("near", type_=Interval),
    bindparam("limit", type_=BigInteger),
)


@dataclass(frozen=True, slots=True)
class At:
    """A sitting of somebody's."""

    id: int
    branch_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Clash:
    """Two sittings of one person, the earlier first; not ``overlap``: they are only too near."""

    person_id: int
    name: str
    role: str
    first: At
    second: At

    @property
    def overlap(self) -> bool:
        """Whether they are at the same time."""
        return self.second.starts_at < self.first.ends_at


async def clashes(
    session: AsyncSession,
    branch_ids: Sequence[int],
    first: date,
    last: date,
    near: timedelta,
    *,
    limit: int = 100,
) -> list[Clash]:
    """Pairs of sittings of one person, one of them at these branches, on days both included.

    Args:
        near: how much time somebody needs between two sittings.
    """
    values = {
        "standing": list(STANDING),
        "called": list(CALLED),
        "branches": list(branch_ids),
        "first": whole_day(first).start,
        "after": whole_day(last).end,
        "near": near,
        "limit": limit,
    }
    return [
        Clash(
            row.person_id,
            row.name,
            row.role,
            At(row.first_id, row.first_branch, row.first_start, row.first_end),
            At(row.second_id, row.second_branch, row.second_start, row.second_end),
        )
        for row in await session.execute(CLASHES, values)
    ]
