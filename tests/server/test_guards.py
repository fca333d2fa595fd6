"""No route forgets to ask who comes in; every refusal has a status."""

from __future__ import annotations

import importlib
import pkgutil

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute, APIWebSocketRoute, iter_route_contexts

import remote_court
from remote_court.errors import Refusal
from remote_court.people import Role
from remote_court.server.guards import is_guard, needs, public, signed
from remote_court.server.idempotency import calls
from remote_court.server.problems import status_of
from remote_court.server.statuses import STATUS

OF_THE_FRAMEWORK = {"/openapi.json", "/static"}


def unguarded(app: FastAPI) -> list[str]:
    found = []
    for context in iter_route_contexts(app.routes):
        path = context.path or ""
        if isinstance(context.original_route, APIRoute | APIWebSocketRoute):
            if not any(is_guard(call) for call in calls(context.dependant)):
                found.append(path)
        elif path not in OF_THE_FRAMEWORK:
            found.append(path)
    return found


def test_every_route_asks_for_a_right_or_says_that_it_is_public(app: FastAPI):
    assert unguarded(app) == []


@pytest.mark.parametrize(
    ("dependency", "found"),
    [(None, True), (public, False), (signed, False), (needs(Role.JUDGE), False)],
)
def test_the_search_for_unguarded_routes_finds_one(app: FastAPI, dependency, found: bool):
    router = APIRouter(dependencies=[Depends(dependency)] if dependency else [])

    @router.get("/fake")
    def fake() -> None: ...

    app.include_router(router)
    assert ("/fake" in unguarded(app)) is found


def test_it_finds_an_unguarded_socket_too(app: FastAPI):
    @app.websocket("/fake-socket")
    async def fake() -> None: ...

    assert unguarded(app) == ["/fake-socket"]


def descendants(kind: type[Refusal]) -> set[type[Refusal]]:
    return {
        each
        for child in kind.__subclasses__()
        for each in {child} | descendants(child)
        if each.__module__.startswith("remote_court.")
    }


def test_every_refusal_has_a_status():
    for module in pkgutil.walk_packages(remote_court.__path__, "remote_court."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    assert descendants(Refusal) == set(STATUS)


def test_a_refusal_without_a_row_takes_its_nearest_ancestors():
    class Fake(next(k for k, v in STATUS.items() if v == 409)):
        """Only here."""

    assert status_of(Fake) == 409


GUARDED = [
    (Role.OFFICE_CLERK, "/desk/77/identity", 200),
    (Role.OFFICE_CLERK, "/desk/78/identity", 404),
    (Role.PRISON_OFFICER, "/desk/77/identity", 403),
    (None, "/desk/77/identity", 403),
    (Role.HQ_PLANNER, "/staff", 200),
    (Role.OPERATOR, "/staff", 200),
    (Role.OFFICE_CLERK, "/staff", 403),
    (Role.AUDITOR, "/staff", 403),
    (Role.JUDGE, "/court", 200),
    (Role.OFFICE_CLERK, "/court", 403),
    (None, "/account", 200),
]


@pytest.mark.parametrize(("role", "page", "status"), GUARDED)
async def test_a_role_opens_its_own_doors_at_its_own_place(
    signed_in, person, role: Role | None, page: str, status: int
):
    browser = await signed_in(await person(*([(role, 77)] if role else []), demo=True))
    assert (await browser.get(page)).status_code == status


async def test_a_stranger_is_led_to_sign_in_and_back(client: httpx.AsyncClient):
    answer = await client.get("/account?tab=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Faccount%3Ftab%3D1"


async def test_staff_without_a_generator_must_set_one_up(signed_in, person):
    browser = await signed_in(await person((Role.OPERATOR, None)))
    answer = await browser.get("/staff")
    assert answer.headers["location"] == "/account/generator"
    assert (await browser.get("/account/generator")).status_code == 200


async def test_a_temporary_password_must_be_changed_first(signed_in, bearer, person):
    who = await person(must_change_password=True)
    answer = await (await signed_in(who)).get("/account")
    assert answer.headers["location"] == "/password/change"
