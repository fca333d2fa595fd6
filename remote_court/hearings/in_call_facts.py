"""What the rules of a hearing's call look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.interval import Interval
from remote_court.errors import NotFound
from remote_court.hearings.cast import PART_OF, Cast
from remote_court.hearings.forums import Forum
from remote_court.hearings.models import (
    CaseParty,
    CourtCase,
    Hearing,
    HearingPart,
    HearingSeat,
    Representation,
)
from remote_court.hearings.roles import PartyRole, Seat, Site
from remote_court.hearings.status import Status
from remote_court.people import Person
from remote_court.places import Branch, CourtComplex
from remote_court.scheduling.models import Reservation, Session


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody who is to attend; ``place_id`` and ``unit_id`` say where from."""

    party_id: int
    person_id: int
    name: str
    role: PartyRole
    site: Site
    place_id: int | None
    unit_id: int | None

    @property
    def cast(self) -> Cast:
        """As what they enter."""
        return PART_OF[self.role]


@dataclass(frozen=True, slots=True)
class HearingFacts:
    """A hearing, as far as its call cares. ``seats`` keep the order in which they were listed."""

    id: int
    status: Status
    told: Interval
    reserved_until: datetime
    date_no: int
    forum: Forum
    grave: bool
    closed_reason: str | None
    branch_id: int
    branch_number: int
    complex_names: Mapping[str, str]
    province_code: str
    seats: Mapping[int, Seat]
    judges: Mapping[int, str]
    parts: Sequence[Part]
    speaks_for: frozenset[tuple[int, int]]

    def part(self, person_id: int) -> Part | None:
        """What somebody attends as."""
        return next((part for part in self.parts if part.person_id == person_id), None)

    @property
    def places(self) -> frozenset[int]:
        """Offices and prisons that take part."""
        return frozenset(part.place_id for part in self.parts if part.place_id is not None)

    @property
    def doors_open(self) -> bool:
        """Whether the public may watch."""
        return self.closed_reason is None


async def load(session: AsyncSession, hearing_id: int) -> HearingFacts:
    """Load a hearing for its call.

    Raises:
        NotFound: no such hearing.
    """
    until = (
        select(func.max(func.upper(Reservation.during)))
        .where(Reservation.session_id == hearing_id)
        .scalar_subquery()
    )
    query = (
        select(Hearing, Session, CourtCase.grave, Branch, CourtComplex, until)
        .join(Session, Session.id == Hearing.id)
        .join(CourtCase, CourtCase.id == Hearing.case_id)
        .join(Branch, Branch.id == Hearing.branch_id)
        .join(CourtComplex, CourtComplex.id == Branch.complex_id)
        .where(Hearing.id == hearing_id)
        .execution_options(populate_existing=True)
    )
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise NotFound
    hearing, told, grave, branch, building, reserved_until = found
    bench = await bench_of(session, hearing_id)
    return HearingFacts(
        id=hearing.id,
        status=Status(told.status),
        told=Interval(told.starts_at, told.ends_at),
        reserved_until=max(reserved_until or told.ends_at, told.ends_at),
        date_no=hearing.date_no,
        forum=hearing.forum,
        grave=grave,
        closed_reason=hearing.closed_reason,
        branch_id=branch.id,
        branch_number=branch.number,
        complex_names={"fa": building.name_fa, "en": building.name_en},
        province_code=building.province_code,
        seats={person.id: seat for person, seat in bench},
        judges={person.id: person.name for person, _ in bench},
        parts=await parts_of(session, hearing_id),
        speaks_for=await speaking(session, hearing.case_id),
    )


async def bench_of(session: AsyncSession, hearing_id: int) -> Sequence[tuple[Person, Seat]]:
    """The bench, the president first."""
    query = (
        select(Person, HearingSeat.seat)
        .join(HearingSeat, HearingSeat.person_id == Person.id)
        .where(HearingSeat.hearing_id == hearing_id)
    )
    rows = [(person, Seat(seat)) for person, seat in await session.execute(query)]
    return sorted(rows, key=lambda row: (list(Seat).index(row[1]), row[0].id))


async def parts_of(session: AsyncSession, hearing_id: int) -> Sequence[Part]:
    """Everybody who is to attend, in the order in which they joined the case."""
    query = (
        select(HearingPart, CaseParty, Person)
        .join(CaseParty, CaseParty.id == HearingPart.party_id)
        .join(Person, Person.id == CaseParty.person_id)
        .where(HearingPart.hearing_id == hearing_id)
        .order_by(CaseParty.id)
    )
    return [
        Part(
            party_id=party.id,
            person_id=person.id,
            name=person.name,
            role=party.role,
            site=part.site,
            place_id=part.place_id,
            unit_id=part.unit_id,
        )
        for part, party, person in await session.execute(query)
    ]


async def speaking(session: AsyncSession, case_id: int) -> frozenset[tuple[int, int]]:
    """Who speaks for whom in a case now, as pairs of parties."""
    query = (
        select(Representation.speaker_id, Representation.client_id)
        .join(CaseParty, CaseParty.id == Representation.speaker_id)
        .where(CaseParty.case_id == case_id, Representation.ended_at.is_(None))
    )
    return frozenset((speaker, client) for speaker, client in await session.execute(query))
