"""Which visits an act at the prison touches: shown first, then acted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.opening_hours import on_wall
from remote_court.people import Person
from remote_court.places import Office
from remote_court.policy import Policy
from remote_court.scheduling.models import Session
from remote_court.visits.kinships import Kinship
from remote_court.visits.models import Visit, VisitKind, VisitVisitor
from remote_court.visits.permits import Permit
from remote_court.visits.status import Status

OPEN = (Status.HELD, Status.REQUESTED, Status.BOOKED, Status.DISPLACED)
"""States of a visit that is still to come."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A visit to come, as far as a preview shows it and an act needs it."""

    id: int
    kind: VisitKind
    status: Status
    starts_at: datetime
    ends_at: datetime
    hold_until: datetime | None
    inmate_id: int
    prison_id: int
    office_id: int
    room_id: int | None
    booth_id: int | None
    booked_for: int
    booked_for_name: str
    office_names: tuple[str, str]
    visitor_ids: tuple[int, ...]
    displaced_reason: str | None

    def office(self, locale: str) -> str:
        """The office's name in the reader's language."""
        return self.office_names[0 if locale == "fa" else 1]


@dataclass(frozen=True, slots=True)
class Span:
    """From one day to another, both included; an end that is missing is open."""

    first: date | None = None
    last: date | None = None

    def covers(self) -> list[ColumnElement[bool]]:
        """The conditions on a session's start."""
        found: list[ColumnElement[bool]] = []
        if self.first:
            found.append(Session.starts_at >= on_wall(self.first, time.min))
        if self.last:
            found.append(Session.starts_at < on_wall(self.last + timedelta(days=1), time.min))
        return found


ALWAYS = Span()


async def visits_to_come(
    session: AsyncSession,
    now: datetime,
    *conditions: ColumnElement[bool],
    span: Span = ALWAYS,
    lock: bool = False,
    begun: bool = False,
) -> Sequence[Coming]:
    """Visits still to come that meet the conditions, in order of their start.

    ``begun``: also those whose time has come and that are not under way. ``lock``: keep their
    sessions locked, so that what is acted on is what was read.
    """
    if lock:
        await session.execute(
            select(Session.id)
            .join(Visit, Visit.id == Session.id)
            .where(*_coming(now, begun=begun), *span.covers(), *conditions)
            .order_by(Session.id)
            .with_for_update(of=Session)
        )
    query = _touched().where(*_coming(now, begun=begun), *span.covers(), *conditions)
    rows = await session.execute(query.order_by(Session.starts_at, Session.id))
    return [_read(row) for row in rows]


def visited_by(person_id: int) -> ColumnElement[bool]:
    """Visits in which this person is a visitor."""
    return (
        select(VisitVisitor.person_id)
        .where(VisitVisitor.visit_id == Visit.id, VisitVisitor.person_id == person_id)
        .exists()
    )


async def strangers_to(
    session: AsyncSession, visit: Visit, day: date, policy: Policy
) -> Sequence[int]:
    """The visitors of a visit who need a permit for a day and have none."""
    near = select(Kinship.id).where(
        Kinship.inmate_id == visit.inmate_id,
        Kinship.visitor_id == VisitVisitor.person_id,
        Kinship.sighted_at.is_not(None),
        Kinship.kind.in_(policy.words("visit.relatives_auto")),
    )
    permitted = select(Permit.id).where(
        Permit.inmate_id == visit.inmate_id,
        Permit.visitor_id == VisitVisitor.person_id,
        Permit.revoked_at.is_(None),
        Permit.valid_from <= day,
        Permit.valid_to >= day,
    )
    query = select(VisitVisitor.person_id).where(
        VisitVisitor.visit_id == visit.id, ~near.exists(), ~permitted.exists()
    )
    return (await session.scalars(query.order_by(VisitVisitor.person_id))).all()


def _coming(now: datetime, *, begun: bool) -> list[ColumnElement[bool]]:
    lapsed = Session.hold_until.is_not(None) & (Session.hold_until <= now)
    ahead = Session.starts_at > now
    if begun:
        ahead |= (Session.status == Status.BOOKED) & (Session.ends_at > now)
    return [Session.status.in_(OPEN), ahead, ~lapsed]


def _touched() -> Select[*tuple[Any, ...]]:
    who = func.array_agg(aggregate_order_by(VisitVisitor.person_id, VisitVisitor.person_id))
    visitors = select(who).where(VisitVisitor.visit_id == Visit.id).scalar_subquery()
    return (
        select(
            Visit,
            Session,
            Office.name_fa,
            Office.name_en,
            (Person.given_name + " " + Person.family_name).label("holder"),
            visitors.label("visitors"),
        )
        .join(Session, Session.id == Visit.id)
        .join(Office, Office.id == Visit.office_id)
        .join(Person, Person.id == Visit.booked_for)
    )


def _read(row: Row[*tuple[Any, ...]]) -> Coming:
    visit, owner = row.Visit, row.Session
    return Coming(
        id=visit.id,
        kind=visit.kind,
        status=Status(owner.status),
        starts_at=owner.starts_at,
        ends_at=owner.ends_at,
        hold_until=owner.hold_until,
        inmate_id=visit.inmate_id,
        prison_id=visit.prison_id,
        office_id=visit.office_id,
        room_id=visit.room_id,
        booth_id=visit.booth_id,
        booked_for=visit.booked_for,
        booked_for_name=row.holder,
        office_names=(row.name_fa, row.name_en),
        visitor_ids=tuple(row.visitors or ()),
        displaced_reason=visit.displaced_reason,
    )
