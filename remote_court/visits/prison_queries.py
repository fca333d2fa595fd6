"""Every SELECT of the prison's pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, Row, bindparam, func, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from remote_court.calendars.opening_hours import on_wall
from remote_court.calendars.week import Week
from remote_court.clock import local
from remote_court.db import Instant
from remote_court.identifiers import FIDA_LEN, NATIONAL_ID_LEN, compact
from remote_court.people import Person
from remote_court.people.inmates import Inmate
from remote_court.places import Prison, Province
from remote_court.text import normalise, sort_key
from remote_court.visits.bans import VisitBan
from remote_court.visits.consular import ConsularPapers
from remote_court.visits.kinships import Kinship
from remote_court.visits.permits import Mandate, Permit
from remote_court.visits.queries import VIEW, VisitView, view

OF_DAY = text(
    f"""{VIEW}
    WHERE v.prison_id = :prison AND v.week = :week
      AND s.starts_at >= :first AND s.starts_at < :last AND s.status NOT IN ('held', 'lapsed')
    ORDER BY s.starts_at, v.id
    """
).bindparams(
    bindparam("prison", type_=BigInteger),
    bindparam("week", type_=Date),
    bindparam("first", type_=Instant),
    bindparam("last", type_=Instant),
)
REQUESTS = text(
    f"""{VIEW}
    WHERE v.prison_id = :prison AND v.week >= :week
      AND s.status = 'requested' AND s.hold_until > :now
    ORDER BY s.hold_until, v.id LIMIT :limit
    """
).bindparams(
    bindparam("prison", type_=BigInteger),
    bindparam("week", type_=Date),
    bindparam("limit", type_=BigInteger),
    bindparam("now", type_=Instant),
)
# Arabic letters that old records use, beside the Persian ones that keyboards write.
ARABIC, PERSIAN = "يكةۀ", "یکهه"


@dataclass(frozen=True, slots=True)
class Held:
    """An inmate with the name, as lists show them."""

    id: int
    name: str
    number: str
    ward: str
    status: str
    prison_id: int


@dataclass(frozen=True, slots=True)
class Ward:
    """The visits of a ward on a day, each with its inmate's number."""

    name: str
    visits: tuple[tuple[VisitView, Held], ...]


async def day_list(session: AsyncSession, prison_id: int, day: date) -> Sequence[Ward]:
    """The visits of a day, by ward and time."""
    values = {
        "prison": prison_id,
        "week": Week.of(day).first,
        "first": on_wall(day, time.min),
        "last": on_wall(day + timedelta(days=1), time.min),
    }
    visits = [view(row) for row in await session.execute(OF_DAY, values)]
    held = await by_id(session, {visit.inmate_id for visit in visits})
    wards: dict[str, list[tuple[VisitView, Held]]] = {}
    for visit in visits:
        here = held[visit.inmate_id]
        wards.setdefault(here.ward, []).append((visit, here))
    return [Ward(name, tuple(wards[name])) for name in sorted(wards, key=sort_key)]


async def requests(
    session: AsyncSession, prison_id: int, now: datetime, limit: int = 100
) -> Sequence[VisitView]:
    """Requests that wait for the prison, the most urgent first."""
    week = Week.of(local(now).date()).first
    values = {"prison": prison_id, "week": week, "now": now, "limit": limit}
    return [view(row) for row in await session.execute(REQUESTS, values)]


async def by_id(session: AsyncSession, ids: set[int]) -> Mapping[int, Held]:
    """Inmates by their ids."""
    rows = await session.execute(_held().where(Inmate.person_id.in_(ids)))
    return {row.person_id: _read(row) for row in rows}


async def inmates(
    session: AsyncSession,
    prison_id: int,
    words: str,
    *,
    after: tuple[str, int] | None = None,
    limit: int = 25,
) -> Sequence[Held]:
    """Inmates whose name, number or identity number has these words, by number.

    Gives one more than ``limit`` when there are more.
    """
    query = _held().where(Inmate.prison_id == prison_id)
    for word in normalise(words).split():
        query = query.where(_matches(word))
    if after:
        query = query.where(tuple_(Inmate.number, Inmate.person_id) > after)
    rows = await session.execute(query.order_by(Inmate.number, Inmate.person_id).limit(limit + 1))
    return [_read(row) for row in rows]


def _matches(word: str) -> ColumnElement[bool]:
    bare = compact(word)
    if bare.isdecimal() and len(bare) in {NATIONAL_ID_LEN, FIDA_LEN}:
        return (Person.national_id == bare) | (Person.fida_code == bare)
    name = func.translate(Person.given_name + " " + Person.family_name, ARABIC, PERSIAN)
    plain = func.replace(name, "\u200c", "")
    number = func.lower(Inmate.number)
    return plain.contains(word, autoescape=True) | number.contains(word, autoescape=True)


