"""Every SELECT of the places."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    String,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.places.courts import Branch, CourtComplex
from remote_court.places.distance import Point, metres_to
from remote_court.places.hours import DayClosure, WeeklyHours
from remote_court.places.offices import Office
from remote_court.places.prisons import Prison
from remote_court.places.provinces import Province
from remote_court.places.units import Unit, UnitKind
from remote_court.text import ASCII, FA, normalise, sort_expression, sort_key

LIMIT = 50


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """An office as a list shows it; ``metres`` when somebody asked how far it is."""

    id: int
    code: str
    kind: str
    province_code: str
    lat: float
    lon: float
    rooms: int
    step_free: bool
    metres: float | None
    names: Mapping[str, str]
    provinces: Mapping[str, str]
    cities: Mapping[str, str]
    addresses: Mapping[str, str]

    def name(self, locale: str) -> str:
        """Its name in the reader's language."""
        return self.names[locale]

    def province(self, locale: str) -> str:
        """Its province in the reader's language."""
        return self.provinces[locale]

    def city(self, locale: str) -> str:
        """Its city in the reader's language."""
        return self.cities[locale]

    def address(self, locale: str) -> str:
        """Its address in the reader's language."""
        return self.addresses[locale]


@dataclass(frozen=True, slots=True)
class After:
    """Where a page of offices ended: the last one's place in the order, and its id."""

    rank: int
    id: int


@dataclass(frozen=True, slots=True)
class OfficePage:
    """A page of offices and where the next one begins, if there is one."""

    items: Sequence[OfficeLine]
    next: After | None


async def offices(
    session: AsyncSession,
    *,
    province: str | None = None,
    q: str | None = None,
    near: Point | None = None,
    after: After | None = None,
    limit: int = LIMIT,
    locale: str = "fa",
) -> OfficePage:
    """Offices in service, the nearest first, or by city and name when no point is given.

    Args:
        province: its code; none: the whole country.
        q: words that must all appear in the names, the city, the address or the code.
        near: the point from which distance is measured.
        locale: in whose order cities and names stand.
    """
    far: ColumnElement[float] = metres_to(near, Office.lat, Office.lon) if near else literal(0.0)
    # A round metre is the rank, so that a cursor compares equal to what it was cut from.
    rank = func.round(far, type_=Float) if near else literal(0.0, Float)
    query = _lines(far).where(Office.in_service)
    if province:
        query = query.where(Office.province_code == province)
    for word in normalise(q or "").split():
        query = query.where(Office.search_key.contains(word, autoescape=True))
    order = [rank] if near else by_name(f"office.city_{locale}", f"office.name_{locale}")
    if after and near:
        query = query.where(tuple_(rank, Office.id) > tuple_(literal(after.rank), after.id))
    elif after:
        # Where the last page ended, as the database itself sorts it.
        ended = select(*order, Office.id).where(Office.id == after.id)
        if (last := (await session.execute(ended)).one_or_none()) is None:
            return OfficePage([], None)
        query = query.where(tuple_(*order, Office.id) > tuple_(*map(literal, last)))
    rows = (await session.execute(query.order_by(*order, Office.id).limit(limit + 1))).all()
    items = [_line(row, near is not None) for row in rows[:limit]]
    if len(rows) <= limit:
        return OfficePage(items, None)
    end = items[-1]
    return OfficePage(items, After(round(end.metres or 0.0), end.id))


def by_name(*columns: str) -> list[ColumnElement[Any]]:
    """The order of names as a Persian dictionary has it, by columns of ours, as they are called."""
    return [literal_column(sort_expression(column)) for column in columns]


async def office_line(session: AsyncSession, office_id: int) -> OfficeLine | None:
    """One office as a list shows it, also when it is out of service."""
    row = (await session.execute(_lines(literal(0.0)).where(Office.id == office_id))).first()
    return _line(row, False) if row else None


