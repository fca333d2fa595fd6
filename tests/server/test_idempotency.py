"""An act is done once per key, and its answer is given again byte for byte."""

from __future__ import annotations

import asyncio
import itertools

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel
from sqlalchemy import text
from starlette.responses import RedirectResponse

from remote_court.errors import Conflict
from remote_court.server.deps import Work
from remote_court.server.guards import Signed
from remote_court.server.idempotency import Key, OnceRoute

KEY = "a-key-of-my-own"
COUNT = text("INSERT INTO rate_count VALUES ('act', now(), 1)")


class Body(BaseModel):
    fate: str = "done"


def acting() -> APIRouter:
    router, serial = APIRouter(route_class=OnceRoute), itertools.count(1)

    @router.post("/api/v1/act", status_code=201)
    async def act(body: Body, actor: Signed, key: Key, work: Work) -> dict[str, int]:
        await work.execute(COUNT)
        n = next(serial)
        await asyncio.sleep(0.05)
        if body.fate == "refused":
            raise Conflict
        if body.fate == "crash":
            raise ZeroDivisionError
        return {"n": n}

    @router.post("/act")
    async def act_page(actor: Signed, key: Key, work: Work) -> RedirectResponse:
        await work.execute(text("INSERT INTO rate_count VALUES ('act', clock_timestamp(), 1)"))
        return RedirectResponse(f"/done/{next(serial)}", 303)

    @router.get("/act")
    async def form(actor: Signed) -> RedirectResponse:
        return RedirectResponse("/account")

    return router


@pytest.fixture
def app(app: FastAPI) -> FastAPI:
    app.include_router(acting())
    return app


async def acts(site) -> int:
    async with site.database.transaction() as session:
        rows = await session.execute(text("SELECT count(*) FROM rate_count WHERE key = 'act'"))
        return rows.scalar_one()


async def post(program: httpx.AsyncClient, fate: str = "done", key: str | None = KEY):
    headers = {"Idempotency-Key": key} if key else {}
    return await program.post("/api/v1/act", json={"fate": fate}, headers=headers)


async def test_without_a_key_nothing_is_done(bearer, person, site):
    program = await bearer(await person())
    for key in (None, "short", "x" * 129):
        answer = await post(program, key=key)
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/key-missing")
    assert await acts(site) == 0


async def test_a_stranger_is_asked_who_they_are_first(client: httpx.AsyncClient):
    assert (await post(client, key=None)).status_code == 401


async def test_asking_twice_acts_once(bearer, person, site):
    program = await bearer(await person())
    first, second = await post(program), await post(program)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.headers["content-type"] == second.headers["content-type"]
    assert second.headers["idempotency-replayed"] == "true"
    assert await acts(site) == 1


async def test_a_key_is_good_for_one_request_only(bearer, person):
    program = await bearer(await person())
    await post(program)
    other = await post(program, "another")
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")


async def test_two_people_may_choose_the_same_key(bearer, person, site):
    one, two = await bearer(await person()), await bearer(await person())
    assert [(await post(p)).status_code for p in (one, two)] == [201, 201]


async def test_eight_at_once_wait_and_get_the_one_answer(bearer, person, site):
    program = await bearer(await person())
    answers = await asyncio.gather(*(post(program) for _ in range(8)))
    assert {a.content for a in answers} == {answers[0].content}
    assert {a.status_code for a in answers} == {201}
    assert await acts(site) == 1


async def test_a_refusal_is_kept_too(bearer, person, site):
    program = await bearer(await person())
    first, second = await post(program, "refused"), await post(program, "refused")
    assert first.status_code == second.status_code == 409
    assert first.content == second.content
    assert second.headers["content-type"] == "application/problem+json"
    assert await acts(site) == 0


async def test_a_crash_is_forgotten_and_may_be_tried_again(bearer, person, site):
    program = await bearer(await person())
    assert (await post(program, "crash")).status_code == 500
    assert "idempotency-replayed" not in (await post(program, "crash")).headers


async def test_a_form_sent_twice_leads_to_the_same_place(signed_in, person, site, app):
    browser = await signed_in(await person())
    page = await browser.get("/account")
    csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
    fields = {"csrf": csrf, "idempotency_key": "of-this-form"}
    first, second = [await browser.post("/act", data=fields) for _ in range(2)]
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert await acts(site) == 1
