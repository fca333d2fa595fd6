"""The listed accounts of the demo: who may be tried, and with which password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, SmallInteger, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, words
from remote_court.people.accounts import SanaAccount
from remote_court.people.grants import Role
from remote_court.people.persons import Person

LISTED_MOST = 50


class DemoAccount(Base):
    """An invented person whose password the demo tells; filled by the seed, empty elsewhere.

    The one-time code is the account's ``demo_code``. ``place_fa`` and ``place_en`` name where
    the role holds, for whoever chooses.
    """

    __tablename__ = "demo_account"
    __table_args__ = (Index("demo_account_ordinal_key", "role", "ordinal", unique=True),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(words(Role, "role"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(SmallInteger)
    password: Mapped[str]
    place_fa: Mapped[str | None]
    place_en: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class DemoLine:
    """One account of the demo's list."""

    person_id: int
    role: Role
    name: str
    national_id: str
    password: str
    otp: str
    place_fa: str | None
    place_en: str | None


async def accounts(
    session: AsyncSession, role: Role | None = None, limit: int = LISTED_MOST
) -> Sequence[DemoLine]:
    """The accounts of a role, or of all roles, in the order of the list."""
    wanted = DemoAccount.role == role if role else true()
    return await _listed(session, wanted, limit)


async def one_of_each(session: AsyncSession) -> Sequence[DemoLine]:
    """The first account of every role, in the order of the roles."""
    found = {line.role: line for line in await _listed(session, DemoAccount.ordinal == 0)}
    return [found[role] for role in Role if role in found]


async def is_listed(session: AsyncSession, person_id: int) -> bool:
    """Whether this person's password is told to everybody."""
    found = select(DemoAccount.person_id).where(DemoAccount.person_id == person_id).limit(1)
    return (await session.execute(found)).first() is not None


async def _listed(
    session: AsyncSession, wanted: ColumnElement[bool], limit: int = LISTED_MOST
) -> Sequence[DemoLine]:
    query = (
        select(
            DemoAccount.person_id,
            DemoAccount.role,
            Person.given_name,
            Person.family_name,
            Person.national_id,
            Person.fida_code,
            DemoAccount.password,
            SanaAccount.demo_code,
            DemoAccount.place_fa,
            DemoAccount.place_en,
        )
        .join(Person, Person.id == DemoAccount.person_id)
        .join(SanaAccount, SanaAccount.person_id == DemoAccount.person_id)
        .where(wanted)
        .order_by(DemoAccount.ordinal, DemoAccount.role)
        .limit(limit)
    )
    return [_line(row) for row in await session.execute(query)]


def _line(row: Any) -> DemoLine:
    return DemoLine(
        person_id=row.person_id,
        role=row.role,
        name=f"{row.given_name} {row.family_name}",
        national_id=row.national_id or row.fida_code,
        password=row.password,
        otp=row.demo_code or "",
        place_fa=row.place_fa,
        place_en=row.place_en,
    )
