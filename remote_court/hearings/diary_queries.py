"""Every SELECT of the court diary: what sits when, who comes from where, how far service is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.opening_hours import on_wall
from remote_court.hearings.forums import Forum
from remote_court.hearings.models import CaseParty, CourtCase, Hearing, HearingPart, HearingSeat
from remote_court.hearings.roles import SERVED, Mode, PartyRole, Seat, Site
from remote_court.hearings.status import Status
from remote_court.notices.service import Notice, Service, of
from remote_court.people import Person
from remote_court.places import Unit
from remote_court.places.courts import Branch, CourtComplex
from remote_court.places.queries import names
from remote_court.scheduling.models import Session

DAY = timedelta(days=1)
CALLED_OFF = (Status.CANCELLED,)
SEATS = list(Seat)


@dataclass(frozen=True, slots=True)
class SittingLine:
    """A sitting as a diary shows it.

    ``parts``: how many are to attend. ``to_serve`` must be served, ``served`` of them are.
    """

    id: int
    branch_id: int
    case_id: int
    case_number: str
    sub_row: str
    archive_number: str | None
    subject: str
    number: int
    status: Status
    mode: Mode
    closed: bool
    starts_at: datetime
    ends_at: datetime
    minutes: int
    parts: int
    to_serve: int
    served: int
    judge: str | None

    @property
    def all_served(self) -> bool:
        """Whether everybody is served who must be."""
        return self.served >= self.to_serve


@dataclass(frozen=True, slots=True)
class PartLine:
    """Somebody who is to attend a sitting: from where, and how they are served for its date."""

    party_id: int
    person_id: int
    name: str
    role: PartyRole
    site: Site
    place: Mapping[str, str] | None
    unit: Mapping[str, str] | None
    agenda: str | None
    needs: Sequence[str]
    needs_interpreter: bool
    language: str
    must_be_served: bool
    service: Service | None


@dataclass(frozen=True, slots=True)
class SeatLine:
    """Somebody on the bench."""

    person_id: int
    name: str
    seat: Seat


@dataclass(frozen=True, slots=True)
class Own:
    """A sitting as somebody sees it who is to attend."""

    id: int
    status: Status
    starts_at: datetime
    ends_at: datetime
    mode: Mode
    case_number: str
    sub_row: str
    forum: Forum
    branch_number: int
    court: Mapping[str, str]
    role: PartyRole
    site: Site
    place: Mapping[str, str] | None
    unit: Mapping[str, str] | None
    service: Service | None


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody whom an office or a prison receives for a sitting; nothing of the case."""

    sitting_id: int
    starts_at: datetime
    ends_at: datetime
    status: Status
    name: str
    role: PartyRole
    unit: Mapping[str, str] | None
    needs: Sequence[str]
    needs_interpreter: bool


def whole(first: date, last: date) -> ColumnElement[bool]:
    """Whether a session begins on one of these days, both included."""
    start, end = on_wall(first, time.min), on_wall(last + DAY, time.min)
    return and_(Session.starts_at >= start, Session.starts_at < end)


def _served() -> ColumnElement[bool]:
    return (
        select(Notice.id)
        .where(
            Notice.session_id == Hearing.id,
            Notice.person_id == CaseParty.person_id,
            Notice.date_no == Hearing.date_no,
            or_(Notice.delivered_at.is_not(None), Notice.published_on.is_not(None)),
        )
        .exists()
    )


def _sittings() -> Select[*tuple[Any, ...]]:
    must = CaseParty.role.in_(SERVED)
    told = func.count(case((and_(must, _served()), 1)))
    counted = (
        select(
            Hearing.id,
            func.count(CaseParty.id).label("parts"),
            func.count(case((must, 1))).label("to_serve"),
            told.label("served"),
        )
        .join(HearingPart, HearingPart.hearing_id == Hearing.id, isouter=True)
        .join(CaseParty, CaseParty.id == HearingPart.party_id, isouter=True)
        .group_by(Hearing.id)
        .where(Hearing.id == Session.id)
        .correlate(Session)
        .lateral("counted")
    )
    chief = (
        select((Person.given_name + " " + Person.family_name).label("name"))
        .join(HearingSeat, HearingSeat.person_id == Person.id)
        .where(HearingSeat.hearing_id == Session.id, HearingSeat.seat == Seat.PRESIDING)
        .limit(1)
        .correlate(Session)
        .scalar_subquery()
    )
    return (
        select(
            Hearing.id,
            Hearing.branch_id,
            Hearing.case_id,
            CourtCase.case_number,
            CourtCase.sub_row,
            CourtCase.archive_number,
            CourtCase.subject,
            Hearing.number,
            Session.status,
            Hearing.mode,
            Hearing.closed_reason.is_not(None).label("closed"),
            Session.starts_at,
            Session.ends_at,
            Hearing.minutes,
            counted.c.parts,
            counted.c.to_serve,
            counted.c.served,
            chief.label("judge"),
        )
        .select_from(Session)
        .join(Hearing, Hearing.id == Session.id)
        .join(CourtCase, CourtCase.id == Hearing.case_id)
        .join(counted, counted.c.id == Session.id)
        .order_by(Session.starts_at, Hearing.id)
    )


