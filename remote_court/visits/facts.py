"""What the rules of a visit look at: facts, loaded in one query and decided on by nobody here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Date, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.db import Instant
from remote_court.people import Gender
from remote_court.visits.bans import BanKind
from remote_court.visits.inmates import InmateStatus
from remote_court.visits.kinships import KinshipKind


@dataclass(frozen=True, slots=True)
class InmateFacts:
    """The inmate, as far as the rules care."""

    person_id: int
    prison_id: int
    status: InmateStatus
    weekly_visits: int | None
    speaks_persian: bool
    on_remand: bool = False
    security_convict: bool = False


@dataclass(frozen=True, slots=True)
class VisitorFacts:
    """One visitor and what ties them to the inmate.

    ``kinship`` counts once ``sighted``; ``permitted`` and ``mandated`` are answered for the day
    of the visit, and ``papers`` are a consul's on that day. ``used`` are this week's visits to
    the same inmate, ``no_shows`` the starts of visits in the cool-down's past at which they did
    not appear.
    """

    person_id: int
    born_on: date
    gender: Gender
    speaks_persian: bool
    kinship: KinshipKind | None = None
    sighted: bool = False
    permitted: bool = False
    mandated: bool = False
    papers: frozenset[str] = frozenset()
    used: int = 0
    no_shows: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class BanFacts:
    """A ban that stands: whose it is, on whom, and its days, both included."""

    kind: BanKind
    visitor_id: int | None
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LostFacts:
    """A visit that another would make up for; ``over`` if it ended and not by its visitors' fault.

    ``made_up``: another visit does so already.
    """

    inmate_id: int
    booked_for: int
    week: date
    lost_minutes: float
    over: bool
    made_up: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything known about a wish to visit, at the moment it is decided."""

    inmate: InmateFacts
    visitors: tuple[VisitorFacts, ...]
    bans: tuple[BanFacts, ...]
    used_by_inmate: int
    lost: LostFacts | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """The day and week asked about, the moment of asking, and how far back no-shows count."""

    day: date
    week: date
    now: datetime
    no_shows: timedelta


FACTS = text(
    """
    SELECT i.person_id, i.prison_id, i.status, i.weekly_visits, p.speaks_persian,
        i.on_remand, i.security_convict,
        (SELECT count(*) FROM visit v JOIN session s ON s.id = v.id
         WHERE v.inmate_id = i.person_id AND v.week = :week AND v.kind = 'family'
           AND v.id <> :except_visit AND v.makeup_of IS NULL
           AND (s.status IN ('booked', 'displaced', 'in_progress', 'completed')
                OR (s.status IN ('held', 'requested') AND s.hold_until > :now)
                OR (s.status IN ('cancelled', 'no_show') AND v.counts_as_used))) AS used,
        (SELECT coalesce(json_agg(
                    json_build_array(b.kind, b.visitor_id, b.starts_on, b.ends_on)), '[]')
         FROM visit_ban b
         WHERE b.inmate_id = i.person_id AND b.lifted_at IS NULL
           AND :day BETWEEN b.starts_on AND b.ends_on) AS bans,
        (SELECT coalesce(json_agg(row_to_json(w) ORDER BY w.person_id), '[]') FROM (
            SELECT x.id AS person_id, x.born_on, x.gender, x.speaks_persian,
                k.kind AS kinship, k.sighted_at IS NOT NULL AS sighted,
                EXISTS (SELECT FROM permit t
                        WHERE t.inmate_id = i.person_id AND t.visitor_id = x.id
                          AND t.revoked_at IS NULL
                          AND :day BETWEEN t.valid_from AND t.valid_to) AS permitted,
                EXISTS (SELECT FROM mandate m
                        WHERE m.inmate_id = i.person_id AND m.lawyer_id = x.id
                          AND m.ended_at IS NULL) AS mandated,
                (SELECT coalesce(json_agg(DISTINCT kind), '[]')
                 FROM consular_papers c, jsonb_object_keys(c.papers) AS kind
                 WHERE c.inmate_id = i.person_id AND c.visitor_id = x.id
                   AND c.withdrawn_at IS NULL
                   AND :day BETWEEN c.valid_from AND c.valid_to) AS papers,
                (SELECT count(*) FROM visit_visitor vv JOIN visit v ON v.id = vv.visit_id
                    JOIN session s ON s.id = v.id
                 WHERE vv.person_id = x.id AND v.inmate_id = i.person_id AND v.week = :week
                   AND v.kind = 'family' AND v.id <> :except_visit AND v.makeup_of IS NULL
                   AND (s.status IN ('booked', 'displaced', 'in_progress', 'completed')
                        OR (s.status IN ('held', 'requested') AND s.hold_until > :now)
                        OR (s.status IN ('cancelled', 'no_show') AND v.counts_as_used))) AS used,
                (SELECT coalesce(json_agg(s.starts_at ORDER BY s.starts_at), '[]')
                 FROM visit_visitor vv JOIN session s ON s.id = vv.visit_id
                    JOIN visit v ON v.id = s.id
                 WHERE vv.person_id = x.id AND s.status = 'no_show' AND v.counts_as_used
                   AND s.starts_at > :no_shows_since) AS no_shows
            FROM person x LEFT JOIN kinship k
                ON k.inmate_id = i.person_id AND k.visitor_id = x.id
            WHERE x.id = ANY (:visitors)) AS w) AS visitors,
        (SELECT json_build_object(
                'inmate_id', v.inmate_id, 'booked_for', v.booked_for, 'week', v.week,
                'lost_minutes', coalesce(v.lost_seconds, 0) / 60.0,
                'over', s.status = 'completed' OR (s.status = 'no_show' AND NOT v.counts_as_used),
                'made_up', EXISTS (
                    SELECT FROM visit m JOIN session ms ON ms.id = m.id
                    WHERE m.makeup_of = v.id AND m.id <> :except_visit
                      AND (ms.status IN ('booked', 'displaced', 'in_progress', 'completed')
                           OR (ms.status IN ('held', 'requested') AND ms.hold_until > :now)
                           OR (ms.status IN ('cancelled', 'no_show') AND m.counts_as_used))))
         FROM visit v JOIN session s ON s.id = v.id WHERE v.id = :makeup_of) AS lost
    FROM inmate i JOIN person p ON p.id = i.person_id
    WHERE i.person_id = :inmate
    """
).bindparams(
    bindparam("visitors", type_=ARRAY(BigInteger)),
    bindparam("inmate", type_=BigInteger),
    bindparam("except_visit", type_=BigInteger),
    bindparam("makeup_of", type_=BigInteger),
    bindparam("week", type_=Date),
    bindparam("day", type_=Date),
    bindparam("now", type_=Instant),
    bindparam("no_shows_since", type_=Instant),
)


