"""Every SELECT of the pages on cases, parties and officials."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from remote_court.hearings.forums import Forum
from remote_court.hearings.models import CaseParty, CourtCase, Hearing, Representation
from remote_court.hearings.officials import Official, OfficialKind
from remote_court.hearings.status import AHEAD
from remote_court.identifiers import FIDA_LEN, NATIONAL_ID_LEN, compact
from remote_court.people import Grant, Person, Role
from remote_court.people.inmates import Inmate
from remote_court.places import Office, Prison
from remote_court.places.courts import Branch, CourtComplex
from remote_court.scheduling.models import Session
from remote_court.text import normalise

# Arabic letters that old records use, beside the Persian ones that keyboards write.
JUDGES_MOST = 12
ARABIC, PERSIAN = "يكةۀ", "یکهه"


@dataclass(frozen=True, slots=True)
class BranchLine:
    """A branch as pages name it."""

    id: int
    forum: Forum
    number: int
    province_code: str
    complex: Mapping[str, str]
    city: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as lists show it; ``next_at`` is when its next sitting begins, if one is listed."""

    id: int
    case_number: str
    sub_row: str
    archive_number: str | None
    subject: str
    sensitive: bool
    custody: bool
    parties: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class PartyLine:
    """Somebody's part in a case, with who they are and where they are held."""

    party: CaseParty
    person: Person
    prison: Mapping[str, str] | None
    offices: Sequence[Mapping[str, str]]
    speaks_for: Sequence[Spoken] = ()

    @property
    def id(self) -> int:
        """The part's number."""
        return self.party.id


@dataclass(frozen=True, slots=True)
class Spoken:
    """For whom somebody speaks, and by which paper."""

    id: int
    client_id: int
    client: str
    paper: str


async def branch(session: AsyncSession, branch_id: int) -> BranchLine | None:
    """A branch with the names of its building."""
    return next(iter((await branches(session, [branch_id])).values()), None)


async def branches(session: AsyncSession, ids: Collection[int]) -> Mapping[int, BranchLine]:
    """Branches by their ids."""
    query = (
        select(Branch, CourtComplex)
        .join(CourtComplex, CourtComplex.id == Branch.complex_id)
        .where(Branch.id.in_(ids))
        .order_by(Branch.id)
    )
    return {
        here.id: BranchLine(
            here.id,
            Forum(here.forum),
            here.number,
            house.province_code,
            {"fa": house.name_fa, "en": house.name_en},
            {"fa": house.city_fa, "en": house.city_en},
        )
        for here, house in (await session.execute(query))
    }


async def judges(session: AsyncSession, branch_id: int) -> Sequence[tuple[int, str, bool]]:
    """The judges of a branch's building: id, name, whether they sit at this branch; those first."""
    house = select(Branch.complex_id).where(Branch.id == branch_id).scalar_subquery()
    here = func.bool_or(Grant.place_id == branch_id)
    query = (
        select(Person.id, (Person.given_name + " " + Person.family_name).label("name"), here)
        .join(Grant, Grant.person_id == Person.id)
        .join(Branch, Branch.id == Grant.place_id)
        .where(Grant.role == Role.JUDGE, Grant.revoked_at.is_(None), Branch.complex_id == house)
        .group_by(Person.id)
        .order_by(here.desc(), Person.id)
        .limit(JUDGES_MOST)
    )
    return [(row[0], row[1], row[2]) for row in await session.execute(query)]


async def cases(
    session: AsyncSession,
    branch_id: int,
    words: str = "",
    *,
    after: int | None = None,
    limit: int = 50,
) -> Sequence[CaseLine]:
    """Cases of a branch whose number, subject or parties have these words, the newest first.

    Gives one more than ``limit`` when there are more.
    """
    query = _lines().where(CourtCase.branch_id == branch_id)
    for word in normalise(words).split():
        query = query.where(_matches(word))
    if after:
        query = query.where(CourtCase.id < after)
    rows = await session.execute(query.order_by(CourtCase.id.desc()).limit(limit + 1))
    return [CaseLine(*row) for row in rows]


def _lines() -> Select[*tuple[Any, ...]]:
    parties = (
        select(func.count())
        .where(CaseParty.case_id == CourtCase.id, CaseParty.left_at.is_(None))
        .scalar_subquery()
    )
    coming = (
        select(func.min(Session.starts_at))
        .join(Hearing, Hearing.id == Session.id)
        .where(Hearing.case_id == CourtCase.id, Session.status.in_(AHEAD))
        .scalar_subquery()
    )
    return select(
        CourtCase.id,
        CourtCase.case_number,
        CourtCase.sub_row,
        CourtCase.archive_number,
        CourtCase.subject,
        CourtCase.sensitive,
        CourtCase.custody,
        parties,
        coming,
    )


