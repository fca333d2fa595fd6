"""A small country for tests: one office, one prison, a mother, her son, and who works there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import policy
from remote_court.identifiers import synthetic_national_id
from remote_court.people import AccountStatus, Actor, Gender, Grant, Person, Role, SanaAccount
from remote_court.people.inmates import Inmate, InmateStatus
from remote_court.places import (
    Audience,
    Office,
    OfficeKind,
    Prison,
    Province,
    Unit,
    UnitKind,
    WeeklyHours,
)
from remote_court.visits.kinships import Kinship, KinshipKind

LONG_AGO = datetime(2025, 3, 21, tzinfo=UTC)
NOON = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
"""An ordinary Tuesday noon in Tehran: 1405/09/03."""
FREE_START = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)
"""Sunday 1405/09/08, 09:30 in Tehran: inside the booking window and everybody's hours."""


@dataclass
class World:
    """Ids of everything made; actors ready to act."""

    session: AsyncSession
    office: Office
    prison: Prison
    rooms: list[Unit]
    booths: list[Unit]
    inmate: Person
    mother: Person
    clerk: Actor
    manager: Actor
    officer: Actor
    number: int = field(default=100)

    def actor(self, person: Person) -> Actor:
        """The person as a family member who is signed in."""
        return Actor(person.id, person.name, "fa", frozenset({(Role.FAMILY, None)}))

    async def person(
        self,
        given: str = "زهرا",
        family: str = "رضایی",
        gender: Gender = Gender.FEMALE,
        **more: object,
    ) -> Person:
        """One more person with an active account."""
        self.number += 1
        return await make_person(self.session, self.number, given, family, gender, **more)

    async def relative(
        self,
        kind: KinshipKind = KinshipKind.SIBLING,
        *,
        inmate: Person | None = None,
        **more: object,
    ) -> Person:
        """One more person on the visitor list, proven."""
        person = await self.person(**more)  # type: ignore[arg-type]
        await self.tie(person, kind, inmate=inmate)
        return person

    async def tie(
        self,
        person: Person,
        kind: KinshipKind,
        *,
        inmate: Person | None = None,
        sighted: bool = True,
    ) -> Kinship:
        """Put a person on an inmate's visitor list."""
        kinship = Kinship(
            inmate_id=(inmate or self.inmate).id,
            visitor_id=person.id,
            kind=kind,
            evidence="birth_certificate" if sighted else None,
            claimed_at=LONG_AGO,
            sighted_by=self.clerk.person_id if sighted else None,
            sighted_at=LONG_AGO if sighted else None,
            sighted_place_id=self.office.id,
        )
        self.session.add(kinship)
        await self.session.flush()
        return kinship

    async def another_inmate(self) -> Person:
        """One more prisoner of the same prison."""
        person = await self.person("حسین", "کریمی", Gender.MALE)
        await make_inmate(self.session, person, self.prison)
        return person

    async def staff(self, role: Role, place_id: int | None) -> Actor:
        """One more member of staff with a role at a place."""
        person = await self.person("سعید", "موسوی", Gender.MALE)
        return await grant(self.session, person, role, place_id)


async def make_person(
    session: AsyncSession, number: int, given: str, family: str, gender: Gender, **more: object
) -> Person:
    values: dict[str, object] = {
        "national_id": synthetic_national_id(number),
        "born_on": date(1970, 5, 5),
        "mobile": f"+98912000{number:04}",
        "province_code": "11",
    }
    person = Person(given_name=given, family_name=family, gender=gender, **(values | more))
    session.add(person)
    await session.flush()
    session.add(
        SanaAccount(
            person_id=person.id,
            status=AccountStatus.ACTIVE,
            opened_at=LONG_AGO,
            activated_at=LONG_AGO,
            demo_code="123456",
        )
    )
    await session.flush()
    return person


