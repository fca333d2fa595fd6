"""The country's places as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from remote_court.calendars.closures import Order
from remote_court.demo.seed.country import Country, OfficeSite, PrisonSite
from remote_court.demo.seed.hours import PATTERNS, SINCE
from remote_court.demo.seed.sheets import Sheet
from remote_court.places import UnitKind
from remote_court.places.offices import search_key
from remote_court.text import fa_digits

OFFICE = (
    "id", "code", "name_fa", "name_en", "kind", "province_code", "city_fa", "city_en",
    "address_fa", "address_en", "phone", "lat", "lon", "in_service", "search_key",
)  # fmt: skip
PRISON = (
    "id", "code", "name_fa", "name_en", "province_code", "city_fa", "city_en", "lat", "lon",
)  # fmt: skip
UNIT = (
    "id", "kind", "pool_id", "number", "name_fa", "name_en", "features", "in_service",
    "out_of_service_reason",
)  # fmt: skip
WORDS = {UnitKind.ROOM: ("اتاق", "Room"), UnitKind.BOOTH: ("کابین", "Booth")}
UNDER_REPAIR = "در حال تعمیر"


def places(country: Country, orders: Iterable[Order], now: datetime) -> Iterator[Sheet]:
    """Offices, prisons, their seats and hours, courts, and the days that are closed."""
    yield Sheet("office", OFFICE, [office_row(o) for o in country.offices])
    yield Sheet("prison", PRISON, [prison_row(p) for p in country.prisons])
    yield units(country)
    yield hours(country)
    yield Sheet(
        "court_complex",
        ("id", "name_fa", "name_en", "province_code", "city_fa", "city_en"),
        [(c.id, c.fa, c.en, c.city.province, c.city.fa, c.city.en) for c in country.courts],
    )
    yield Sheet(
        "branch",
        ("id", "complex_id", "forum", "number"),
        [(b, c.id, forum, n) for c in country.courts for b, forum, n in c.branches],
    )
    yield Sheet(
        "day_closure",
        ("place_id", "province_code", "day", "reason", "entered_at"),
        [(o.place, o.province, o.days.first, o.reason, now) for o in orders],
    )


def office_row(office: OfficeSite) -> tuple[object, ...]:
    """One office."""
    values = {
        "id": office.id,
        "code": office.code,
        "name_fa": office.fa,
        "name_en": office.en,
        "kind": office.kind.value,
        "province_code": office.city.province,
        "city_fa": office.city.fa,
        "city_en": office.city.en,
        "address_fa": office.address_fa,
        "address_en": office.address_en,
        "phone": office.phone,
        "lat": office.lat,
        "lon": office.lon,
        "in_service": True,
    }
    return (*values.values(), search_key(values))


def prison_row(prison: PrisonSite) -> tuple[object, ...]:
    """One prison."""
    city = prison.city
    here = (prison.id, prison.code, prison.fa, prison.en)
    return (*here, city.province, city.fa, city.en, prison.lat, prison.lon)


def units(country: Country) -> Sheet:
    """Every room and booth."""
    sheet = Sheet("unit", UNIT)
    pools = (
        [(UnitKind.ROOM, o) for o in country.offices],
        [(UnitKind.BOOTH, p) for p in country.prisons],
    )
    for kind, pool in (pair for pairs in pools for pair in pairs):
        fa, en = WORDS[kind]
        for seat in pool.seats:
            sheet.rows.append(
                (
                    seat.id,
                    kind.value,
                    pool.id,
                    seat.number,
                    f"{fa} {fa_digits(str(seat.number))}",
                    f"{en} {seat.number}",
                    seat.features,
                    seat.in_service,
                    None if seat.in_service else UNDER_REPAIR,
                )
            )
    return sheet


def hours(country: Country) -> Sheet:
    """When each place is open, by its pattern."""
    lines = {
        name: [
            (int(weekday), time.fromisoformat(opens), time.fromisoformat(closes), audience.value)
            for audience, weekdays, opens, closes in pattern
            for weekday in weekdays
        ]
        for name, pattern in PATTERNS.items()
    }
    since: date = SINCE
    return Sheet(
        "weekly_hours",
        ("place_id", "weekday", "opens", "closes", "audience", "valid_from"),
        [
            (place.id, *line, since)
            for place in (*country.offices, *country.prisons)
            for line in lines[place.hours]
        ],
    )
