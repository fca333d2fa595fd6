"""What the rules of a visit's call look at, loaded in one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.interval import Interval
from remote_court.clock import local
from remote_court.errors import NotFound
from remote_court.people import Person
from remote_court.places import Office, Prison, Unit
from remote_court.scheduling.models import Reservation, Session
from remote_court.visits.barred import barred
from remote_court.visits.models import Visit, VisitKind, VisitVisitor
from remote_court.visits.status import Status


@dataclass(frozen=True, slots=True)
class Guest:
    """A visitor of the visit; ``sighted``: the desk saw who they are.

    ``barred``: a ban stands, or the permit or mandate was taken back.
    """

    person_id: int
    name: str
    adult: bool
    sighted: bool
    barred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFacts:
    """A visit, as far as its call cares."""

    id: int
    kind: VisitKind
    status: Status
    told: Interval
    reserved_until: datetime
    office_id: int
    office_name: str
    prison_id: int
    prison_name: str
    prison_names: Mapping[str, str]
    room_names: Mapping[str, str]
    province_code: str
    room_id: int | None
    booth_id: int | None
    inmate_id: int
    inmate_name: str
    booked_for: int
    guests: Sequence[Guest]
    checked_in: bool
    needs_interpreter: bool
    interpreter_id: int | None
    interpreter_name: str | None

    def guest(self, person_id: int) -> Guest | None:
        """The visitor with this id, if it is one of this visit."""
        return next((g for g in self.guests if g.person_id == person_id), None)

    @property
    def welcome(self) -> Sequence[Guest]:
        """The visitors who may still visit, who booked first."""
        may = [g for g in self.guests if not g.barred]
        return sorted(may, key=lambda g: g.person_id != self.booked_for)

    @property
    def speaker(self) -> Guest | None:
        """The visitor for whom the room's device speaks: who booked, else an adult."""
        return next((g for g in self.welcome if g.adult or g.person_id == self.booked_for), None)


async def load(session: AsyncSession, visit_id: int) -> VisitFacts:
    """Load the facts of a visit.

    Raises:
        NotFound: there is no such visit.
    """
    until = (
        select(func.max(func.upper(Reservation.during)))
        .where(Reservation.session_id == Visit.id)
        .scalar_subquery()
    )
    query = (
        select(Visit, Session, Office, Prison, Person, until)
        .join(Session, Session.id == Visit.id)
        .join(Office, Office.id == Visit.office_id)
        .join(Prison, Prison.id == Visit.prison_id)
        .join(Person, Person.id == Visit.inmate_id)
        .where(Visit.id == visit_id)
    )
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise NotFound
    visit, told, office, prison, inmate, reserved_until = found
    room = await session.get(Unit, visit.room_id) if visit.room_id else None
    interpreter = await session.get(Person, visit.interpreter_id) if visit.interpreter_id else None
    return VisitFacts(
        id=visit.id,
        kind=visit.kind,
        status=Status(told.status),
        told=Interval(told.starts_at, told.ends_at),
        reserved_until=max(reserved_until or told.ends_at, told.ends_at),
        office_id=office.id,
        office_name=office.name_fa,
        prison_id=prison.id,
        prison_name=prison.name_fa,
        prison_names={"fa": prison.name_fa, "en": prison.name_en},
        room_names={"fa": room.name_fa, "en": room.name_en} if room else {},
        province_code=prison.province_code,
        room_id=visit.room_id,
        booth_id=visit.booth_id,
        inmate_id=visit.inmate_id,
        inmate_name=inmate.name,
        booked_for=visit.booked_for,
        guests=await guests(session, visit, local(told.starts_at).date(), prison.province_code),
        checked_in=visit.checked_in_at is not None,
        needs_interpreter=visit.needs_interpreter,
        interpreter_id=visit.interpreter_id,
        interpreter_name=interpreter.name if interpreter else None,
    )


async def guests(session: AsyncSession, visit: Visit, day: date, province_code: str) -> list[Guest]:
    """The visitors of a visit, in order of their ids."""
    query = (
        select(Person, VisitVisitor.adult, VisitVisitor.sighted_at.is_not(None))
        .join(VisitVisitor, VisitVisitor.person_id == Person.id)
        .where(VisitVisitor.visit_id == visit.id)
        .order_by(Person.id)
    )
    rows = (await session.execute(query)).all()
    out = await barred(session, visit, day, province_code)
    return [
        Guest(person.id, person.name, adult, sighted, person.id in out)
        for person, adult, sighted in rows
    ]