def _held() -> Any:
    return select(
        Inmate.person_id,
        Person.given_name,
        Person.family_name,
        Inmate.number,
        Inmate.ward,
        Inmate.status,
        Inmate.prison_id,
    ).join(Person, Person.id == Inmate.person_id)


def _read(row: Row[Any]) -> Held:
    return Held(
        row.person_id,
        f"{row.given_name} {row.family_name}",
        row.number,
        row.ward,
        row.status.value,
        row.prison_id,
    )


@dataclass(frozen=True, slots=True)
class File:
    """What is entered about an inmate, each line with the name of whom it concerns."""

    kin: Sequence[tuple[Kinship, Person]]
    permits: Sequence[tuple[Permit, Person]]
    bans: Sequence[tuple[VisitBan, Person | None]]
    mandates: Sequence[tuple[Mandate, Person]]
    consular: Sequence[tuple[ConsularPapers, Person]]


async def file_of(session: AsyncSession, inmate_id: int, today: date) -> File:
    """The visitor list, and permits, bans and mandates that stand or will stand."""
    kin = select(Kinship, Person).join(Person, Person.id == Kinship.visitor_id)
    permits = select(Permit, Person).join(Person, Person.id == Permit.visitor_id)
    who = aliased(Person)
    bans = select(VisitBan, who).outerjoin(who, who.id == VisitBan.visitor_id)
    mandates = select(Mandate, Person).join(Person, Person.id == Mandate.lawyer_id)
    papers = select(ConsularPapers, Person).join(Person, Person.id == ConsularPapers.visitor_id)
    return File(
        sorted(
            await _pairs(session, kin.where(Kinship.inmate_id == inmate_id).order_by(Kinship.id)),
            key=_name,
        ),
        await _pairs(
            session,
            permits.where(
                Permit.inmate_id == inmate_id,
                Permit.revoked_at.is_(None),
                Permit.valid_to >= today,
            ).order_by(Permit.valid_from, Permit.id),
        ),
        await _pairs(
            session,
            bans.where(
                VisitBan.inmate_id == inmate_id,
                VisitBan.lifted_at.is_(None),
                VisitBan.ends_on >= today,
            ).order_by(VisitBan.starts_on, VisitBan.id),
        ),
        await _pairs(
            session,
            mandates.where(Mandate.inmate_id == inmate_id, Mandate.ended_at.is_(None)).order_by(
                Mandate.id
            ),
        ),
        await _pairs(
            session,
            papers.where(
                ConsularPapers.inmate_id == inmate_id,
                ConsularPapers.withdrawn_at.is_(None),
                ConsularPapers.valid_to >= today,
            ).order_by(ConsularPapers.valid_from, ConsularPapers.id),
        ),
    )


async def _pairs(session: AsyncSession, query: Any) -> Sequence[tuple[Any, Any]]:
    return [(one, other) for one, other in await session.execute(query)]


def _name(pair: tuple[Any, Person | None]) -> tuple[str, str]:
    """The order of a list of people: by family name and first name; of nobody first."""
    person = pair[1]
    return (sort_key(person.family_name), sort_key(person.given_name)) if person else ("", "")


async def ties(session: AsyncSession, visits: Sequence[VisitView]) -> Mapping[tuple[int, int], str]:
    """What each visitor is to the inmate, by (visit's inmate, visitor)."""
    ids = [visitor.id for visit in visits for visitor in visit.visitors]
    rows = await session.execute(
        select(Kinship.inmate_id, Kinship.visitor_id, Kinship.kind).where(
            Kinship.visitor_id.in_(ids), Kinship.inmate_id.in_([v.inmate_id for v in visits])
        )
    )
    return {(inmate, visitor): kind.value for inmate, visitor, kind in rows}


async def claims_of(session: AsyncSession, visitor_id: int) -> Sequence[tuple[Kinship, Held]]:
    """What somebody claims to be to inmates and has not proven yet."""
    query = select(Kinship).where(Kinship.visitor_id == visitor_id, Kinship.sighted_at.is_(None))
    claims = (await session.scalars(query.order_by(Kinship.id))).all()
    held = await by_id(session, {claim.inmate_id for claim in claims})
    return [(claim, held[claim.inmate_id]) for claim in claims]


async def inmate_by_number(session: AsyncSession, number: str) -> Held | None:
    """The inmate with this prison number, national ID or FIDA code, wherever held."""
    bare = compact(number)
    same = (
        (Inmate.number == number.strip())
        | (Person.national_id == bare)
        | (Person.fida_code == bare)
    )
    row = (await session.execute(_held().where(same).limit(1))).first()
    return _read(row) if row else None


async def prisons(session: AsyncSession) -> Sequence[tuple[Prison, Province]]:
    """Every prison in service with its province."""
    query = (
        select(Prison, Province)
        .join(Province, Province.code == Prison.province_code)
        .where(Prison.in_service)
        .order_by(Province.code, Prison.code)
    )
    return [(prison, province) for prison, province in await session.execute(query)]
