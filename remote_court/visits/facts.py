"""What the rules of a visit look at: facts, loaded in one query and decided on by nobody here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Date, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.db import Instant
from remote_court.db.ddl import run_with_tables
from remote_court.people import Gender
from remote_court.people.inmates import InmateStatus
from remote_court.scheduling.opening import Openings, openings_of
from remote_court.visits.bans import BanKind
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


VISIT_FACTS = """
CREATE OR REPLACE FUNCTION visit_facts(
    p_inmate bigint, p_visitors bigint[], p_day date, p_week date, p_now timestamptz,
    p_no_shows_since timestamptz, p_except bigint, p_makeup_of bigint
) RETURNS json LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (SELECT row_to_json(f) FROM (
    SELECT i.person_id, i.prison_id, i.status, i.weekly_visits, p.speaks_persian,
        i.on_remand, i.security_convict,
        (SELECT count(*) FROM visit v JOIN session s ON s.id = v.id
         WHERE v.inmate_id = i.person_id AND v.week = p_week AND v.kind = 'family'
           AND v.id <> p_except AND v.makeup_of IS NULL
           AND (s.status IN ('booked', 'displaced', 'in_progress', 'completed')
                OR (s.status IN ('held', 'requested') AND s.hold_until > p_now)
                OR (s.status IN ('cancelled', 'no_show') AND v.counts_as_used))) AS used,
        (SELECT coalesce(json_agg(
                    json_build_array(b.kind, b.visitor_id, b.starts_on, b.ends_on)), '[]')
         FROM visit_ban b
         WHERE b.inmate_id = i.person_id AND b.lifted_at IS NULL
           AND p_day BETWEEN b.starts_on AND b.ends_on) AS bans,
        (SELECT coalesce(json_agg(row_to_json(w) ORDER BY w.person_id), '[]') FROM (
            SELECT x.id AS person_id, x.born_on, x.gender, x.speaks_persian,
                k.kind AS kinship, k.sighted_at IS NOT NULL AS sighted,
                EXISTS (SELECT FROM permit t
                        WHERE t.inmate_id = i.person_id AND t.visitor_id = x.id
                          AND t.revoked_at IS NULL
                          AND p_day BETWEEN t.valid_from AND t.valid_to) AS permitted,
                EXISTS (SELECT FROM mandate m
                        WHERE m.inmate_id = i.person_id AND m.lawyer_id = x.id
                          AND m.ended_at IS NULL) AS mandated,
                (SELECT coalesce(json_agg(DISTINCT kind), '[]')
                 FROM consular_papers c, jsonb_object_keys(c.papers) AS kind
                 WHERE c.inmate_id = i.person_id AND c.visitor_id = x.id
                   AND c.withdrawn_at IS NULL
                   AND p_day BETWEEN c.valid_from AND c.valid_to) AS papers,
                (SELECT count(*) FROM visit_visitor vv JOIN visit v ON v.id = vv.visit_id
                    JOIN session s ON s.id = v.id
                 WHERE vv.person_id = x.id AND v.inmate_id = i.person_id AND v.week = p_week
                   AND v.kind = 'family' AND v.id <> p_except AND v.makeup_of IS NULL
                   AND (s.status IN ('booked', 'displaced', 'in_progress', 'completed')
                        OR (s.status IN ('held', 'requested') AND s.hold_until > p_now)
                        OR (s.status IN ('cancelled', 'no_show') AND v.counts_as_used))) AS used,
                (SELECT coalesce(json_agg(s.starts_at ORDER BY s.starts_at), '[]')
                 FROM visit_visitor vv JOIN session s ON s.id = vv.visit_id
                    JOIN visit v ON v.id = s.id
                 WHERE vv.person_id = x.id AND s.status = 'no_show' AND v.counts_as_used
                   AND s.starts_at > p_no_shows_since) AS no_shows
            FROM person x LEFT JOIN kinship k
                ON k.inmate_id = i.person_id AND k.visitor_id = x.id
            WHERE x.id = ANY (p_visitors)) AS w) AS visitors,
        (SELECT json_build_object(
                'inmate_id', v.inmate_id, 'booked_for', v.booked_for, 'week', v.week,
                'lost_minutes', coalesce(v.lost_seconds, 0) / 60.0,
                'over', s.status = 'completed' OR (s.status = 'no_show' AND NOT v.counts_as_used),
                'made_up', EXISTS (
                    SELECT FROM visit m JOIN session ms ON ms.id = m.id
                    WHERE m.makeup_of = v.id AND m.id <> p_except
                      AND (ms.status IN ('booked', 'displaced', 'in_progress', 'completed')
                           OR (ms.status IN ('held', 'requested') AND ms.hold_until > p_now)
                           OR (ms.status IN ('cancelled', 'no_show') AND m.counts_as_used))))
         FROM visit v JOIN session s ON s.id = v.id WHERE v.id = p_makeup_of) AS lost
    FROM inmate i JOIN person p ON p.id = i.person_id
    WHERE i.person_id = p_inmate
    ) AS f);
