"""Every SELECT that shows visits to people: loaded whole, decided nowhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from sqlalchemy import ARRAY, BigInteger, Row, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.text import sort_expression
from remote_court.visits.models import VisitKind
from remote_court.visits.status import Status


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor of a visit, as shown."""

    id: int
    name: str
    adult: bool
    sighted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitView:
    """A visit with the names of everything in it."""

    id: int
    kind: VisitKind
    status: Status
    tracking_code: str
    starts_at: datetime
    ends_at: datetime
    hold_until: datetime | None
    inmate_id: int
    inmate: str
    office_id: int
    office_fa: str
    office_en: str
    office_address_fa: str
    office_address_en: str
    office_phone: str
    office_lat: float
    office_lon: float
    office_city_fa: str
    office_city_en: str
    prison_id: int
    prison_fa: str
    prison_en: str
    room_fa: str | None
    room_en: str | None
    booth_fa: str | None
    booth_en: str | None
    booked_for: int
    booked_for_name: str
    operator_id: int | None
    operator: str | None
    consent: str | None
    needs_interpreter: bool
    needs_step_free: bool
    decision_reason: str | None
    cancelled_as: str | None
    cancel_reason: str | None
    displaced_reason: str | None
    checked_in_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    lost_seconds: int | None
    lost_reason: str | None
    visitors: tuple[Visitor, ...]

    def at(self, now: datetime) -> Self:
        """The visit as it stands now: what was held until then has lapsed, swept or not."""
        over = self.hold_until is not None and self.hold_until <= now
        lapsed = over and self.status in {Status.HELD, Status.REQUESTED}
        return replace(self, status=Status.LAPSED) if lapsed else self

    def office(self, locale: str) -> str:
        """The office's name in a language."""
        return self.office_fa if locale == "fa" else self.office_en

    def prison(self, locale: str) -> str:
        """The prison's name in a language."""
        return self.prison_fa if locale == "fa" else self.prison_en


SHOWN = """
SELECT v.id, v.kind, v.tracking_code, s.starts_at, s.ends_at, s.hold_until,
    s.status,
    v.inmate_id, i.given_name || ' ' || i.family_name AS inmate,
    v.office_id, o.name_fa AS office_fa, o.name_en AS office_en,
    o.address_fa AS office_address_fa, o.address_en AS office_address_en,
    o.phone AS office_phone, o.lat AS office_lat, o.lon AS office_lon,
    o.city_fa AS office_city_fa, o.city_en AS office_city_en,
    v.prison_id, p.name_fa AS prison_fa, p.name_en AS prison_en,
    r.name_fa AS room_fa, r.name_en AS room_en, b.name_fa AS booth_fa, b.name_en AS booth_en,
    v.booked_for, h.given_name || ' ' || h.family_name AS booked_for_name,
    v.operator_id, c.given_name || ' ' || c.family_name AS operator, v.consent,
    v.needs_interpreter, v.needs_step_free, v.decision_reason, v.cancelled_as, v.cancel_reason,
    v.displaced_reason, v.checked_in_at, v.opened_at, v.closed_at, v.lost_seconds, v.lost_reason,
    (SELECT json_agg(json_build_array(x.id, x.given_name || ' ' || x.family_name, vv.adult,
                                      vv.sighted_at IS NOT NULL) ORDER BY NOT vv.adult, x.id)
     FROM visit_visitor vv JOIN person x ON x.id = vv.person_id
     WHERE vv.visit_id = v.id) AS visitors
"""
WITH_NAMES = """
JOIN session s ON s.id = v.id
JOIN person i ON i.id = v.inmate_id
JOIN office o ON o.id = v.office_id
JOIN prison p ON p.id = v.prison_id
JOIN person h ON h.id = v.booked_for
LEFT JOIN person c ON c.id = v.operator_id
LEFT JOIN unit r ON r.id = v.room_id
LEFT JOIN unit b ON b.id = v.booth_id
"""
VIEW = f"{SHOWN} FROM visit v {WITH_NAMES}"
# So many joins are planned in the order in which they are written: what narrows comes first.
BY_ID = text(f"{VIEW} WHERE v.id = :id").bindparams(bindparam("id", type_=BigInteger))
BY_IDS = text(f"{VIEW} WHERE v.id = ANY(:ids)").bindparams(
    bindparam("ids", type_=ARRAY(BigInteger))
)
OF_PERSON = text(
    f"""
    WITH mine AS MATERIALIZED (
        SELECT visit_id AS id FROM visit_visitor WHERE person_id = :person
        UNION SELECT id FROM visit WHERE booked_for = :person
    ), shown AS MATERIALIZED (
        SELECT m.id FROM mine m JOIN session t ON t.id = m.id JOIN visit d ON d.id = m.id
        WHERE t.status <> 'held' AND NOT (t.status = 'lapsed' AND d.decided_at IS NULL)
          AND (CAST(:before AS bigint) IS NULL OR m.id < :before)
        ORDER BY m.id DESC LIMIT :limit
    )
    {SHOWN} FROM shown JOIN visit v ON v.id = shown.id {WITH_NAMES} ORDER BY v.id DESC
    """
).bindparams(
    bindparam("person", type_=BigInteger),
    bindparam("before", type_=BigInteger),
    bindparam("limit", type_=BigInteger),
)


def view(row: Row[tuple[object, ...]]) -> VisitView:
    """Read one visit as the queries return it."""
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    values["kind"], values["status"] = VisitKind(values["kind"]), Status(values["status"])
    values["visitors"] = tuple(Visitor(*one) for one in values["visitors"] or ())
    return VisitView(**values)