async def grant(session: AsyncSession, person: Person, role: Role, place_id: int | None) -> Actor:
    session.add(Grant(person_id=person.id, role=role, place_id=place_id, granted_at=LONG_AGO))
    await session.flush()
    return Actor(person.id, person.name, "fa", frozenset({(role, place_id), (Role.FAMILY, None)}))


async def make_inmate(session: AsyncSession, person: Person, prison: Prison) -> None:
    session.add(
        Inmate(
            person_id=person.id,
            prison_id=prison.id,
            number=f"T-{person.id}",
            ward="3",
            status=InmateStatus.HELD,
            on_remand=False,
            status_since=LONG_AGO,
        )
    )
    await session.flush()


async def make_world(session: AsyncSession, *, rooms: int = 2, booths: int = 2) -> World:
    """Make the small country in the caller's transaction."""
    await policy.seed_defaults(session, now=LONG_AGO)
    session.add_all(
        [
            Province(
                code=code, name_fa=fa, name_en=en, capital_fa=fa, capital_en=en,
                population=1, lat=30.0, lon=55.0,
            )
            for code, fa, en in (
                ("11", "سیستان و بلوچستان", "Sistan and Baluchestan"),
                ("23", "تهران", "Tehran"),
            )
        ]
    )  # fmt: skip
    await session.flush()
    office = Office(
        code="11001", name_fa="دفتر آزادی", name_en="Azadi office", kind=OfficeKind.FIXED,
        province_code="11", city_fa="زاهدان", city_en="Zahedan", address_fa="خیابان آزادی، پلاک ۱۲",
        address_en="12 Azadi St", phone="+985433220000", lat=29.5, lon=60.86,
    )  # fmt: skip
    prison = Prison(
        code="P23-1", name_fa="ندامتگاه تهران", name_en="Tehran prison", province_code="23",
        city_fa="تهران", city_en="Tehran", lat=35.69, lon=51.39,
    )  # fmt: skip
    session.add_all([office, prison])
    await session.flush()
    made_rooms = [
        unit(UnitKind.ROOM, office.id, n, ["step_free"] if n == rooms else [])
        for n in range(1, rooms + 1)
    ]
    made_booths = [unit(UnitKind.BOOTH, prison.id, n, []) for n in range(1, booths + 1)]
    session.add_all([*made_rooms, *made_booths])
    for place in (office.id, prison.id):
        for weekday in range(6):
            session.add(
                WeeklyHours(
                    place_id=place, weekday=weekday, opens=time(7, 30), closes=time(14),
                    audience=Audience.ANYONE, valid_from=date(2025, 3, 21),
                )
            )  # fmt: skip
    await session.flush()
    people = [
        await make_person(session, n, given, family, gender)
        for n, (given, family, gender) in enumerate(
            [
                ("علی‌رضا", "گلپایگانی", Gender.MALE),
                ("مریم", "کریمی‌نژاد", Gender.FEMALE),
                ("نرگس", "احمدی", Gender.FEMALE),
                ("رضا", "نوری", Gender.MALE),
                ("حمید", "صالحی", Gender.MALE),
            ]
        )
    ]
    inmate, mother, clerk, manager, officer = people
    await make_inmate(session, inmate, prison)
    world = World(
        session=session,
        office=office,
        prison=prison,
        rooms=made_rooms,
        booths=made_booths,
        inmate=inmate,
        mother=mother,
        clerk=await grant(session, clerk, Role.OFFICE_CLERK, office.id),
        manager=await grant(session, manager, Role.OFFICE_MANAGER, office.id),
        officer=await grant(session, officer, Role.PRISON_OFFICER, prison.id),
    )
    await world.tie(mother, KinshipKind.MOTHER)
    return world


def unit(kind: UnitKind, pool_id: int, number: int, features: list[str]) -> Unit:
    word_fa, word_en = ("اتاق", "Room") if kind is UnitKind.ROOM else ("کابین", "Booth")
    return Unit(
        kind=kind,
        pool_id=pool_id,
        number=number,
        name_fa=f"{word_fa} {number}",
        name_en=f"{word_en} {number}",
        features=features,
        in_service=True,
    )
