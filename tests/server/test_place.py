"""Staff whose roles hold at several places choose where they work."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from remote_court.people import Actor, Person, Role
from remote_court.places import Office, OfficeKind, Prison
from remote_court.server import place
from tests.world import grant, make_world

CLERK = Actor(1, "x", grants=frozenset({(Role.OFFICE_CLERK, 5), (Role.OFFICE_CLERK, 9)}))


@pytest.mark.parametrize(
    ("path", "cookie", "where"),
    [
        ("/inbox", "", 5),
        ("/inbox", "9", 9),
        ("/inbox", "7", 5),
        ("/inbox", "x", 5),
        ("/desk/9/rooms", "5", 9),
        ("/offices/9/manage", "", 9),
        ("/desk/7", "9", 9),
        ("/desk/9x", "", 5),
        ("/prisons/9", "", 5),
    ],
)
def test_the_address_goes_before_the_remembered_choice(path, cookie, where):
    assert place.current(CLERK, "office", path, {"rc_office": cookie}) == where


def test_who_works_at_no_place_is_nowhere():
    assert place.here(None, "/", {}) == {}
    nowhere = dict.fromkeys(("office", "prison", "branch"))
    assert place.here(Actor(1, "x"), "/desk/5", {}) == nowhere


@dataclass
class Places:
    """Ids of places, and who works there."""

    office: int
    office_2: int
    prison: int
    prison_2: int
    clerk: Person = field(init=False)
    officer: Person = field(init=False)
    other: Person = field(init=False)


@pytest_asyncio.fixture
async def two(site, database):
    """Two offices and two prisons; the second of each stands first by name."""
    async with database.transaction() as session:
        world = await make_world(session)
        office = Office(
            code="11002", name_fa="دفتر آب‌انبار", name_en="Ab-Anbar office",
            kind=OfficeKind.FIXED, province_code="11", city_fa="زاهدان", city_en="Zahedan",
            address_fa="میدان", address_en="Square", phone="+985433220001", lat=29.5, lon=60.86,
        )  # fmt: skip
        prison = Prison(
            code="P11-1", name_fa="زندان زاهدان", name_en="Zahedan prison", province_code="11",
            city_fa="زاهدان", city_en="Zahedan", lat=29.5, lon=60.86,
        )  # fmt: skip
        session.add_all([office, prison])
        await session.flush()
        places = Places(world.office.id, office.id, world.prison.id, prison.id)
        places.clerk, places.officer, places.other = [
            await world.person("نگار", "تهرانی") for _ in range(3)
        ]
        for person, role, at in (
            (places.clerk, Role.OFFICE_CLERK, (places.office, places.office_2)),
            (places.officer, Role.PRISON_OFFICER, (places.prison, places.prison_2)),
            (places.other, Role.OFFICE_CLERK, (places.office,)),
        ):
            for where in at:
                await grant(session, person, role, where)
        return places


def options(page: str, kind: str) -> list[tuple[str, bool]]:
    """The offered places of a kind in order, each with whether it is the present one."""
    form = re.search(rf'id="place-{kind}".*?</select>', page, re.DOTALL)
    found = re.findall(r'<option value="\d+"( selected)?>([^<]+)<', form[0]) if form else []
    return [(name, bool(chosen)) for chosen, name in found]


async def test_a_clerk_of_two_offices_goes_from_one_to_the_other(two, signed_in):
    clerk = await signed_in(two.clerk)
    first = (await clerk.get(f"/desk/{two.office}")).text
    assert options(first, "office") == [("دفتر آب‌انبار", False), ("دفتر آزادی", True)]
    went = await clerk.get(f"/place?to={two.office_2}")
    assert (went.status_code, went.headers["location"]) == (303, f"/desk/{two.office_2}")
    assert (await clerk.get("/")).headers["location"] == f"/desk/{two.office_2}"
    inbox = (await clerk.get("/inbox")).text
    assert options(inbox, "office") == [("دفتر آب‌انبار", True), ("دفتر آزادی", False)]
    assert f'href="/desk/{two.office_2}/rooms"' in inbox
    assert f'href="/desk/{two.office}/' not in inbox


async def test_an_officer_of_two_prisons_has_the_same_choice(two, signed_in):
    officer = await signed_in(two.officer)
    officer.cookies.set("lang", "en", domain="127.0.0.1")
    went = await officer.get(f"/place?to={two.prison_2}")
    assert went.headers["location"] == f"/prisons/{two.prison_2}"
    shown = (await officer.get(f"/prisons/{two.prison_2}")).text
    assert options(shown, "prison") == [("Tehran prison", False), ("Zahedan prison", True)]


async def test_nobody_goes_where_no_role_of_theirs_holds(two, signed_in):
    clerk = await signed_in(two.other)
    assert (await clerk.get(f"/place?to={two.office_2}")).status_code == 404
    assert (await clerk.get(f"/place?to={two.prison}")).status_code == 404
    assert "place-office" not in (await clerk.get(f"/desk/{two.office}")).text
    assert "rc_office" not in clerk.cookies