def _lines(far: ColumnElement[float]) -> Select[*tuple[Any, ...]]:
    mine = (Unit.pool_id == Office.id) & (Unit.kind == UnitKind.ROOM) & Unit.in_service
    rooms = select(func.count()).where(mine).scalar_subquery()
    step_free = select(Unit.id).where(mine, Unit.features.contains(["step_free"])).exists()
    return select(
        Office.id,
        Office.code,
        Office.kind,
        Office.province_code,
        Office.lat,
        Office.lon,
        Office.name_fa,
        Office.name_en,
        Office.city_fa,
        Office.city_en,
        Office.address_fa,
        Office.address_en,
        Province.name_fa.label("province_fa"),
        Province.name_en.label("province_en"),
        rooms.label("rooms"),
        step_free.label("step_free"),
        far.label("metres"),
    ).join(Province, Province.code == Office.province_code)


def _line(row: Any, told_distance: bool) -> OfficeLine:
    return OfficeLine(
        id=row.id,
        code=row.code,
        kind=row.kind.value,
        province_code=row.province_code,
        lat=row.lat,
        lon=row.lon,
        rooms=row.rooms,
        step_free=row.step_free,
        metres=float(row.metres) if told_distance else None,
        names={"fa": row.name_fa, "en": row.name_en},
        provinces={"fa": row.province_fa, "en": row.province_en},
        cities={"fa": row.city_fa, "en": row.city_en},
        addresses={"fa": row.address_fa, "en": row.address_en},
    )


async def provinces(session: AsyncSession) -> Sequence[Province]:
    """The provinces, by their code."""
    return (await session.scalars(select(Province).order_by(Province.code))).all()


async def province_names(session: AsyncSession, locale: str) -> dict[str, str]:
    """Each province's name in a language by its code, in the order of that language."""
    every = await provinces(session)
    names = {p.code: p.name_fa if locale == "fa" else p.name_en for p in every}
    return dict(sorted(names.items(), key=lambda pair: sort_key(pair[1])))


async def names(session: AsyncSession, ids: Collection[int]) -> dict[int, dict[str, str]]:
    """What offices, prisons and branches are called, by id and language."""
    buildings = (
        select(kind.id, kind.name_fa, kind.name_en).where(kind.id.in_(ids))
        for kind in (Office, Prison)
    )
    rows = await session.execute(union_all(*buildings, _branches().where(Branch.id.in_(ids))))
    return {row.id: {"fa": row.name_fa, "en": row.name_en} for row in rows}


def _branches() -> Select[*tuple[Any, ...]]:
    number = cast(Branch.number, String)
    return select(
        Branch.id,
        func.concat("شعبهٔ ", func.translate(number, ASCII, FA), "، ", CourtComplex.name_fa).label(
            "name_fa"
        ),
        func.concat("Branch ", number, ", ", CourtComplex.name_en).label("name_en"),
    ).join(CourtComplex, CourtComplex.id == Branch.complex_id)


async def rooms(session: AsyncSession, office_id: int) -> Sequence[Unit]:
    """Every room of an office, in service or not, by number."""
    query = select(Unit).where(Unit.pool_id == office_id, Unit.kind == UnitKind.ROOM)
    return (await session.scalars(query.order_by(Unit.number))).all()


async def weeks(session: AsyncSession, place_id: int, first: date) -> Sequence[WeeklyHours]:
    """The weekly hours of a place that hold on ``first`` or later, in order."""
    query = (
        select(WeeklyHours)
        .where(
            WeeklyHours.place_id == place_id,
            or_(WeeklyHours.valid_to.is_(None), WeeklyHours.valid_to >= first),
        )
        .order_by(WeeklyHours.valid_from, WeeklyHours.weekday, WeeklyHours.opens)
    )
    return (await session.scalars(query)).all()


async def closures(
    session: AsyncSession, place_id: int, first: date, last: date
) -> Sequence[DayClosure]:
    """The closed days a place itself ordered, from one day to another, both included."""
    query = (
        select(DayClosure)
        .where(DayClosure.place_id == place_id, DayClosure.day.between(first, last))
        .order_by(DayClosure.day)
    )
    return (await session.scalars(query)).all()
