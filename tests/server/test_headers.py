"""What every answer forbids, and what a route may decide itself."""

from __future__ import annotations

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from remote_court.server.headers import ALWAYS, SecurityHeaders, policy


async def get(app: Starlette, path: str = "/") -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://court.example") as browser:
        return await browser.get(path)


async def ask(*, secure: bool = False, headers: dict[str, str] | None = None) -> httpx.Response:
    def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.state.nonce, headers=headers)

    middleware = [Middleware(SecurityHeaders, secure=secure)]
    return await get(Starlette(routes=[Route("/", answer)], middleware=middleware))


async def test_every_answer_carries_every_header():
    answer = await ask()
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS


async def test_an_error_of_the_router_carries_them_too():
    app = Starlette(middleware=[Middleware(SecurityHeaders)])
    assert "content-security-policy" in (await get(app, "/nowhere")).headers


async def test_the_nonce_is_new_for_each_request_and_the_policy_names_it():
    first, second = await ask(), await ask()
    assert first.text != second.text
    assert f"'nonce-{first.text}'" in first.headers["content-security-policy"]


def test_the_policy_lets_nothing_inline_and_nothing_foreign_in():
    rules = policy("x")
    assert "unsafe" not in rules
    assert "http" not in rules
    assert "default-src 'self'" in rules
    assert "frame-ancestors 'none'" in rules
    assert "require-trusted-types-for 'script'" in rules
    assert "trusted-types" not in policy("x", trusted_types=False)


async def test_tls_is_demanded_for_good_only_where_it_is_served():
    assert "strict-transport-security" not in (await ask()).headers
    assert "strict-transport-security" in (await ask(secure=True)).headers


async def test_a_route_may_send_its_own_policy():
    own = {"Content-Security-Policy": "default-src 'none'"}
    assert (await ask(headers=own)).headers["content-security-policy"] == "default-src 'none'"
