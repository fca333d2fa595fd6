"""How full the offices are on a day: visits booked, and how many there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import BigInteger, Date, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.closures import Closures, Days, Order
from remote_court.calendars.jalali import weekday
from remote_court.calendars.opening_hours import on_wall
from remote_court.db import Instant
from remote_court.policy import Policy

OFFICES = text(
    """
    WITH open AS (
        SELECT place_id, sum(extract(epoch FROM closes - opens)) / 60 AS minutes
        FROM weekly_hours
        WHERE weekday = :weekday AND valid_from <= :day AND (valid_to IS NULL OR valid_to >= :day)
        GROUP BY place_id
    ), room AS (
        SELECT pool_id, count(*) AS rooms FROM unit WHERE kind = 'room' AND in_service
        GROUP BY pool_id
    ), booked AS (
        SELECT v.office_id, count(*) AS visits
        FROM session s JOIN visit v ON v.id = s.id
        WHERE s.kind = 'visit' AND s.starts_at >= :first AND s.starts_at < :last
          AND (s.status IN ('booked', 'in_progress', 'completed', 'no_show')
               OR (s.status = 'requested' AND s.hold_until > :now))
        GROUP BY v.office_id
    )
    SELECT o.id, o.code, o.name_fa, o.name_en, o.city_fa, o.city_en, o.province_code, o.lat, o.lon,
        o.in_service, coalesce(r.rooms, 0) AS rooms, coalesce(w.minutes, 0)::int AS minutes,
        coalesce(b.visits, 0) AS visits,
        EXISTS (SELECT FROM day_closure c WHERE c.day = :day AND c.place_id = o.id) AS closed
    FROM office o
    LEFT JOIN open w ON w.place_id = o.id
    LEFT JOIN room r ON r.pool_id = o.id
    LEFT JOIN booked b ON b.office_id = o.id
    ORDER BY o.province_code, o.id
    """.replace("::", r"\:\:")
).bindparams(
    bindparam("weekday", type_=BigInteger),
    bindparam("day", type_=Date),
    bindparam("first", type_=Instant),
    bindparam("last", type_=Instant),
    bindparam("now", type_=Instant),
)
ORDERS = text(
    """
    SELECT province_code, reason FROM day_closure WHERE day = :day AND place_id IS NULL
    """
).bindparams(bindparam("day", type_=Date))


@dataclass(frozen=True, slots=True)
class OfficeLoad:
    """An office on a day; ``room_for`` is how many visits fit into its open hours."""

    id: int
    code: str
    names: tuple[str, str]
    cities: tuple[str, str]
    province: str
    lat: float
    lon: float
    rooms: int
    booked: int
    room_for: int

    def name(self, locale: str) -> str:
        """Its name in the reader's language."""
        return self.names[0 if locale == "fa" else 1]

    def city(self, locale: str) -> str:
        """Its city in the reader's language."""
        return self.cities[0 if locale == "fa" else 1]

    @property
    def percent(self) -> int | None:
        """How full it is; none on a day on which it is closed."""
        return round(100 * self.booked / self.room_for) if self.room_for else None


async def of_day(
    session: AsyncSession, day: date, now: datetime, policy: Policy
) -> Sequence[OfficeLoad]:
    """Every office's load on a day, by province."""
    values = {
        "weekday": weekday(day),
        "day": day,
        "first": on_wall(day, time.min),
        "last": on_wall(day + timedelta(days=1), time.min),
        "now": now,
    }
    ordered = (await session.execute(ORDERS, {"day": day})).all()
    orders = [Order(Days(day, day), row.reason, province=row.province_code) for row in ordered]
    closures = Closures(orders=orders)
    reserved = policy.minutes("visit.reserved_min.electronic") // timedelta(minutes=1)
    open_in: dict[str, bool] = {}
    found: list[OfficeLoad] = []
    for row in await session.execute(OFFICES, values):
        province = row.province_code
        if province not in open_in:
            open_in[province] = closures.is_open(day, province)
        serves = row.in_service and not row.closed and open_in[province]
        found.append(
            OfficeLoad(
                row.id,
                row.code,
                (row.name_fa, row.name_en),
                (row.city_fa, row.city_en),
                province,
                row.lat,
                row.lon,
                row.rooms,
                row.visits,
                row.rooms * (row.minutes // reserved) if serves else 0,
            )
        )
    return found