async def _lines(session: AsyncSession, query: Select[*tuple[Any, ...]]) -> Sequence[SittingLine]:
    rows = await session.execute(query)
    return [SittingLine(**{**row, "status": Status(row["status"])}) for row in rows.mappings()]


async def diary(
    session: AsyncSession, branch_id: int, first: date, last: date
) -> Sequence[SittingLine]:
    """The sittings of a branch from one day to another, both included; not the cancelled ones."""
    mine = Hearing.branch_id == branch_id, Session.status.not_in(CALLED_OFF)
    return await _lines(session, _sittings().where(*mine, whole(first, last)))


async def of_judge(
    session: AsyncSession, person_id: int, first: date, last: date
) -> Sequence[SittingLine]:
    """The sittings on whose bench somebody is, at whichever branch."""
    seats = select(HearingSeat.hearing_id).where(HearingSeat.person_id == person_id)
    mine = Hearing.id.in_(seats), Session.status.not_in(CALLED_OFF)
    return await _lines(session, _sittings().where(*mine, whole(first, last)))


async def of_case(session: AsyncSession, case_id: int) -> Sequence[SittingLine]:
    """Every sitting of a case, cancelled ones too, by date."""
    return await _lines(session, _sittings().where(Hearing.case_id == case_id))


async def waiting(session: AsyncSession, branch_id: int) -> Sequence[SittingLine]:
    """The sittings of a branch for which somebody must do something: displaced or not held."""
    stuck = Session.status.in_((Status.DISPLACED, Status.NOT_HELD))
    return await _lines(session, _sittings().where(Hearing.branch_id == branch_id, stuck))


async def unserved(
    session: AsyncSession, branch_id: int, now: datetime, limit: int = 20
) -> Sequence[SittingLine]:
    """The next provisional sittings of a branch, the soonest first."""
    mine = Hearing.branch_id == branch_id, Session.status == Status.PROVISIONAL
    return await _lines(session, _sittings().where(*mine, Session.starts_at > now).limit(limit))


async def sitting(session: AsyncSession, hearing_id: int) -> SittingLine | None:
    """One sitting."""
    return next(iter(await _lines(session, _sittings().where(Hearing.id == hearing_id))), None)


async def bench(session: AsyncSession, hearing_id: int) -> Sequence[SeatLine]:
    """Who is on the bench of a sitting, the president first."""
    query = (
        select(HearingSeat, Person)
        .join(Person, Person.id == HearingSeat.person_id)
        .where(HearingSeat.hearing_id == hearing_id)
    )
    rows = await session.execute(query)
    found = [SeatLine(person.id, person.name, seat.seat) for seat, person in rows]
    return sorted(found, key=lambda one: (SEATS.index(one.seat), one.person_id))


async def parts(session: AsyncSession, hearing_id: int) -> Sequence[PartLine]:
    """Who is to attend a sitting, from where, and how they are served for its present date."""
    query = (
        select(HearingPart, CaseParty, Person, Unit, Hearing.date_no)
        .join(CaseParty, CaseParty.id == HearingPart.party_id)
        .join(Person, Person.id == CaseParty.person_id)
        .join(Hearing, Hearing.id == HearingPart.hearing_id)
        .join(Unit, Unit.id == HearingPart.unit_id, isouter=True)
        .where(HearingPart.hearing_id == hearing_id)
        .order_by(CaseParty.id)
    )
    rows = (await session.execute(query)).all()
    places = await names(session, {part.place_id for part, *_ in rows if part.place_id})
    dates = {(hearing_id, date_no) for *_, date_no in rows}
    told = await services_of(session, dates)
    return [
        PartLine(
            party.id,
            person.id,
            person.name,
            party.role,
            part.site,
            places.get(part.place_id or 0),
            _named(unit),
            part.agenda,
            party.needs,
            party.needs_interpreter,
            party.language,
            party.role in SERVED,
            told.get((hearing_id, person.id)),
        )
        for part, party, person, unit, _ in rows
    ]


