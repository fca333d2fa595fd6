"""Every SELECT of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal, literal_column, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.errors import NotFound
from remote_court.identifiers import FIDA_LEN, FidaCode, NationalId, compact
from remote_court.people.accounts import IdentityVerification, SanaAccount
from remote_court.people.credentials import WebSession
from remote_court.people.grants import STAFF, Grant, Role
from remote_court.people.persons import Person
from remote_court.text import sort_expression

Identifier = NationalId | FidaCode
BY_NAME = ("family_name", "given_name")
FOUND_MOST = 50


def identifier(typed: str) -> Identifier:
    """Read a national ID or a FIDA code by its length.

    Raises:
        BadNationalId: neither.
        BadFidaCode: twelve signs that are no FIDA code.
    """
    return FidaCode(compact(typed)) if len(compact(typed)) == FIDA_LEN else NationalId.parse(typed)


async def person(session: AsyncSession, person_id: int) -> Person:
    """A person by id.

    Raises:
        NotFound: there is none.
    """
    found = await session.get(Person, person_id)
    if found is None:
        raise NotFound
    return found


async def person_by(session: AsyncSession, who: Identifier) -> Person | None:
    """The person with this number."""
    column = Person.fida_code if isinstance(who, FidaCode) else Person.national_id
    return (await session.execute(select(Person).where(column == who.value))).scalar_one_or_none()


async def account(
    session: AsyncSession, person_id: int, *, lock: bool = False
) -> SanaAccount | None:
    """A person's account; locked until the transaction ends when asked."""
    query = select(SanaAccount).where(SanaAccount.person_id == person_id)
    return (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()


async def account_by(session: AsyncSession, who: Identifier) -> SanaAccount | None:
    """The account that signs in with this number."""
    column = Person.fida_code if isinstance(who, FidaCode) else Person.national_id
    query = select(SanaAccount).join(Person, Person.id == SanaAccount.person_id)
    return (await session.execute(query.where(column == who.value))).scalar_one_or_none()


async def verifications(session: AsyncSession, person_id: int) -> Sequence[IdentityVerification]:
    """When and where a person's identity was sighted, the latest first."""
    query = (
        select(IdentityVerification)
        .where(IdentityVerification.person_id == person_id)
        .order_by(IdentityVerification.id.desc())
    )
    return (await session.execute(query)).scalars().all()


async def sessions_open(session: AsyncSession, person_id: int, now: datetime) -> int:
    """In how many browsers a person is signed in."""
    query = select(func.count()).where(
        WebSession.person_id == person_id, WebSession.expires_at > now
    )
    return int((await session.execute(query)).scalar_one())


async def grants(session: AsyncSession, person_id: int) -> Sequence[Grant]:
    """The roles a person holds now."""
    query = (
        select(Grant)
        .where(Grant.person_id == person_id, Grant.revoked_at.is_(None))
        .order_by(Grant.id)
    )
    return (await session.execute(query)).scalars().all()


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A person as the list of staff shows them."""

    person_id: int
    name: str
    roles: tuple[tuple[Role, int | None], ...]


async def staff(
    session: AsyncSession,
    *,
    words: str = "",
    role: Role | None = None,
    after: int = 0,
    limit: int = FOUND_MOST,
) -> Sequence[StaffLine]:
    """Who holds a role of staff, or whoever has this number or these names; ``limit`` and one more.

    By family name and first name, as a Persian dictionary has them; ``after`` is the person with
    whom the last page ended.
    """
    held = (
        select(Grant.person_id, func.array_agg(Grant.role).label("roles"))
        .add_columns(func.array_agg(func.coalesce(Grant.place_id, 0)).label("places"))
        .where(Grant.revoked_at.is_(None), Grant.role.in_([role] if role else list(STAFF)))
        .group_by(Grant.person_id)
        .subquery()
    )
    by_number = compact(words).isdecimal()
    query = select(
        Person.id, Person.given_name, Person.family_name, held.c.roles, held.c.places
    ).join(held, held.c.person_id == Person.id, isouter=by_number)
    if by_number:
        number = compact(words)
        query = query.where(or_(Person.national_id == number, Person.fida_code == number))
    else:
        for word in words.split():
            name = Person.given_name + " " + Person.family_name
            query = query.where(name.contains(word, autoescape=True))
    order: list[ColumnElement[str]] = [
        literal_column(sort_expression(f"person.{name}")) for name in BY_NAME
    ]
    if after:
        # Where the last page ended, as the database itself sorts it.
        ended = select(*order, Person.id).where(Person.id == after)
        if (last := (await session.execute(ended)).one_or_none()) is None:
            return []
        query = query.where(tuple_(*order, Person.id) > tuple_(*map(literal, last)))
    query = query.order_by(*order, Person.id).limit(limit + 1)
    return [
        StaffLine(
            row.id,
            f"{row.given_name} {row.family_name}",
            tuple(
                (Role(r), int(p) or None)
                for r, p in zip(row.roles or (), row.places or (), strict=True)
            ),
        )
        for row in await session.execute(query)
    ]