async def visit(session: AsyncSession, visit_id: int) -> VisitView | None:
    """One visit."""
    row = (await session.execute(BY_ID, {"id": visit_id})).one_or_none()
    return view(row) if row is not None else None


async def visits(session: AsyncSession, ids: Collection[int]) -> list[VisitView]:
    """These visits, in no order."""
    return [view(row) for row in await session.execute(BY_IDS, {"ids": sorted(ids)})]


async def visits_of(
    session: AsyncSession, person_id: int, *, before: int | None = None, limit: int = 20
) -> list[VisitView]:
    """Visits somebody holds or takes part in, newest booking first, older than ``before``."""
    values = {"person": person_id, "before": before, "limit": limit}
    return [view(row) for row in await session.execute(OF_PERSON, values)]


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody on an inmate's visitor list."""

    id: int
    name: str
    born_on: date
    kinship: str | None
    sighted: bool


@dataclass(frozen=True, slots=True)
class InmateView:
    """An inmate, as those see them who may visit.

    ``visitors`` are the inmate's list for staff and for proven kin; who only claims to be kin,
    or comes by a permit or a mandate, sees nobody but themselves.
    """

    id: int
    name: str
    status: str
    prison_id: int
    prison_fa: str
    prison_en: str
    as_lawyer: bool
    as_consul: bool
    visitors: tuple[Companion, ...]

    def prison(self, locale: str) -> str:
        """The prison's name in a language."""
        return self.prison_fa if locale == "fa" else self.prison_en


KIN_BY_NAME = ", ".join(sort_expression(f"y.{name}") for name in ("family_name", "given_name"))
BY_NAME = ", ".join(sort_expression(f"x.{name}") for name in ("family_name", "given_name"))
INMATES = f"""
SELECT i.person_id AS id, x.given_name || ' ' || x.family_name AS name, i.status,
    i.prison_id, p.name_fa AS prison_fa, p.name_en AS prison_en,
    EXISTS (SELECT FROM mandate m WHERE m.inmate_id = i.person_id AND m.lawyer_id = :person
            AND m.ended_at IS NULL) AS as_lawyer,
    EXISTS (SELECT FROM consular_papers c WHERE c.inmate_id = i.person_id
            AND c.visitor_id = :person AND c.withdrawn_at IS NULL) AS as_consul,
    (SELECT coalesce(json_agg(json_build_array(y.id, y.given_name || ' ' || y.family_name,
                y.born_on, k.kind, k.sighted_at IS NOT NULL) ORDER BY {KIN_BY_NAME}, y.id), '[]')
     FROM (SELECT o.visitor_id FROM kinship o
           WHERE o.inmate_id = i.person_id AND (:person = 0 OR EXISTS (
               SELECT FROM kinship own WHERE own.inmate_id = i.person_id
                   AND own.visitor_id = :person AND own.sighted_at IS NOT NULL))
           UNION SELECT :person WHERE :person <> 0) AS w
         JOIN person y ON y.id = w.visitor_id
         LEFT JOIN kinship k ON k.inmate_id = i.person_id AND k.visitor_id = y.id) AS visitors
FROM inmate i
JOIN person x ON x.id = i.person_id
JOIN prison p ON p.id = i.prison_id
"""
VISITABLE = text(
    f"""{INMATES}
    WHERE i.person_id IN (
        SELECT inmate_id FROM kinship WHERE visitor_id = :person
        UNION SELECT inmate_id FROM permit WHERE visitor_id = :person AND revoked_at IS NULL
        UNION SELECT inmate_id FROM mandate WHERE lawyer_id = :person AND ended_at IS NULL
        UNION SELECT inmate_id FROM consular_papers
            WHERE visitor_id = :person AND withdrawn_at IS NULL)
      AND i.status <> 'released'
    ORDER BY {BY_NAME}, i.person_id LIMIT 200
    """
).bindparams(bindparam("person", type_=BigInteger))
BY_NATIONAL_ID = text(
    f"""{INMATES} WHERE x.national_id = :code OR x.fida_code = :code"""
).bindparams(bindparam("person", type_=BigInteger))


def inmate_view(row: Row[tuple[object, ...]]) -> InmateView:
    """Read one inmate as the queries return them."""
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    values["visitors"] = tuple(
        Companion(who, name, date.fromisoformat(born), kind, sighted)
        for who, name, born, kind, sighted in values["visitors"]
    )
    return InmateView(**values)


async def inmates_of(session: AsyncSession, person_id: int) -> Sequence[InmateView]:
    """The inmates somebody is tied to, by kinship, permit or mandate."""
    rows = await session.execute(VISITABLE, {"person": person_id})
    return [inmate_view(row) for row in rows]


async def inmate_by_code(session: AsyncSession, code: str) -> InmateView | None:
    """An inmate by national ID or FIDA code."""
    row = (await session.execute(BY_NATIONAL_ID, {"code": code, "person": 0})).one_or_none()
    return inmate_view(row) if row is not None else None


FOLLOWED = text(
    """
    SELECT i.security_convict AND NOT (p.speaks_persian AND (
        SELECT bool_and(v.speaks_persian) FROM person v WHERE v.id = ANY(:visitors)))
    FROM inmate i JOIN person p ON p.id = i.person_id WHERE i.person_id = :inmate
    """
).bindparams(bindparam("inmate", type_=BigInteger), bindparam("visitors", type_=ARRAY(BigInteger)))


async def asks_for_companion(
    session: AsyncSession, inmate_id: int, visitor_ids: Sequence[int]
) -> bool:
    """Whether somebody who knows the language must be named before these people visit."""
    values = {"inmate": inmate_id, "visitors": list(visitor_ids)}
    return bool(await session.scalar(FOLLOWED, values))
