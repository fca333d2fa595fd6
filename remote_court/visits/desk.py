"""Every SELECT of an office's desk: its visits of a day, its rooms, and who waits for a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, Date, Row, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.interval import Interval
from remote_court.calendars.opening_hours import whole_day
from remote_court.calendars.week import Week
from remote_court.db import Instant
from remote_court.people import Person
from remote_court.places import Unit, UnitKind
from remote_court.scheduling.hold import as_range
from remote_court.scheduling.models import Reservation, Session
from remote_court.visits.models import Visit, VisitKind
from remote_court.visits.status import Status


@dataclass(frozen=True, slots=True)
class Guest:
    """A visitor as the desk shows them."""

    id: int
    name: str
    adult: bool
    foreign: bool
    document: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLine:
    """A visit as the desk shows it; ``call`` is the state of its call, once there is one."""

    id: int
    kind: VisitKind
    status: Status
    tracking_code: str
    starts_at: datetime
    ends_at: datetime
    room_id: int | None
    rooms: Mapping[str, str] | None
    prisons: Mapping[str, str]
    inmate: str
    booked_for: int
    holder: str
    mobile: str | None
    operator: str | None
    needs_step_free: bool
    needs_interpreter: bool
    interpreter: str | None
    checked_in_at: datetime | None
    displaced_reason: str | None
    lost_reason: str | None
    call: str | None
    guests: tuple[Guest, ...]

    def room(self, locale: str) -> str | None:
        """The room's name in the reader's language, if it has one."""
        return self.rooms[locale] if self.rooms else None

    def prison(self, locale: str) -> str:
        """The prison's name in the reader's language."""
        return self.prisons[locale]


LINE = """
SELECT v.id, v.kind, s.status, v.tracking_code, s.starts_at, s.ends_at, v.room_id,
    r.name_fa AS room_fa, r.name_en AS room_en, p.name_fa AS prison_fa, p.name_en AS prison_en,
    i.given_name || ' ' || i.family_name AS inmate, v.booked_for,
    h.given_name || ' ' || h.family_name AS holder, h.mobile,
    c.given_name || ' ' || c.family_name AS operator,
    v.needs_step_free, v.needs_interpreter,
    (SELECT n.given_name || ' ' || n.family_name FROM person n
     WHERE n.id = v.interpreter_id) AS interpreter,
    v.checked_in_at, v.displaced_reason, v.lost_reason,
    k.status AS call,
    (SELECT json_agg(json_build_array(x.id, x.given_name || ' ' || x.family_name, w.adult,
                                      x.fida_code IS NOT NULL, w.sighted_document)
                     ORDER BY NOT w.adult, x.id)
     FROM visit_visitor w JOIN person x ON x.id = w.person_id WHERE w.visit_id = v.id) AS guests
FROM visit v
JOIN session s ON s.id = v.id
JOIN prison p ON p.id = v.prison_id
JOIN person i ON i.id = v.inmate_id
JOIN person h ON h.id = v.booked_for
LEFT JOIN person c ON c.id = v.operator_id
LEFT JOIN unit r ON r.id = v.room_id
LEFT JOIN call k ON k.session_id = v.id
"""
STANDS = """
  AND s.status <> 'held'
  AND NOT (s.status IN ('requested', 'held') AND s.hold_until IS NOT NULL AND s.hold_until <= :now)
"""
IDS = (bindparam("office", type_=BigInteger), bindparam("now", type_=Instant))
OF_DAY = text(
    f"""{LINE} WHERE v.office_id = :office AND v.week = :week
    AND s.starts_at >= :start AND s.starts_at < :end {STANDS} ORDER BY s.starts_at, v.id"""
).bindparams(
    *IDS,
    bindparam("week", type_=Date),
    bindparam("start", type_=Instant),
    bindparam("end", type_=Instant),
)
ONE = text(f"{LINE} WHERE v.office_id = :office AND v.id = :id").bindparams(
    bindparam("office", type_=BigInteger), bindparam("id", type_=BigInteger)
)
DISPLACED = text(
    f"""{LINE} WHERE v.office_id = :office AND v.displaced_at IS NOT NULL
    AND s.status = 'displaced' ORDER BY s.starts_at, v.id LIMIT 200"""
).bindparams(bindparam("office", type_=BigInteger))
OF_PERSON = text(
    f"""{LINE} WHERE v.office_id = :office AND s.ends_at > :now {STANDS}
    AND v.id IN (SELECT w.visit_id FROM visit_visitor w JOIN person x ON x.id = w.person_id
                 WHERE x.national_id = :code OR x.fida_code = :code)
    ORDER BY s.starts_at, v.id LIMIT 20"""  # noqa: S608 - made of constants
).bindparams(*IDS)


def line(row: Row[tuple[object, ...]]) -> DeskLine:
    """Read one visit as the queries return it."""
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    rooms = {"fa": values.pop("room_fa"), "en": values.pop("room_en")}
    values["rooms"] = rooms if values["room_id"] else None
    values["prisons"] = {"fa": values.pop("prison_fa"), "en": values.pop("prison_en")}
    values["kind"], values["status"] = VisitKind(values["kind"]), Status(values["status"])
    values["guests"] = tuple(Guest(*one) for one in values["guests"] or ())
    return DeskLine(**values)


async def day_of(
    session: AsyncSession, office_id: int, day: date, now: datetime
) -> Sequence[DeskLine]:
    """The visits of an office on a day, by time; lapsed holds and requests are left out."""
    whole = whole_day(day)
    values = {
        "office": office_id,
        "week": Week.of(day).first,
        "start": whole.start,
        "end": whole.end,
        "now": now,
    }
    return [line(row) for row in await session.execute(OF_DAY, values)]


async def visit_at(session: AsyncSession, office_id: int, visit_id: int) -> DeskLine | None:
    """One visit, if it is this office's."""
    row = (await session.execute(ONE, {"office": office_id, "id": visit_id})).one_or_none()
    return line(row) if row is not None else None