def _matches(word: str) -> ColumnElement[bool]:
    bare = compact(word)
    who = select(CaseParty.id).join(Person, Person.id == CaseParty.person_id)
    who = who.where(CaseParty.case_id == CourtCase.id)
    if bare.isdecimal() and len(bare) in {NATIONAL_ID_LEN, FIDA_LEN}:
        has = (Person.national_id == bare) | (Person.fida_code == bare)
        return or_(CourtCase.case_number.contains(bare), who.where(has).exists())
    name = plain(Person.given_name + " " + Person.family_name)
    return or_(
        CourtCase.case_number.contains(bare or word, autoescape=True),
        CourtCase.archive_number.contains(bare or word, autoescape=True),
        plain(CourtCase.subject).contains(word, autoescape=True),
        who.where(name.contains(word, autoescape=True)).exists(),
    )


def plain(column: Any) -> ColumnElement[str]:
    """A Persian text without joiners, in the letters that keyboards write."""
    return func.replace(func.lower(func.translate(column, ARABIC, PERSIAN)), "\u200c", "")


async def parties(
    session: AsyncSession, case_id: int, *, left: bool = False
) -> Sequence[PartyLine]:
    """Who has a part in a case now, or with ``left`` who had one, in the order of entry."""
    query = (
        select(CaseParty, Person, Prison)
        .join(Person, Person.id == CaseParty.person_id)
        .join(Inmate, Inmate.person_id == Person.id, isouter=True)
        .join(Prison, Prison.id == Inmate.prison_id, isouter=True)
        .where(CaseParty.case_id == case_id, CaseParty.left_at.is_not(None) == left)
        .order_by(CaseParty.id)
    )
    found = (await session.execute(query)).all()
    rows: Sequence[tuple[CaseParty, Person, Prison | None]] = found
    offices = await office_names(session, {o for party, _, _ in rows for o in party.office_ids})
    spoken = await speaking(session, case_id)
    return [
        PartyLine(
            party,
            person,
            {"fa": prison.name_fa, "en": prison.name_en} if prison is not None else None,
            [offices[o] for o in party.office_ids if o in offices],
            spoken.get(party.id, ()),
        )
        for party, person, prison in rows
    ]


async def office_names(
    session: AsyncSession, ids: Collection[int]
) -> Mapping[int, Mapping[str, str]]:
    """What offices are called, with their city, by id."""
    if not ids:
        return {}
    rows = await session.scalars(select(Office).where(Office.id.in_(ids)))
    return {
        o.id: {
            "fa": f"{o.name_fa}، {o.city_fa}",
            "en": f"{o.name_en}, {o.city_en}",
            "code": o.code,
        }
        for o in rows
    }


async def speaking(session: AsyncSession, case_id: int) -> Mapping[int, Sequence[Spoken]]:
    """Who speaks for whom in a case now, by the speaker's part."""
    client = aliased(CaseParty)
    query = (
        select(Representation, client.id, Person)
        .join(client, client.id == Representation.client_id)
        .join(Person, Person.id == client.person_id)
        .where(client.case_id == case_id, Representation.ended_at.is_(None))
        .order_by(Representation.id)
    )
    found: dict[int, list[Spoken]] = {}
    for given, client_id, person in await session.execute(query):
        said = Spoken(given.id, client_id, person.name, given.paper)
        found.setdefault(given.speaker_id, []).append(said)
    return found


async def codes_of(session: AsyncSession, codes: Collection[str]) -> Mapping[str, int]:
    """Offices in service by their codes."""
    query = select(Office.code, Office.id).where(Office.code.in_(codes), Office.in_service)
    return dict((await session.execute(query)).all())


@dataclass(frozen=True, slots=True)
class OfficialLine:
    """A licence and who holds it."""

    official: Official
    name: str


async def officials(
    session: AsyncSession,
    *,
    kind: OfficialKind | None = None,
    words: str = "",
    on: date | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Sequence[OfficialLine]:
    """Licences of a kind whose holder, number, language or field has these words, newest first.

    Args:
        kind: of which kind; none: of all.
        words: what must all be found.
        on: only those that are valid on this day.
        after: the licence with which the last page ended.
        limit: one more is given when there are more.
    """
    query = select(Official, Person).join(Person, Person.id == Official.person_id)
    if kind is not None:
        query = query.where(Official.kind == kind)
    if on is not None:
        query = query.where(or_(Official.valid_to.is_(None), Official.valid_to >= on))
    for word in normalise(words).split():
        name = plain(Person.given_name + " " + Person.family_name)
        query = query.where(
            or_(
                name.contains(word, autoescape=True),
                plain(Official.licence).contains(word, autoescape=True),
                Official.languages.contains([word]),
                plain(func.array_to_string(Official.fields, " ")).contains(word, autoescape=True),
            )
        )
    if after:
        query = query.where(Official.id < after)
    rows = await session.execute(query.order_by(Official.id.desc()).limit(limit + 1))
    return [OfficialLine(official, person.name) for official, person in rows]
