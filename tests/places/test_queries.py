from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.places import Office, OfficeKind, Province, Unit, UnitKind
from remote_court.places.distance import Point, metres
from remote_court.places.queries import After, offices, province_names

TEHRAN = Point(35.69, 51.39)


def office(code: str, name_fa: str, name_en: str, lat: float, province: str = "23") -> Office:
    return Office(
        code=code,
        name_fa=name_fa,
        name_en=name_en,
        kind=OfficeKind.FIXED,
        province_code=province,
        city_fa="تهران",
        city_en="Tehran",
        address_fa="خیابان آزادی",
        address_en="Azadi St",
        phone="0210000",
        lat=lat,
        lon=51.39,
    )


@pytest.fixture
async def city(session: AsyncSession) -> list[Office]:
    """Three offices of Tehran, from south to north, and one in Isfahan."""
    session.add_all(
        Province(
            code=code,
            name_fa=name,
            name_en=name,
            capital_fa=name,
            capital_en=name,
            population=1,
            lat=35,
            lon=51,
        )
        for code, name in (("23", "Tehran"), ("10", "Isfahan"))
    )
    await session.flush()
    made = [
        office("1", "دفتر كاشاني", "Kashani Office", 35.0),
        office("2", "دفتر یوسف‌آباد", "Yusefabad Office", 35.7),
        office("3", "دفتر ری", "Ray Office", 35.5),
        office("4", "دفتر جلفا", "Jolfa Office", 32.6, "10"),
    ]
    session.add_all(made)
    await session.flush()
    for number, features in enumerate(([], ["step_free"]), start=1):
        session.add(
            Unit(
                kind=UnitKind.ROOM,
                pool_id=made[0].id,
                number=number,
                name_fa="اتاق",
                name_en="Room",
                features=features,
                in_service=True,
            )
        )
    await session.flush()
    return made


@pytest.mark.parametrize("q", ["کاشانی", "كاشاني", "kashani", "KASHANI office", "  کاشانی   دفتر "])
async def test_an_office_is_found_however_its_name_is_typed(
    session: AsyncSession, city: list[Office], q: str
) -> None:
    found = await offices(session, q=q)
    assert [line.id for line in found.items] == [city[0].id]


async def test_a_percent_sign_is_searched_as_it_stands(
    session: AsyncSession, city: list[Office]
) -> None:
    assert (await offices(session, q="%")).items == []


async def test_a_province_lists_its_own_offices_with_their_rooms(
    session: AsyncSession, city: list[Office]
) -> None:
    found = await offices(session, province="23")
    assert [(line.id, line.rooms, line.step_free) for line in found.items] == [
        (city[2].id, 0, False),
        (city[0].id, 2, True),
        (city[1].id, 0, False),
    ]
    assert found.items[0].province("en") == "Tehran"


async def test_an_office_out_of_service_is_not_offered(
    session: AsyncSession, city: list[Office]
) -> None:
    city[1].in_service = False
    await session.flush()
    assert city[1].id not in [line.id for line in (await offices(session)).items]


async def test_the_nearest_office_comes_first_and_says_how_far_it_is(
    session: AsyncSession, city: list[Office]
) -> None:
    found = (await offices(session, near=TEHRAN)).items
    assert [line.code for line in found] == ["2", "3", "1", "4"]
    far = [line.metres for line in found]
    assert far == pytest.approx([metres(TEHRAN, Point(o.lat, o.lon)) for o in found], rel=1e-6)


@pytest.mark.parametrize("near", [None, TEHRAN])
async def test_pages_join_without_a_gap_or_a_repetition(
    session: AsyncSession, city: list[Office], near: Point | None
) -> None:
    whole = [line.id for line in (await offices(session, near=near)).items]
    seen, after = [], None
    for _ in range(4):
        page = await offices(session, near=near, after=after, limit=1)
        seen += [line.id for line in page.items]
        after = page.next
    assert seen == whole
    assert after is None


@pytest.mark.parametrize(("locale", "codes"), [("fa", "4 7 3 5 1 6 2"), ("en", "4 7 6 5 1 3 2")])
async def test_offices_stand_in_the_order_of_a_dictionary_page_by_page(
    session: AsyncSession, city: list[Office], locale: str, codes: str
) -> None:
    more = (
        ("5", "دفتر ژاله", "Jaleh"),
        ("6", "دفتر گرگان", "Gorgan"),
        ("7", "دفتر آزادی", "Azadi"),
    )
    session.add_all(office(code, fa, f"{en} Office", 35.2) for code, fa, en in more)
    for one in city:
        one.city_fa, one.city_en = ("اصفهان", "Esfahan") if one.code == "4" else ("تهران", "Tehran")
    await session.flush()
    seen, after = [], None
    while not seen or after:
        page = await offices(session, after=after, limit=2, locale=locale)
        seen += [line.code for line in page.items]
        after = page.next
    assert seen == codes.split()
    assert (await offices(session, after=After(0, 999_999), locale=locale)).items == []


async def test_provinces_are_named_in_the_order_of_the_language(
    session: AsyncSession, city: list[Office]
) -> None:
    for code, fa, en in (("11", "پارس", "Zed"), ("12", "یزد", "Alef"), ("13", "آذر", "Beh")):
        session.add(
            Province(
                code=code, name_fa=fa, name_en=en, capital_fa=fa, capital_en=en, population=1,
                lat=35, lon=51,
            )
        )  # fmt: skip
    await session.flush()
    fa = [code for code in await province_names(session, "fa") if code in {"11", "12", "13"}]
    en = [code for code in await province_names(session, "en") if code in {"11", "12", "13"}]
    assert (fa, en) == (["13", "11", "12"], ["12", "13", "11"])
