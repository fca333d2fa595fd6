"""Programs sign in, and learn who they speak for."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update

from remote_court.identifiers import synthetic_national_id
from remote_court.outbox import OutboxRow
from remote_court.people import Grant, Role, SanaAccount
from remote_court.people.demo import DemoAccount

PASSWORD, CODE = "three blue camels", "135790"
UNKNOWN = synthetic_national_id(9999)


def told(who, **other):
    return {"national_id": who.national_id, "password": PASSWORD, "otp": CODE} | other


async def test_a_token_is_traded_for_password_and_code(client: httpx.AsyncClient, person):
    who = await person((Role.OFFICE_CLERK, 77), demo=True)
    answer = await client.post("/api/v1/auth/token", json=told(who))
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "bearer"
    assert answer.json()["expires_in"] > 3600
    token = answer.json()["access_token"]
    me = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert me.json()["id"] == str(who.id)
    assert {"role": "office_clerk", "place_id": "77"} in me.json()["roles"]
    assert {"role": "family", "place_id": None} in me.json()["roles"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "wrong"},
        {"otp": "000000"},
        {"national_id": UNKNOWN},
        {"national_id": "nonsense"},
    ],
)
async def test_whatever_is_wrong_the_answer_is_the_same(client: httpx.AsyncClient, person, wrong):
    who = await person(demo=True)
    answer = await client.post("/api/v1/auth/token", json=told(who, **wrong))
    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/sign-in-refused"
    assert set(answer.json()) == {"type", "title", "status", "detail", "instance"}


async def test_a_code_is_sent_through_the_outbox_and_works_once(
    client: httpx.AsyncClient, person, site
):
    who = await person()
    body = {k: v for k, v in told(who).items() if k != "otp"}
    sent = await client.post("/api/v1/auth/code", json=body)
    assert sent.status_code == 202
    async with site.database.transaction() as session:
        letter = (await session.execute(select(OutboxRow))).scalar_one()
    assert letter.payload["kind"] == "code"
    assert letter.payload["params"]["code"] == sent.json()["code"]
    statuses = [
        (
            await client.post("/api/v1/auth/token", json=told(who, otp=sent.json()["code"]))
        ).status_code
        for _ in range(2)
    ]
    assert statuses == [200, 401]


async def test_a_code_is_over_after_two_minutes(client: httpx.AsyncClient, person, site):
    who = await person()
    body = {k: v for k, v in told(who).items() if k != "otp"}
    code = (await client.post("/api/v1/auth/code", json=body)).json()["code"]
    present = site.now
    site.now = lambda: present() + timedelta(minutes=2, seconds=1)
    late = await client.post("/api/v1/auth/token", json=told(who, otp=code))
    assert late.status_code == 401


async def test_in_production_no_answer_shows_a_code(client: httpx.AsyncClient, person, site):
    who = await person()
    object.__setattr__(site.settings, "mode", "production")
    body = {k: v for k, v in told(who).items() if k != "otp"}
    assert (await client.post("/api/v1/auth/code", json=body)).json()["code"] is None


async def test_without_a_token_one_is_asked_for_it(client: httpx.AsyncClient):
    answer = await client.get("/api/v1/me", headers={"Accept-Language": "en"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["detail"] == "Please sign in first."


async def test_a_revoked_role_is_gone_within_seconds(bearer, person, site, app):
    who = await person((Role.AUDITOR, None))
    program = await bearer(who)
    assert len((await program.get("/api/v1/me")).json()["roles"]) == 2
    async with site.database.transaction() as session:
        await session.execute(update(Grant).values(revoked_at=site.now()))
    app.state.known.forget(who.id)  # what three seconds do
    assert len((await program.get("/api/v1/me")).json()["roles"]) == 1


async def test_a_suspended_account_is_nobody(bearer, person, site, app):
    who = await person()
    program = await bearer(who)
    async with site.database.transaction() as session:
        await session.execute(update(SanaAccount).values(status="suspended"))
    assert (await program.get("/api/v1/me")).status_code == 401


async def test_demo_accounts_are_listed_in_the_demo_only(client: httpx.AsyncClient, person, site):
    who = await person((Role.OFFICE_CLERK, 77), demo=True)
    async with site.database.transaction() as session:
        session.add(
            DemoAccount(
                person_id=who.id,
                role=Role.OFFICE_CLERK,
                ordinal=0,
                password=PASSWORD,
                place_fa="دفتر شریعتی",
                place_en="Shariati office",
            )
        )
    assert (await client.get("/api/v1/demo/accounts")).status_code == 404
    object.__setattr__(site.settings, "mode", "demo")
    found = await client.get("/api/v1/demo/accounts?role=office_clerk&limit=5")
    assert found.json()["items"] == [
        {
            "role": "office_clerk",
            "name": "مریم رضایی",
            "national_id": who.national_id,
            "password": PASSWORD,
            "otp": CODE,
            "place": "دفتر شریعتی",
        }
    ]
    assert (await client.get("/api/v1/demo/accounts?role=judge")).json()["items"] == []
    assert (await client.get("/api/v1/demo/accounts?role=king")).status_code == 422