async def load(
    session: AsyncSession,
    inmate_id: int,
    visitor_ids: list[int],
    span: Span,
    *,
    except_visit: int = 0,
    makeup_of: int | None = None,
) -> Facts | None:
    """Load the facts of a wish for a day of a week; none if there is no such inmate.

    ``except_visit`` is left out of what counts as used: the visit that is being moved.
    ``makeup_of`` is the visit it would make up for.
    """
    values = {
        "inmate": inmate_id,
        "visitors": visitor_ids,
        "day": span.day,
        "week": span.week,
        "now": span.now,
        "no_shows_since": span.now - span.no_shows,
        "except_visit": except_visit,
        "makeup_of": makeup_of,
    }
    row = (await session.execute(FACTS, values)).one_or_none()
    if row is None:
        return None
    return Facts(
        inmate=InmateFacts(
            row.person_id,
            row.prison_id,
            InmateStatus(row.status),
            row.weekly_visits,
            row.speaks_persian,
            row.on_remand,
            row.security_convict,
        ),
        visitors=tuple(visitor(v) for v in row.visitors),
        bans=tuple(
            BanFacts(BanKind(kind), who, date.fromisoformat(first), date.fromisoformat(last))
            for kind, who, first, last in row.bans
        ),
        used_by_inmate=row.used,
        lost=lost(row.lost) if row.lost else None,
    )


def lost(row: dict[str, Any]) -> LostFacts:
    """Read the visit to be made up for as the query returned it."""
    return LostFacts(**{**row, "week": date.fromisoformat(row["week"])})


def visitor(row: dict[str, Any]) -> VisitorFacts:
    """Read one visitor as the query returned them."""
    return VisitorFacts(
        person_id=row["person_id"],
        born_on=date.fromisoformat(row["born_on"]),
        gender=Gender(row["gender"]),
        speaks_persian=row["speaks_persian"],
        kinship=KinshipKind(row["kinship"]) if row["kinship"] else None,
        sighted=row["sighted"],
        permitted=row["permitted"],
        mandated=row["mandated"],
        papers=frozenset(row["papers"]),
        used=row["used"],
        no_shows=tuple(datetime.fromisoformat(s) for s in row["no_shows"]),
    )