END $$
"""
"""A function, so that it is planned once a connection: asked as a statement, PostgreSQL would plan
it anew each time, which costs four times what running it does."""

DDL_AFTER = [VISIT_FACTS]
run_with_tables(after=DDL_AFTER)

ASKED = (
    bindparam("visitors", type_=ARRAY(BigInteger)),
    bindparam("inmate", type_=BigInteger),
    bindparam("except_visit", type_=BigInteger),
    bindparam("makeup_of", type_=BigInteger),
    bindparam("week", type_=Date),
    bindparam("day", type_=Date),
    bindparam("now", type_=Instant),
    bindparam("no_shows_since", type_=Instant),
)
FOUND = """
    visit_facts(:inmate, :visitors, :day, :week, :now, :no_shows_since, :except_visit, :makeup_of)
"""
FACTS = text(f"SELECT {FOUND} AS facts").bindparams(*ASKED)
FACTS_AND_PLACES = text(
    f"""
    SELECT facts, place_openings(
        ARRAY[:office, CAST(facts->>'prison_id' AS bigint)], :day, :day) AS places
    FROM (SELECT {FOUND} AS facts OFFSET 0) AS found
    """  # noqa: S608 - our own words
).bindparams(*ASKED, bindparam("office", type_=BigInteger))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whose visit is asked about, and when.

    ``except_visit`` is left out of what counts as used: the visit that is being moved.
    ``makeup_of`` is the visit it would make up for.
    """

    inmate_id: int
    visitor_ids: Sequence[int]
    span: Span
    except_visit: int = 0
    makeup_of: int | None = None

    def values(self) -> dict[str, Any]:
        """What the statements ask with."""
        return {
            "inmate": self.inmate_id,
            "visitors": list(self.visitor_ids),
            "day": self.span.day,
            "week": self.span.week,
            "now": self.span.now,
            "no_shows_since": self.span.now - self.span.no_shows,
            "except_visit": self.except_visit,
            "makeup_of": self.makeup_of,
        }


async def load(session: AsyncSession, asked: Question) -> Facts | None:
    """Load the facts of a wish for a day of a week; none if there is no such inmate."""
    row = (await session.execute(FACTS, asked.values())).one()
    return read(row.facts) if row.facts else None


async def load_with_places(
    session: AsyncSession, asked: Question, office_id: int
) -> tuple[Facts, Openings] | None:
    """Load the facts, and the hours that day of the office and of the inmate's prison."""
    values = asked.values() | {"office": office_id}
    row = (await session.execute(FACTS_AND_PLACES, values)).one()
    if not row.facts:
        return None
    found = read(row.facts)
    ids = [office_id, found.inmate.prison_id]
    return found, await openings_of(session, row.places, ids)


def read(row: dict[str, Any]) -> Facts:
    """Read the facts as the function returned them."""
    return Facts(
        inmate=InmateFacts(
            row["person_id"],
            row["prison_id"],
            InmateStatus(row["status"]),
            row["weekly_visits"],
            row["speaks_persian"],
            row["on_remand"],
            row["security_convict"],
        ),
        visitors=tuple(visitor(v) for v in row["visitors"]),
        bans=tuple(
            BanFacts(BanKind(kind), who, date.fromisoformat(first), date.fromisoformat(last))
            for kind, who, first, last in row["bans"]
        ),
        used_by_inmate=row["used"],
        lost=lost(row["lost"]) if row["lost"] else None,
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