async def displaced(session: AsyncSession, office_id: int) -> Sequence[DeskLine]:
    """Visits of the office that lost their place and wait for another, the next first."""
    return [line(row) for row in await session.execute(DISPLACED, {"office": office_id})]


async def displaced_count(session: AsyncSession, office_id: int) -> int:
    """How many visits of the office wait for another place."""
    query = (
        select(func.count())
        .select_from(Visit)
        .join(Session, Session.id == Visit.id)
        .where(
            Visit.office_id == office_id,
            Visit.displaced_at.is_not(None),
            Session.status == Status.DISPLACED,
        )
    )
    return int((await session.execute(query)).scalar_one())


async def coming_of(
    session: AsyncSession, office_id: int, code: str, now: datetime
) -> Sequence[DeskLine]:
    """Visits at the office, under way or to come, of the person with this number."""
    values = {"office": office_id, "code": code, "now": now}
    return [line(row) for row in await session.execute(OF_PERSON, values)]


@dataclass(frozen=True, slots=True)
class Occupied:
    """A room is taken: by a visit (its holder's family name), a block (its reason) or another."""

    session_id: int
    kind: str
    status: str
    room_id: int
    told: Interval
    reserved: Interval
    title: str | None


OCCUPIED = text(
    """
    SELECT s.id, s.kind, s.status, r.resource_id AS room_id, s.starts_at, s.ends_at,
        lower(r.during) AS reserved_from, upper(r.during) AS reserved_to,
        coalesce(h.family_name, b.reason) AS title
    FROM unit u
    CROSS JOIN LATERAL (
        SELECT * FROM reservation WHERE resource_id = u.id AND during && :window OFFSET 0
    ) AS r
    JOIN session s ON s.id = r.session_id
    LEFT JOIN visit v ON v.id = s.id
    LEFT JOIN person h ON h.id = v.booked_for
    LEFT JOIN block b ON b.id = s.id
    WHERE u.pool_id = :office AND u.kind = 'room'
      AND (s.hold_until IS NULL OR s.hold_until > :now)
    ORDER BY s.starts_at, s.id
    """
).bindparams(bindparam("window", type_=Reservation.during.type), *IDS)


async def occupied(
    session: AsyncSession, office_id: int, day: date, now: datetime
) -> Sequence[Occupied]:
    """What stands in the office's rooms on a day, by time."""
    values = {"office": office_id, "window": as_range(whole_day(day)), "now": now}
    return [
        Occupied(
            row.id,
            row.kind,
            row.status,
            row.room_id,
            Interval(row.starts_at, row.ends_at),
            Interval(row.reserved_from, row.reserved_to),
            row.title,
        )
        for row in await session.execute(OCCUPIED, values)
    ]


async def room_of(session: AsyncSession, office_id: int, room_id: int) -> Unit | None:
    """A room, if it is this office's."""
    query = select(Unit).where(
        Unit.id == room_id, Unit.pool_id == office_id, Unit.kind == UnitKind.ROOM
    )
    return (await session.scalars(query)).one_or_none()


async def holders(session: AsyncSession, ids: Sequence[int]) -> Mapping[int, str]:
    """Who holds each of these visits, by its id."""
    query = (
        select(Visit.id, Person.given_name + " " + Person.family_name)
        .join(Person, Person.id == Visit.booked_for)
        .where(Visit.id.in_(ids))
    )
    return {row[0]: row[1] for row in await session.execute(query)}
