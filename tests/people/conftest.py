"""Somebody with an account, in a database of the test's own."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from datetime import date, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.identifiers import synthetic_national_id
from remote_court.people import AccountStatus, Gender, Grant, Person, Role, SanaAccount

Make = Callable[..., Awaitable[Person]]


@pytest.fixture
def person(session: AsyncSession, noon: datetime) -> Make:
    numbers = itertools.count(1)

    async def make(*grants: tuple[Role, int | None], **account: object) -> Person:
        made = Person(
            national_id=synthetic_national_id(next(numbers)),
            given_name="مریم",
            family_name="رضایی",
            gender=Gender.FEMALE,
            born_on=date(1980, 5, 1),
            mobile="+989120000001",
            province_code="23",
            nationality="IR",
        )
        session.add(made)
        await session.flush()
        values = {"status": AccountStatus.ACTIVE, "failures": 0, "opened_at": noon} | account
        session.add(SanaAccount(person_id=made.id, **values))
        for role, place in grants:
            session.add(Grant(person_id=made.id, role=role, place_id=place, granted_at=noon))
        await session.flush()
        return made

    return make
