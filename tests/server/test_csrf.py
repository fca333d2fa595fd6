"""Only forms of ours, for this browser, change anything."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.server.csrf import fits, token_for


@given(st.binary(min_size=8), st.text(min_size=1), st.text())
def test_a_token_fits_its_own_browser_only(key: bytes, browser: str, other: str):
    token = token_for(key, browser)
    assert fits(key, browser, token)
    assert fits(key, other, token) is (other == browser)
    assert not fits(key + b"x", browser, token)


def test_no_browser_no_fit():
    assert not fits(b"key", "", token_for(b"key", ""))


def test_no_two_pages_carry_the_same_token():
    assert token_for(b"key", "browser") != token_for(b"key", "browser")


async def test_a_form_without_token_is_refused(client: httpx.AsyncClient):
    await client.get("/sign-in")
    answer = await client.post("/sign-in", data={"identifier": "1", "password": "2"})
    assert answer.status_code == 403


async def test_a_form_of_another_browser_is_refused(client: httpx.AsyncClient, app):
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as other:
        page = (await other.get("/sign-in")).text
    token = page.split('name="csrf" value="')[1].split('"')[0]
    await client.get("/sign-in")
    answer = await client.post("/sign-in", data={"csrf": token})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/sign-out", "/sign-out/everywhere", "/password/change"])
async def test_a_signed_in_browser_is_protected_too(signed_in, person, path: str):
    browser = await signed_in(await person())
    assert (await browser.post(path)).status_code == 403


async def test_an_api_call_by_cookie_needs_the_header(signed_in, person):
    browser = await signed_in(await person())
    refused = await browser.post("/api/v1/auth/token", json={})
    assert refused.status_code == 403
    page = (await browser.get("/account")).text
    token = page.split('name="csrf" value="')[1].split('"')[0]
    accepted = await browser.post("/api/v1/auth/token", json={}, headers={"X-CSRF-Token": token})
    assert accepted.status_code == 422


async def test_a_stranger_may_ask_for_a_token_without_one(client: httpx.AsyncClient):
    assert (await client.post("/api/v1/auth/token", json={})).status_code == 422
