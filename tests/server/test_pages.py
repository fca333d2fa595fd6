"""Pages: what `render` adds, and what the base template promises on every page."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from jinja2 import UndefinedError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from remote_court.assets import web_dir
from remote_court.assets.catalogue import LOCALES
from remote_court.config import Settings
from remote_court.people.actor import Actor
from remote_court.people.grants import Role
from remote_court.server.headers import SecurityHeaders
from remote_court.server.pages import environment, plain, render
from remote_court.server.static import BuiltFiles

CLERK = Actor(1, "مریم <b>", grants=frozenset({(Role.OFFICE_CLERK, 11204)}))


def client(endpoint, mode="development", user=None) -> httpx.AsyncClient:
    def answer(request: Request) -> Response:
        request.state.user = user
        request.state.csrf = "secret-of-the-form"
        return endpoint(request)

    routes = [
        Route("/page", answer),
        Mount("/static", BuiltFiles()),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)])
    app.state.site = SimpleNamespace(settings=Settings(mode=mode))
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://court.example")


def error(request: Request, **more: object) -> Response:
    told = {"code": 404, "title": "گم شد", "other_title": "Lost", "detail": "", "reasons": []}
    return render(request, "error.html", status=404, hints=[], **(told | more))


async def test_a_page_is_persian_and_right_to_left_unless_asked_otherwise():
    page = await client(error).get("/page")
    assert '<html lang="fa" dir="rtl">' in page.text
    assert page.headers["content-language"] == "fa"
    assert (
        '<html lang="en" dir="ltr">'
        in (await client(error).get("/page", headers={"accept-language": "de, en;q=0.5"})).text
    )


async def test_a_page_is_never_stored_by_browsers_on_shared_machines():
    assert (await client(error).get("/page")).headers["cache-control"] == "no-store"


async def test_the_help_number_stands_on_every_page_in_the_readers_digits():
    assert "۱۴۹" in (await client(error).get("/page")).text


async def test_the_demo_banner_is_there_in_demo_mode_only():
    assert 'class="demo' in (await client(error, mode="demo").get("/page")).text
    assert 'class="demo' not in (await client(error, mode="production").get("/page")).text


async def test_who_is_signed_in_sees_their_name_their_menu_and_a_way_out():
    page = (await client(error, user=CLERK).get("/page")).text
    assert "مریم &lt;b&gt;" in page
    assert 'href="/desk/11204/rooms"' in page
    assert 'value="secret-of-the-form"' in page


async def test_a_form_is_sent_once_because_each_page_has_its_own_key():
    browser = client(error, user=CLERK)
    keys = [
        re.findall(
            r'name="idempotency_key" value="([\w-]{16,})"', (await browser.get("/page")).text
        )
        for _ in range(2)
    ]
    assert keys[0]
    assert keys[0] != keys[1]


async def test_a_forgotten_variable_is_an_error_and_not_an_empty_place():
    with pytest.raises(UndefinedError):
        await client(lambda r: render(r, "question.html")).get("/page")


async def test_what_a_page_may_talk_to_is_what_it_named():
    page = await client(lambda r: error(r, connect=("wss://media.example:8443",))).get("/page")
    rules = page.headers["content-security-policy"].split("; ")
    assert "connect-src 'self' wss://media.example:8443" in rules


async def test_every_script_of_a_page_carries_the_nonce_of_its_policy():
    page = await client(error).get("/page")
    nonce = re.search(r"'nonce-([\w-]+)'", page.headers["content-security-policy"])
    scripts = re.findall(r"<script[^>]*>", page.text)
    assert nonce is not None
    assert scripts
    assert all(f'nonce="{nonce[1]}"' in script for script in scripts)


async def test_every_built_address_of_a_page_answers():
    browser = client(error)
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', (await browser.get("/page")).text)
    assert len(addresses) >= 4
    for address in addresses:
        assert (await browser.get(address)).status_code == 200, address


def test_htmx_starts_with_all_its_parts():
    # deferred, its start may fall between its own file and the part that checks nonces
    assert " defer" not in plain("fa", "parts/htmx.html", nonce="x")


FORBIDDEN = {
    "inline style": re.compile(r"<[^>]+\sstyle=", re.IGNORECASE),
    "style element": re.compile(r"<style", re.IGNORECASE),
    # data for a script is no script: browsers do not run it, and the policy lets it be
    "inline script": re.compile(
        r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE
    ),
    "event attribute": re.compile(r"<[^>]+\son[a-z]+=", re.IGNORECASE),
    "foreign host": re.compile(r"(?:src|href|action)=[\"']?(?:https?:)?//", re.IGNORECASE),
    "physical side": re.compile(r"\b(?:margin|padding|border)-(?:left|right)\b"),
}
TEMPLATES = sorted((web_dir() / "templates").rglob("*.html"))


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda f: f.relative_to(web_dir()).as_posix())
def test_no_template_says_what_the_policy_forbids(file: Path):
    source = re.sub(r"\{#.*?#\}", "", file.read_text(), flags=re.DOTALL)
    assert [name for name, pattern in FORBIDDEN.items() if pattern.search(source)] == []


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda f: f.relative_to(web_dir()).as_posix())
@pytest.mark.parametrize("locale", LOCALES)
def test_every_template_compiles_in_both_languages(file: Path, locale: str):
    environment(locale).get_template(file.relative_to(web_dir() / "templates").as_posix())


def test_a_letter_needs_no_request():
    assert "۱۴۰۵" in environment("fa").from_string("{{ day|jdate }}").render(day=date(2026, 11, 24))
