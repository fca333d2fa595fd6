"""Registration, identity at the desk, passwords, staff and grants, by their pages."""

from __future__ import annotations

import re

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import select, update

from remote_court.audit import AuditEntry
from remote_court.identifiers import synthetic_national_id
from remote_court.people import AccountStatus, Grant, Person, Role, SanaAccount
from remote_court.places.offices import Office
from remote_court.places.prisons import Prison
from remote_court.places.provinces import Province
from remote_court.server.nav import MENU
from remote_court.server.people.home import HOME

PASSWORD, CODE = "three blue camels", "135790"
NEWCOMER = synthetic_national_id(777)
FORM = {
    "identifier": NEWCOMER,
    "given_name": "زهرا",
    "family_name": "محمدی",
    "gender": "female",
    "born_on": "۱۳۶۰/۰۲/۰۳",
    "mobile": "09123456789",
    "province_code": "23",
}


@pytest.fixture(autouse=True)
async def country(site) -> None:
    where = {"population": 1, "lat": 35.7, "lon": 51.4}
    async with site.database.transaction() as session:
        names = {"name_fa": "تهران", "name_en": "Tehran"}
        capital = {"capital_fa": "تهران", "capital_en": "Tehran"}
        session.add(Province(code="23", **names, **capital, **where))


async def office(site, n: int = 1) -> int:
    spot = {"city_fa": "تهران", "city_en": "Tehran", "lat": 35.7, "lon": 51.4}
    made = Office(
        code=f"11{n}",
        name_fa=f"دفتر {n}",
        name_en=f"Office {n}",
        kind="fixed",
        province_code="23",
        address_fa="خیابان",
        address_en="Street",
        phone="02188776655",
        **spot,
    )
    async with site.database.transaction() as session:
        session.add(made)
    return made.id


async def prison(site) -> int:
    spot = {"city_fa": "تهران", "city_en": "Tehran", "lat": 35.7, "lon": 51.4}
    names = {"name_fa": "زندان", "name_en": "Prison"}
    made = Prison(code="p1", province_code="23", **names, **spot)
    async with site.database.transaction() as session:
        session.add(made)
    return made.id


async def account_of(site, number: str) -> SanaAccount | None:
    query = select(SanaAccount).join(Person).where(Person.national_id == number)
    async with site.database.transaction() as session:
        return (await session.execute(query)).scalar_one_or_none()


async def test_one_registers_oneself_and_waits(client: httpx.AsyncClient, send, site):
    answer = await send(client, "/register", **FORM)
    assert answer.headers["location"] == "/register/done"
    assert (await client.get("/register/done")).status_code == 200
    account = await account_of(site, NEWCOMER)
    assert account.status is AccountStatus.PENDING
    assert account.password_hash is None


