"""Pages: what `render` adds, and what the base template promises on every page."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
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
from remote_court.server import gallery
from remote_court.server.filters import Speech
from remote_court.server.headers import SecurityHeaders
from remote_court.server.pages import environment, plain, render, surroundings
from remote_court.server.static import FOR_GOOD, BuiltFiles

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


async def test_built_files_are_kept_for_good_and_found_under_their_address():
    browser = client(error)
    page = (await browser.get("/page")).text
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(addresses) >= 4
    for address in addresses:
        answer = await browser.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["cache-control"] == FOR_GOOD


FORBIDDEN = {
    "inline style": re.compile(r"<[^>]+\sstyle=", re.IGNORECASE),
    "style element": re.compile(r"<style", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
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


@pytest.mark.parametrize("locale", LOCALES)
def test_the_gallery_shows_every_component(locale: str):
    speech = Speech(locale)
    assert len(gallery.month(speech)["weeks"]) == 5
    request = Request(
        {"type": "http", "path": "/", "headers": [], "query_string": b"", "app": app()}
    )
    request.state.locale = locale
    context = surroundings(request) | {"now": gallery.NOON, "board": [gallery.room(1, speech)]}
    context |= {"month": gallery.month(speech), "slots": gallery.slots(speech), "qr": ""}
    context |= {"offices": gallery.OFFICES, "checks": [], "people": [], "reasons": [], "rows": []}
    page = plain(locale, "gallery.html", **context)
    assert page.count('class="chip') > 10


def app() -> Starlette:
    made = Starlette()
    made.state.site = SimpleNamespace(settings=Settings(mode="development"))
    return made


def test_a_letter_needs_no_request():
    assert "۱۴۰۵" in environment("fa").from_string("{{ day|jdate }}").render(day=date(2026, 11, 24))


@pytest.mark.parametrize(
    ("locale", "source", "shown"),
    [
        ("fa", "{{ t|jdate }}", "سه‌شنبه ۳ آذر ۱۴۰۵"),
        ("en", "{{ t|jdate }}", "Tuesday 3 Azar 1405 (24 November 2026)"),
        ("fa", "{{ t|jdate('medium') }}", "۳ آذر ۱۴۰۵"),
        ("fa", "{{ t|jdate('short') }}", "۱۴۰۵/۰۹/۰۳"),
        ("en", "{{ t|jdate('day') }}", "3 Azar"),
        ("fa", "{{ t|jdate('weekday') }}", "سه‌شنبه"),
        ("fa", "{{ t|jtime }}", "۰۱:۳۰"),
        ("fa", "{{ t|jdatetime }}", "۳ آذر ۱۴۰۵، ساعت ۰۱:۳۰"),
        ("fa", "{{ 2900|distance }}", "۲٫۹ کیلومتر"),
        ("en", "{{ 320|distance }}", "300 m"),
        ("en", "{{ 43210|distance }}", "43 km"),
        ("fa", "{{ 20|minutes }}", "۲۰ دقیقه"),
        ("en", "{{ 61|minutes }}", "1 hour and 1 minute"),
        ("en", "{{ length|minutes }}", "2 hours"),
        ("fa", "{{ '0830'|clock }}", "۰۸:۳۰"),
        ("fa", "{{ 1234567|number }}", "۱٬۲۳۴٬۵۶۷"),
        ("fa", "{{ '<3'|digits }}", "&lt;۳"),
        ("fa", "{{ '7K4M'|bdi }}", '<bdi dir="ltr" class="code">7K4M</bdi>'),
        ("fa", "{{ '021'|bdi }}", '<bdi dir="ltr" class="code">۰۲۱</bdi>'),
        ("en", "{{ '9990000018'|mask }}", '<bdi dir="ltr" class="code">999•••••18</bdi>'),
    ],
)
def test_filters_write_as_the_reader_expects(locale: str, source: str, shown: str):
    # 22:00 UTC is half past one of the next day in Tehran
    late = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    made = environment(locale).from_string(source).render(t=late, length=timedelta(hours=2))
    assert made == shown
