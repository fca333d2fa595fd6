"""The names of everything in a sitting, for whom it concerns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.hearings.door import Opened, look
from remote_court.hearings.forums import Forum
from remote_court.hearings.models import CaseParty, CourtCase, HearingPart, HearingSeat
from remote_court.hearings.roles import PartyRole
from remote_court.people import Person
from remote_court.places import Branch, CourtComplex, Office, Prison, Unit


@dataclass(frozen=True, slots=True)
class PartView:
    """Somebody who attends, as what and from where; names by language."""

    part: HearingPart
    person_id: int
    name: str
    role: PartyRole
    place: Mapping[str, str] | None
    room: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class SittingView:
    """A sitting with the names of everything in it; ``people`` have a part in its case now."""

    opened: Opened
    case_number: str
    sub_row: str
    forum: Forum
    branch_number: int
    complex: Mapping[str, str]
    bench: tuple[tuple[HearingSeat, str], ...]
    parts: tuple[PartView, ...]
    people: frozenset[int]


async def sitting(session: AsyncSession, hearing_id: int) -> SittingView:
    """One sitting.

    Raises:
        NotFound: there is none by this id.
    """
    opened = await look(session, hearing_id)
    query = (
        select(CourtCase, Branch, CourtComplex)
        .join(Branch, Branch.id == CourtCase.branch_id)
        .join(CourtComplex, CourtComplex.id == Branch.complex_id)
        .where(CourtCase.id == opened.hearing.case_id)
    )
    case, branch, complex_ = (await session.execute(query)).one()
    people = select(CaseParty.person_id).where(
        CaseParty.case_id == case.id, CaseParty.left_at.is_(None)
    )
    names = await person_names(session, [one.person_id for one in opened.seats])
    return SittingView(
        opened=opened,
        case_number=case.case_number,
        sub_row=case.sub_row,
        forum=opened.hearing.forum,
        branch_number=branch.number,
        complex={"fa": complex_.name_fa, "en": complex_.name_en},
        bench=tuple((one, names[one.person_id]) for one in opened.seats),
        parts=tuple(await _parts(session, opened)),
        people=frozenset(await session.scalars(people)),
    )


async def _parts(session: AsyncSession, opened: Opened) -> list[PartView]:
    ids = [part.party_id for part in opened.parts]
    query = select(CaseParty, Person).join(Person, Person.id == CaseParty.person_id)
    rows = await session.execute(query.where(CaseParty.id.in_(ids)))
    parties = {party.id: (party, person) for party, person in rows}
    places = await place_names(session, opened.places)
    units = [part.unit_id for part in opened.parts if part.unit_id is not None]
    rooms = {
        unit.id: {"fa": unit.name_fa, "en": unit.name_en}
        for unit in await session.scalars(select(Unit).where(Unit.id.in_(units)))
    }
    found = []
    for part in opened.parts:
        party, person = parties[part.party_id]
        place, room = places.get(part.place_id or 0), rooms.get(part.unit_id or 0)
        found.append(PartView(part, person.id, person.name, party.role, place, room))
    return found


async def place_names(
    session: AsyncSession, ids: Collection[int]
) -> Mapping[int, Mapping[str, str]]:
    """The names of offices and prisons."""
    found: dict[int, Mapping[str, str]] = {}
    for kind in (Office, Prison):
        query = select(kind.id, kind.name_fa, kind.name_en).where(kind.id.in_(ids))
        for row in await session.execute(query):
            found[row.id] = {"fa": row.name_fa, "en": row.name_en}
    return found


async def person_names(session: AsyncSession, ids: Collection[int]) -> Mapping[int, str]:
    """The names of people."""
    people = await session.scalars(select(Person).where(Person.id.in_(ids)))
    return {person.id: person.name for person in people}