async def test_registering_twice_looks_the_same(client, send):
    for _ in range(2):
        answer = await send(client, "/register", **FORM)
        assert answer.headers["location"] == "/register/done"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("identifier", "1234567890"),
        ("given_name", ""),
        ("gender", "other"),
        ("born_on", "1399/13/01"),
        ("born_on", "1405/01/01"),
        ("mobile", "12"),
        ("province_code", "99"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(client, send, site, field, value):
    answer = await send(client, "/register", **FORM | {field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert await account_of(site, NEWCOMER) is None


async def test_a_boy_of_14_may_not_a_girl_of_9_may(client, send):
    boy = await send(client, "/register", **FORM | {"gender": "male", "born_on": "1391/06/01"})
    assert boy.status_code == 422
    girl = await send(client, "/register", **FORM | {"born_on": "1396/01/01"})
    assert girl.status_code == 303


async def test_a_clerk_verifies_and_the_person_chooses_a_password(
    client, send, signed_in, person, site
):
    await send(client, "/register", **FORM)
    here = await office(site)
    desk = await signed_in(await person((Role.OFFICE_CLERK, here), demo=True))
    found = await send(desk, f"/desk/{here}/identity", identifier=NEWCOMER)
    page = found.headers["location"]
    sighted = {"mobile": FORM["mobile"]}
    missing = await send(desk, page, documents=["marriage_deed"], **sighted)
    assert missing.status_code == 422
    sighted["voice"] = "1"
    done = await send(desk, page, documents=["national_card", "marriage_deed"], **sighted)
    temporary = re.search(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b", done.text).group(0)
    assert (await desk.get(page)).status_code == 404
    assert (await account_of(site, NEWCOMER)).status is AccountStatus.ACTIVE
    async with site.database.transaction() as session:
        act = select(AuditEntry).where(AuditEntry.act == "identity.verified")
        entry = (await session.execute(act)).scalar_one()
        told_by = select(Person.reminded_by).where(Person.national_id == NEWCOMER)
        assert await session.scalar(told_by) == "voice"
    assert (entry.place_id, entry.role) == (here, "office_clerk")
    assert entry.detail == {"documents": ["marriage_deed", "national_card"]}
    await send(client, "/sign-in", identifier=NEWCOMER, password=temporary)
    code = re.findall(r">\s*(\d{6})\s*<", (await client.get("/sign-in/code")).text)[0]
    await send(client, "/sign-in/code", code=code)
    assert (await client.get("/account")).headers["location"] == "/password/change"
    new = {"password": "a winter of dates", "again": "a winter of dates"}
    weak = await send(client, "/password/change", present=temporary, password="1", again="1")
    assert weak.status_code == 422
    changed = await send(client, "/password/change", present=temporary, **new)
    assert changed.headers["location"] == "/"
    assert (await client.get("/account")).status_code == 200


async def test_the_clerk_registers_who_cannot_alone(send, signed_in, person, site):
    here = await office(site)
    clerk = await person((Role.OFFICE_CLERK, here), demo=True)
    desk = await signed_in(clerk)
    unknown = await send(desk, f"/desk/{here}/identity", identifier=NEWCOMER)
    assert f"/desk/{here}/identity/register" in unknown.text
    done = await send(desk, f"/desk/{here}/identity/register", **FORM)
    assert re.fullmatch(rf"/desk/{here}/identity/\d+", done.headers["location"])
    async with site.database.transaction() as session:
        act = select(AuditEntry).where(AuditEntry.act == "account.opened")
        assert (await session.execute(act)).scalar_one().actor_id == clerk.id


async def test_no_clerk_verifies_at_anothers_desk(send, signed_in, person, site):
    here, there = await office(site, 1), await office(site, 2)
    desk = await signed_in(await person((Role.OFFICE_CLERK, here), demo=True))
    assert (await desk.get(f"/desk/{there}/identity")).status_code == 404


async def test_a_forgotten_password_is_replaced_by_a_code(client, send, person):
    who = await person()
    await send(client, "/password/forgotten", identifier=who.national_id)
    code = re.findall(r">\s*(\d{6})\s*<", (await client.get("/password/new")).text)[0]
    new = {"password": "a winter of dates", "again": "a winter of dates"}
    differ = await send(client, "/password/new", code=code, password="a winter of dates", again="x")
    assert differ.status_code == 422
    done = await send(client, "/password/new", code=code, **new)
    assert done.headers["location"] == "/sign-in"
    old = await send(client, "/sign-in", identifier=who.national_id, password=PASSWORD)
    assert old.status_code == 422
    fresh = await send(client, "/sign-in", identifier=who.national_id, password=new["password"])
    assert fresh.status_code == 303


async def test_an_unknown_number_gets_the_same_page(client, send):
    answer = await send(client, "/password/forgotten", identifier=NEWCOMER)
    assert answer.headers["location"] == "/password/new"
    new = {"password": "a winter of dates", "again": "a winter of dates"}
    assert (await send(client, "/password/new", code="123456", **new)).status_code == 422


async def test_headquarters_open_an_account_and_give_a_role(send, signed_in, person, site):
    here = await office(site)
    hq = await signed_in(await person((Role.HQ_PLANNER, None), demo=True))
    opened = await send(hq, "/staff/new", **FORM)
    who = re.search(r"/staff/(\d+)", opened.text).group(1)
    asked = await hq.get(f"/staff/{who}/grants/new?role=office_clerk&q=دفتر")
    assert f'value="{here}"' in asked.text
    given = await send(
        hq, f"/staff/{who}/grants/new?role=office_clerk", f"/staff/{who}/grants", place=str(here)
    )
    assert given.headers["location"] == f"/staff/{who}"
    page = (await hq.get(f"/staff/{who}")).text
    grant = re.search(rf"/staff/{who}/grants/(\d+)/revoke", page).group(0)
    assert (await hq.get("/staff?role=office_clerk")).text.count(f"/staff/{who}") == 1
    taken = await send(hq, f"/staff/{who}", grant)
    assert taken.status_code == 303
    async with site.database.transaction() as session:
        assert (await session.execute(select(Grant.revoked_at))).all()[-1][0] is not None


async def test_a_role_holds_at_a_place_of_its_kind(send, signed_in, person, site):
    await office(site)
    behind_bars = await prison(site)
    who = await person()
    hq = await signed_in(await person((Role.HQ_PLANNER, None), demo=True))
    page = f"/staff/{who.id}/grants/new?role=office_clerk"
    answer = await send(hq, page, f"/staff/{who.id}/grants", place=str(behind_bars))
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("by", "role", "status"),
    [
        (Role.HQ_PLANNER, Role.OPERATOR, 403),
        (Role.HQ_PLANNER, Role.HQ_PLANNER, 403),
        (Role.OPERATOR, Role.AUDITOR, 303),
        (Role.OPERATOR, Role.HQ_PLANNER, 303),
        (Role.OPERATOR, Role.FAMILY, 403),
    ],
)
async def test_headquarters_give_no_role_above_a_place(
    send, signed_in, person, by: Role, role: Role, status: int
):
    who = await person()
    granter = await signed_in(await person((by, None), demo=True))
    answer = await send(granter, f"/staff/{who.id}", f"/staff/{who.id}/grants", role=role.value)
    assert answer.status_code == status


async def test_nobody_promotes_themselves(send, signed_in, person):
    me = await person((Role.OPERATOR, None), demo=True)
    mine = await signed_in(me)
    page = f"/staff/{me.id}/grants/new?role=auditor"
    answer = await send(mine, page, f"/staff/{me.id}/grants", role="auditor")
    assert answer.status_code == 403


async def test_headquarters_cannot_become_the_operator(send, signed_in, person):
    operator = await person((Role.OPERATOR, None))
    hq = await signed_in(await person((Role.HQ_PLANNER, None), demo=True))
    for act in ("password", "suspend"):
        answer = await send(hq, f"/staff/{operator.id}", f"/staff/{operator.id}/{act}")
        assert answer.status_code == 403


async def test_staff_are_suspended_restored_and_given_a_password(send, signed_in, person, site):
    clerk = await person((Role.OFFICE_CLERK, 77))
    hq = await signed_in(await person((Role.HQ_PLANNER, None), demo=True))
    page = f"/staff/{clerk.id}"
    assert (await send(hq, page, f"{page}/suspend")).status_code == 303
    assert (await account_of(site, clerk.national_id)).status is AccountStatus.SUSPENDED
    assert (await send(hq, page, f"{page}/restore")).status_code == 303
    given = await send(hq, page, f"{page}/password")
    assert re.search(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b", given.text)
    assert (await account_of(site, clerk.national_id)).must_change_password


async def test_a_suspended_account_is_not_opened_anew(send, signed_in, person, site):
    operator = await person((Role.OPERATOR, None))
    async with site.database.transaction() as session:
        suspended = update(SanaAccount).where(SanaAccount.person_id == operator.id)
        await session.execute(suspended.values(status=AccountStatus.SUSPENDED))
    hq = await signed_in(await person((Role.HQ_PLANNER, None), demo=True))
    again = FORM | {"identifier": operator.national_id}
    assert (await send(hq, "/staff/new", **again)).status_code == 422
    assert (await account_of(site, operator.national_id)).status is AccountStatus.SUSPENDED


async def test_staff_are_found_by_number_without_it_in_the_address(send, signed_in, person):
    who = await person()
    hq = await signed_in(await person((Role.HQ_PLANNER, None), demo=True))
    found = await send(hq, "/staff", "/staff/find", identifier=who.national_id)
    assert found.headers["location"] == f"/staff/{who.id}"
    nobody = await send(hq, "/staff", "/staff/find", identifier=NEWCOMER)
    assert nobody.status_code == 422


PAGES = ["/sign-in", "/register", "/register/done", "/password/forgotten"]
OWN = ["/account", "/password/change", "/account/generator", "/court", "/staff", "/staff/new"]


@pytest.mark.parametrize("locale", ["fa", "en"])
async def test_every_page_is_shown_in_both_languages(client, signed_in, person, site, locale: str):
    me = await person((Role.OPERATOR, None), (Role.JUDGE, 5), demo=True)
    mine = await signed_in(me)
    for browser, pages in ((client, PAGES), (mine, [*OWN, f"/staff/{me.id}"])):
        browser.headers["accept-language"] = locale
        browser.cookies.set("lang", locale, domain="127.0.0.1")
        for page in pages:
            shown = await browser.get(page)
            assert shown.status_code == 200, page
            assert f'<html lang="{locale}"' in shown.text


async def test_letters_come_in_the_chosen_language(send, signed_in, person, site):
    who = await person()
    mine = await signed_in(who)
    answer = await send(mine, "/account", "/account/language", locale="en")
    assert answer.headers["location"] == "/account"
    async with site.database.transaction() as session:
        assert (await session.get(Person, who.id)).locale == "en"
    assert '<html lang="en"' in (await mine.get("/account")).text
    assert (await send(mine, "/account", "/account/language", locale="de")).status_code == 422


def leads_somewhere(app: FastAPI, path: str) -> bool:
    return any(
        context.path_regex.match(path) and "GET" in (context.methods or ())
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute)
    )


@pytest.mark.parametrize("address", sorted(set(HOME.values())))
def test_every_first_page_exists(app: FastAPI, address: str):
    assert leads_somewhere(app, address.format(place=77))


@pytest.mark.parametrize(
    "address", sorted({url for entries in MENU.values() for url, _ in entries})
)
def test_every_entry_of_the_menu_leads_somewhere(app: FastAPI, address: str):
    assert leads_somewhere(app, address.format(place=77))


async def test_one_chooses_to_be_called(person, signed_in, send):
    mine = await signed_in(await person())
    answer = await send(mine, "/account", "/account/channel", channel="voice")
    assert answer.headers["location"] == "/account"
    assert 'value="voice" selected' in (await mine.get("/account")).text
    assert (await send(mine, "/account", "/account/channel", channel="pigeon")).status_code == 422
