"""Open an account by oneself, or with a clerk's help; it waits until identity was verified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import policy
from remote_court.audit import Act, record
from remote_court.clock import local
from remote_court.identifiers import FidaCode, Mobile
from remote_court.people import queries
from remote_court.people.accounts import AccountStatus, SanaAccount
from remote_court.people.actor import Actor
from remote_court.people.persons import Gender, Person
from remote_court.people.queries import Identifier
from remote_court.people.refusals import AlreadyRegistered, TooYoung

MIN_AGE = {Gender.FEMALE: "identity.sana_min_age.girl", Gender.MALE: "identity.sana_min_age.boy"}


@dataclass(frozen=True, slots=True)
class Registration:
    """What somebody says about themselves; believed once the documents were seen."""

    who: Identifier
    given_name: str
    family_name: str
    gender: Gender
    born_on: date
    mobile: Mobile
    province_code: str
    nationality: str = "IR"
    speaks_persian: bool = True
    locale: str = "fa"


async def register(
    session: AsyncSession,
    registration: Registration,
    now: datetime,
    *,
    operator: Actor | None = None,
    office_id: int | None = None,
) -> Person:
    """Open a waiting account for a person, who may be known already, say as a relative.

    What the register knows of a known person stays: who registers has proved nothing yet.

    Args:
        operator: the clerk who types for the person, at ``office_id``.

    Raises:
        TooYoung: younger than the policy's age.
        AlreadyRegistered: there is an account with this number; a page must not say so.
    """
    day = local(now).date()
    rules = await policy.current(session, day)
    least = rules.integer(MIN_AGE[registration.gender])
    known = await queries.person_by(session, registration.who)
    person = known or as_person(registration)
    if person.age_on(day) < least or registration.born_on > day:
        raise TooYoung(where="born_on")
    if known and await queries.account(session, known.id):
        raise AlreadyRegistered
    session.add(person)
    await session.flush()
    session.add(
        SanaAccount(person_id=person.id, status=AccountStatus.PENDING, failures=0, opened_at=now)
    )
    await record(
        session,
        now,
        Act(
            "account.opened",
            "person",
            person.id,
            actor_id=operator.person_id if operator else person.id,
            place_id=office_id,
        ),
    )
    await session.flush()
    return person


def as_person(registration: Registration) -> Person:
    """A person as they describe themselves."""
    who = registration.who
    foreign = isinstance(who, FidaCode)
    return Person(
        national_id=None if foreign else who.value,
        fida_code=who.value if foreign else None,
        given_name=registration.given_name,
        family_name=registration.family_name,
        gender=registration.gender,
        born_on=registration.born_on,
        mobile=registration.mobile.value,
        province_code=registration.province_code,
        nationality=registration.nationality,
        speaks_persian=registration.speaks_persian,
        locale=registration.locale,
    )
