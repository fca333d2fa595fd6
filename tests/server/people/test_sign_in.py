"""Signing in by the pages: two questions, one answer for whatever is wrong, locks that last."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import httpx
import pyotp
import pytest
from sqlalchemy import func, select

from remote_court.audit import AuditEntry
from remote_court.config import Settings
from remote_court.db import Database
from remote_court.identifiers import synthetic_national_id
from remote_court.outbox import OutboxRow
from remote_court.people import Role, SanaAccount
from remote_court.people.credentials import WebSession
from remote_court.people.demo import DemoAccount
from remote_court.server.app import create_app
from remote_court.server.site import Site

PASSWORD, CODE = "three blue camels", "135790"
UNKNOWN = synthetic_national_id(9999)
REFUSED = "These do not match."


async def enter(client: httpx.AsyncClient, send, who, password: str = PASSWORD, **more):
    fields = {"identifier": who.national_id, "password": password} | more
    return await send(client, "/sign-in", **fields)


async def test_number_password_and_code_open_the_first_page(client, send, person):
    who = await person()
    assert (await enter(client, send, who)).headers["location"] == "/sign-in/code"
    page = (await client.get("/sign-in/code")).text
    shown = re.findall(r">\s*(\d{6})\s*<", page)
    answer = await send(client, "/sign-in/code", code=shown[0])
    assert answer.headers["location"] == "/"
    assert (await client.get("/")).headers["location"] == "/visits"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "samesite=lax" in answer.headers["set-cookie"].lower()


async def test_persian_digits_are_digits(client, send, person):
    who = await person(demo=True)
    fa = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    await send(client, "/sign-in", identifier=who.national_id.translate(fa), password=PASSWORD)
    answer = await send(client, "/sign-in/code", code=CODE.translate(fa))
    assert answer.headers["location"] == "/"


async def test_one_is_led_to_where_one_wanted_but_never_elsewhere(client, send, person):
    for wanted, led in (("/account", "/account"), ("https://evil.example/", "/"), ("//evil", "/")):
        who = await person(demo=True)
        shown = await client.get("/sign-in", params={"next": wanted})
        assert shown.status_code == 200
        await enter(client, send, who, next=wanted)
        answer = await send(client, "/sign-in/code", code=CODE)
        assert answer.headers["location"] == led
        await send(client, "/account", "/sign-out")


@pytest.mark.parametrize("case", ["unknown", "wrong", "locked", "pending"])
async def test_nobody_is_told_what_was_wrong(client, send, person, case: str, site):
    client.headers["accept-language"] = "en"
    who = await person(**({"status": "pending"} if case == "pending" else {}))
    if case == "locked":
        async with site.database.transaction() as session:
            account = await session.get(SanaAccount, who.id)
            account.locked_until = site.now() + timedelta(minutes=1)
    if case == "unknown":
        who.national_id = UNKNOWN
    password = "wrong" if case == "wrong" else PASSWORD
    answer = await enter(client, send, who, password)
    assert answer.status_code == 422
    assert REFUSED in answer.text


async def lock(client, send, who, times: int) -> None:
    for _ in range(times):
        await enter(client, send, who, "wrong")


async def test_five_failures_lock_and_the_lock_survives_a_restart(
    client, send, person, site, tmp_path
):
    who = await person()
    await lock(client, send, who, 5)
    assert (await enter(client, send, who)).status_code == 422
    again = Database(site.database.url)
    site_again = Site(Settings(mode="development", data_dir=tmp_path), again)
    transport = httpx.ASGITransport(create_app(site_again))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as other:
        assert (await enter(other, send, who)).status_code == 422
        later = site.now
        site_again.now = lambda: later() + timedelta(minutes=1, seconds=1)
        assert (await enter(other, send, who)).status_code == 303
    await again.close()


async def test_demo_accounts_never_lock(client, send, person):
    who = await person(demo=True)
    await lock(client, send, who, 7)
    assert (await enter(client, send, who)).status_code == 303


async def test_wrong_codes_lock_as_well(client, send, person):
    who = await person()
    await enter(client, send, who)
    for _ in range(5):
        assert (await send(client, "/sign-in/code", code="000000")).status_code == 422
    assert (await enter(client, send, who)).status_code == 422


async def test_too_many_failures_for_one_number_are_told_to_wait(client, send, person):
    unknown = await person()
    unknown.national_id = UNKNOWN
    await lock(client, send, unknown, 30)
    assert (await enter(client, send, unknown)).status_code == 429


async def test_sign_in_gives_a_new_word_and_sign_out_ends_it(client, send, person, site):
    who = await person(demo=True)
    await enter(client, send, who)
    await send(client, "/sign-in/code", code=CODE)
    first = client.cookies["rc_session"]
    await client.get("/account")
    await send(client, "/account", "/sign-out")
    client.cookies.set("rc_session", first, domain="127.0.0.1")
    assert (await client.get("/account")).status_code == 303


async def test_sign_out_everywhere(signed_in, send, person, site):
    who = await person(demo=True)
    here, there = await signed_in(who), await signed_in(who)
    await there.get("/account")
    await send(here, "/account", "/sign-out/everywhere")
    assert (await there.get("/account")).status_code == 303
    async with site.database.transaction() as session:
        assert (await session.execute(select(func.count(WebSession.person_id)))).scalar() == 0


async def test_an_idle_browser_is_signed_out(signed_in, person, site, app):
    who = await person(demo=True)
    browser = await signed_in(who)
    assert (await browser.get("/account")).status_code == 200
    present = site.now
    site.now = lambda: present() + timedelta(hours=1, minutes=1)
    app.state.known.forget(who.id)
    assert (await browser.get("/account")).status_code == 303


async def test_the_record_names_nobody(client, send, person, site):
    who = await person()
    await lock(client, send, who, 2)
    async with site.database.transaction() as session:
        entries = (await session.execute(select(AuditEntry))).scalars().all()
    assert [e.act for e in entries] == ["sign_in.refused"] * 2
    assert all(who.national_id not in str(e.detail) for e in entries)


async def test_staff_use_their_generator_and_each_code_once(signed_in, send, person, client):
    who = await person((Role.OPERATOR, None))
    browser = await signed_in(who)
    page = (await browser.get("/account/generator")).text
    secret = re.search(r"<bdi[^>]*>([A-Z2-7]{32})</bdi>", page).group(1)
    csrf = re.search(r'name="csrf" value="([^"]+)"', page).group(1)
    locked = re.search(r'name="locked" value="([^"]+)"', page).group(1)
    wrong = {"csrf": csrf, "locked": locked, "code": "000000", "present": PASSWORD}
    assert (await browser.post("/account/generator", data=wrong)).status_code == 422
    fields = wrong | {"code": pyotp.TOTP(secret).now()}
    done = await browser.post("/account/generator", data=fields)
    assert done.headers["location"] == "/account"
    keep_only(browser, done)
    assert (await browser.get("/staff")).status_code == 200
    await enter(client, send, who)
    used = await send(client, "/sign-in/code", code=fields["code"])
    assert used.status_code == 422


async def set_up(browser, present: str) -> tuple[str, httpx.Response]:
    """Set a new generator up, showing what protects the account now; its secret, the answer."""
    page = (await browser.get("/account/generator")).text
    secret = re.search(r"<bdi[^>]*>([A-Z2-7]{32})</bdi>", page).group(1)
    fields = {
        "csrf": re.search(r'name="csrf" value="([^"]+)"', page).group(1),
        "locked": re.search(r'name="locked" value="([^"]+)"', page).group(1),
        "code": pyotp.TOTP(secret).now(),
        "present": present,
    }
    answer = await browser.post("/account/generator", data=fields)
    if answer.status_code == 303:
        keep_only(browser, answer)
    return secret, answer


def keep_only(browser, answer: httpx.Response) -> None:
    """Forget the session we were given by hand; keep the one the answer opened."""
    browser.cookies.clear()
    browser.cookies.update(answer.cookies)


async def acts_of(site, *names: str) -> list[str]:
    async with site.database.transaction() as session:
        query = select(AuditEntry.act).where(AuditEntry.act.in_(names)).order_by(AuditEntry.id)
        return list(await session.scalars(query))


async def events_told(site) -> list[str]:
    """What letters about the account wait to be sent."""
    async with site.database.transaction() as session:
        rows = await session.scalars(select(OutboxRow.payload).order_by(OutboxRow.id))
        return [row["params"]["event"] for row in rows if row.get("kind") == "account"]


async def test_a_generator_is_replaced_only_by_who_shows_a_code_of_it(signed_in, person, site):
    who = await person((Role.OPERATOR, None))
    browser = await signed_in(who)
    _, refused = await set_up(browser, "not the password")
    assert refused.status_code == 422
    first, done = await set_up(browser, PASSWORD)
    assert done.status_code == 303
    other = await signed_in(who)
    for present in (PASSWORD, "000000", ""):
        _, refused = await set_up(other, present)
        assert (refused.status_code, 'id="present"' in refused.text) == (422, True)
    later = pyotp.TOTP(first).at(int(time.time()) + 30)
    second, done = await set_up(other, later)
    assert done.status_code == 303
    assert second != first
    assert (await browser.get("/staff")).status_code == 303
    assert (await other.get("/staff")).status_code == 200
    names = ("account.generator_set", "account.generator_replaced")
    assert await acts_of(site, *names) == list(names)
    assert await events_told(site) == ["generator_set", "generator_replaced"]


NEW = {"password": "an otter in the rain", "again": "an otter in the rain"}


async def test_guesses_at_a_browser_left_open_lock_the_account(signed_in, person, site, send):
    who = await person()
    browser = await signed_in(who)
    for _ in range(5):
        answer = await send(browser, "/password/change", present="a guess", **NEW)
        assert answer.status_code == 422
    answer = await send(browser, "/password/change", present=PASSWORD, **NEW)
    assert answer.status_code == 422
    async with site.database.transaction() as session:
        account = await session.get(SanaAccount, who.id)
        assert account.failures == 5


async def test_who_changes_a_password_is_told_by_letter(signed_in, person, site, send):
    browser = await signed_in(await person())
    answer = await send(browser, "/password/change", present=PASSWORD, **NEW)
    assert answer.status_code == 303
    assert await events_told(site) == ["password_changed"]


async def test_a_forgotten_password_tells_nobody_whether_codes_were_sent(client, send, person):
    who = await person()
    for _ in range(3):
        await enter(client, send, who)
    answers = [
        (await send(client, "/password/forgotten", identifier=who.national_id)).status_code
        for _ in range(5)
    ]
    assert answers == [303] * 5
    unknown = [
        (await send(client, "/password/forgotten", identifier=UNKNOWN)).status_code
        for _ in range(5)
    ]
    assert unknown == answers


async def demo_site(site, person) -> None:
    object.__setattr__(site.settings, "mode", "demo")
    for n, role in enumerate(Role):
        who = await person((role, 77 if "office" in role else None), demo=True)
        async with site.database.transaction() as session:
            row = {"ordinal": 0, "password": PASSWORD, "place_fa": None, "place_en": None}
            session.add(DemoAccount(person_id=who.id, role=role, **row))
        assert n < 10


async def test_one_press_enters_the_demo(client, send, person, site):
    await demo_site(site, person)
    page = (await client.get("/demo")).text
    ids = re.findall(r'name="person_id" value="(\d+)"', page)
    assert len(ids) == len(Role)
    entered = await send(client, "/demo", "/demo/enter", person_id=ids[0])
    assert entered.headers["location"] == "/"
    assert (await client.get("/")).headers["location"] == "/visits"
    entered = await send(client, "/demo", "/demo/enter", person_id=ids[2])
    assert (await client.get("/")).headers["location"] == "/desk/77"


async def test_outside_the_demo_nobody_enters_without_password(client, send, person, site):
    await demo_site(site, person)
    page = (await client.get("/demo")).text
    csrf = re.search(r'name="csrf" value="([^"]+)"', page).group(1)
    who = re.search(r'name="person_id" value="(\d+)"', page).group(1)
    object.__setattr__(site.settings, "mode", "development")
    answer = await client.post("/demo/enter", data={"csrf": csrf, "person_id": who})
    assert answer.status_code == 404
    assert (await client.get("/demo")).status_code == 404