async def services_of(
    session: AsyncSession, dates: Collection[tuple[int, int]]
) -> Mapping[tuple[int, int], Service]:
    """How people were served for these sittings' present dates, by sitting and person.

    Args:
        dates: of each sitting its number and the number of its present date.
    """
    if not dates:
        return {}
    wanted = dict(dates)
    query = select(Notice).where(Notice.session_id.in_(wanted)).order_by(Notice.id.desc())
    # The oldest notice of a date is the one by which somebody was first served for it.
    return {
        (notice.session_id, notice.person_id): of(notice)
        for notice in await session.scalars(query)
        if notice.date_no == wanted[notice.session_id]
    }


async def own(
    session: AsyncSession, person_id: int, now: datetime, *, past: bool = False
) -> Sequence[Own]:
    """The sittings that somebody is to attend and that are not over, or with ``past`` those that are."""  # noqa: E501
    ahead = and_(Session.ends_at > now, Session.status != Status.CANCELLED)
    query = (
        select(Session, Hearing, CourtCase, Branch, CourtComplex, CaseParty, HearingPart, Unit)
        .join(Hearing, Hearing.id == Session.id)
        .join(CourtCase, CourtCase.id == Hearing.case_id)
        .join(Branch, Branch.id == Hearing.branch_id)
        .join(CourtComplex, CourtComplex.id == Branch.complex_id)
        .join(HearingPart, HearingPart.hearing_id == Hearing.id)
        .join(CaseParty, CaseParty.id == HearingPart.party_id)
        .join(Unit, Unit.id == HearingPart.unit_id, isouter=True)
        .where(CaseParty.person_id == person_id, ~ahead if past else ahead)
        .order_by(Session.starts_at.desc() if past else Session.starts_at, Session.id)
        .limit(100)
    )
    rows = (await session.execute(query)).all()
    places = await names(session, {row[6].place_id for row in rows if row[6].place_id})
    told = await services_of(session, {(h.id, h.date_no) for _, h, *_ in rows})
    return [
        Own(
            sat.id,
            Status(sat.status),
            sat.starts_at,
            sat.ends_at,
            hearing.mode,
            case_.case_number,
            case_.sub_row,
            Forum(branch.forum),
            branch.number,
            {"fa": house.name_fa, "en": house.name_en},
            party.role,
            part.site,
            places.get(part.place_id or 0),
            _named(unit),
            told.get((sat.id, person_id)),
        )
        for sat, hearing, case_, branch, house, party, part, unit in rows
    ]


async def at_place(session: AsyncSession, place_id: int, day: date) -> Sequence[Guest]:
    """Whom an office or a prison receives for sittings of a day, by time; nothing of the case."""
    query = (
        select(Session, CaseParty, Person, Unit)
        .join(HearingPart, HearingPart.hearing_id == Session.id)
        .join(CaseParty, CaseParty.id == HearingPart.party_id)
        .join(Person, Person.id == CaseParty.person_id)
        .join(Unit, Unit.id == HearingPart.unit_id, isouter=True)
        .where(
            HearingPart.place_id == place_id,
            whole(day, day),
            Session.status.not_in((Status.CANCELLED, Status.DISPLACED, Status.ADJOURNED)),
        )
        .order_by(Session.starts_at, Session.id, CaseParty.id)
    )
    return [
        Guest(
            sat.id,
            sat.starts_at,
            sat.ends_at,
            Status(sat.status),
            person.name,
            party.role,
            _named(unit),
            party.needs,
            party.needs_interpreter,
        )
        for sat, party, person, unit in (await session.execute(query))
    ]


def _named(unit: Unit | None) -> Mapping[str, str] | None:
    return {"fa": unit.name_fa, "en": unit.name_en} if unit is not None else None
