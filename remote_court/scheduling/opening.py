"""When two places are open together: what both an office and a prison allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import BigInteger, Date, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.closures import Closures, Days, Order, WeeklyRest
from remote_court.calendars.interval import Interval
from remote_court.calendars.opening_hours import WeeklySpan, open_intervals, starts
from remote_court.db.ddl import run_with_tables
from remote_court.places import Audience
from remote_court.policy import rulebook

PLACE_OPENINGS = """
CREATE OR REPLACE FUNCTION place_openings(p_ids bigint[], p_first date, p_last date)
RETURNS json LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (SELECT coalesce(json_agg(row_to_json(o)), '[]') FROM (
    SELECT p.id, p.is_office, p.province_code AS province, p.name_fa, p.name_en,
        (SELECT coalesce(json_agg(json_build_array(h.weekday, h.opens, h.closes, h.audience,
                                                   h.valid_from, h.valid_to)), '[]')
         FROM weekly_hours h WHERE h.place_id = p.id) AS hours,
        (SELECT coalesce(json_agg(json_build_array(c.day, c.reason)), '[]')
         FROM day_closure c
         WHERE c.day BETWEEN p_first AND p_last
           AND (c.place_id = p.id OR c.province_code = p.province_code
                OR num_nonnulls(c.place_id, c.province_code) = 0)) AS closures
    FROM (SELECT id, true AS is_office, province_code, name_fa, name_en FROM office
          WHERE id = ANY (p_ids) AND in_service
          UNION ALL
          SELECT id, false, province_code, name_fa, name_en FROM prison
          WHERE id = ANY (p_ids) AND in_service) AS p
    ) AS o);
END $$
"""
"""A function, so that it is planned once a connection, and other statements may ask it too."""

DDL_AFTER = [PLACE_OPENINGS]
run_with_tables(after=DDL_AFTER)

OPENINGS = text("SELECT place_openings(:ids, :first, :last)").bindparams(
    bindparam("ids", type_=ARRAY(BigInteger)),
    bindparam("first", type_=Date),
    bindparam("last", type_=Date),
)


@dataclass(frozen=True, slots=True)
class Opening:
    """A place's name, its hours by audience, and the calendar of its closed days."""

    name_fa: str
    name_en: str
    province: str
    hours: Mapping[Audience, tuple[WeeklySpan, ...]]
    closures: Closures
    is_office: bool = True

    def name(self, locale: str) -> str:
        """The place's name in a language."""
        return self.name_fa if locale == "fa" else self.name_en

    def on(self, day: date, audiences: Iterable[Audience]) -> list[Interval]:
        """When the place is open on a day for one of these audiences."""
        spans = [span for a in audiences for span in self.hours.get(a, ())]
        if not any(span.holds_on(day) for span in spans):
            return []
        closed = not self.closures.is_open(day, self.province)
        return open_intervals(day, spans, closed=closed)


@dataclass(frozen=True, slots=True)
class Openings:
    """The openings of several places that a session needs at once."""

    places: Mapping[int, Opening]
    ids: Sequence[int]

    def common(self, day: date, audiences: Iterable[Audience]) -> list[Interval]:
        """When every place is open on a day; empty if one is unknown or out of service."""
        wanted = tuple(audiences)
        if any(place_id not in self.places for place_id in self.ids):
            return []
        found: list[Interval] | None = None
        for place_id in self.ids:
            here = self.places[place_id].on(day, wanted)
            found = here if found is None else shared(found, here)
            if not found:
                return []
        return found or []

    def starts(
        self, day: date, reserved: timedelta, audiences: Iterable[Audience]
    ) -> list[datetime]:
        """Quarter hours at which something of this length fits into everybody's hours."""
        return starts(self.common(day, audiences), reserved)

    def office(self, place_id: int) -> Opening | None:
        """An office by its id; a prison is none, and its booths are no rooms."""
        found = self.places.get(place_id)
        return found if found is not None and found.is_office else None

    def allow(self, reserved: Interval, day: date, audiences: Iterable[Audience]) -> bool:
        """Whether an interval lies within everybody's hours of its day."""
        return any(interval.contains(reserved) for interval in self.common(day, audiences))


def shared(some: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    """What both lists have in common."""
    return [i for a in some for b in others if (i := a.intersection(b)) is not None]


async def openings(session: AsyncSession, ids: Sequence[int], first: date, last: date) -> Openings:
    """Load the hours and closed days of places from one day to another, both included."""
    found = await session.scalar(OPENINGS, {"ids": list(ids), "first": first, "last": last})
    return await openings_of(session, found or (), ids)


async def openings_of(
    session: AsyncSession, rows: Iterable[Mapping[str, Any]], ids: Sequence[int]
) -> Openings:
    """Read places as ``place_openings`` returned them, with the week's rest of their provinces."""
    rest = await weekly_rest(session)
    return Openings({row["id"]: opening(row, rest) for row in rows}, ids)


async def weekly_rest(session: AsyncSession) -> list[WeeklyRest]:
    """The closed weekdays of the country and of the provinces that differ."""
    history = (await rulebook(session)).history("calendar.weekend")
    return [WeeklyRest.named(rule.words, rule.first, rule.last, rule.province) for rule in history]


def opening(row: Mapping[str, Any], rest: Sequence[WeeklyRest]) -> Opening:
    """Read one place as the query returned it."""
    by_audience: dict[Audience, tuple[WeeklySpan, ...]] = {}
    for weekday, opens, closes, audience, valid_from, valid_to in row["hours"]:
        span = WeeklySpan(
            int(weekday),
            time.fromisoformat(opens),
            time.fromisoformat(closes),
            date.fromisoformat(valid_from),
            date.fromisoformat(valid_to) if valid_to else None,
        )
        kind = Audience(audience)
        by_audience[kind] = (*by_audience.get(kind, ()), span)
    closed = [(date.fromisoformat(day), reason) for day, reason in row["closures"]]
    orders = [Order(Days(day, day), reason) for day, reason in closed]
    calendar = Closures(rest, orders)
    return Opening(
        name_fa=row["name_fa"],
        name_en=row["name_en"],
        province=row["province"],
        hours=by_audience,
        closures=calendar,
        is_office=row["is_office"],
    )
