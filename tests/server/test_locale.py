"""Which language a reader gets, and where the switch leads back to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from remote_court.people.actor import Actor
from remote_court.server.locale import accepted, choose, local_path, switch, translate


def request(cookie: str = "", accept: str = "", query: str = "") -> Request:
    headers = [(b"cookie", cookie.encode()), (b"accept-language", accept.encode())]
    scope = {"type": "http", "path": "/", "headers": headers, "query_string": query.encode()}
    return Request(scope | {"scheme": "https", "server": ("court.example", 443)})


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "fa"),
        ("en", "en"),
        ("en-GB,en;q=0.9,fa;q=0.8", "en"),
        ("fa-IR,en;q=0.9", "fa"),
        ("de,fr", "fa"),
        ("de,en;q=0.1", "en"),
        ("en;q=0", "fa"),
        ("en;q=oops", "fa"),
    ],
)
def test_the_browsers_wish_is_honoured_where_we_speak_it(header, language):
    assert (accepted(header) or "fa") == language


@given(st.text())
def test_any_header_gives_one_of_our_languages(header):
    assert accepted(header) in {"fa", "en", None}


def test_the_chosen_language_wins_over_the_accounts_and_the_account_over_the_browser():
    asked = request(cookie="lang=fa", accept="en")
    asked.state.user = Actor(1, "x", locale="en")
    assert choose(asked) == "fa"
    asked = request(accept="fa")
    asked.state.user = Actor(1, "x", locale="en")
    assert choose(asked) == "en"
    assert choose(request(cookie="lang=xx", accept="en")) == "en"


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/visits?day=1405-09-03", True),
        ("/", True),
        ("//evil.example", False),
        ("https://evil.example/", False),
        ("/\\evil.example", False),
        ("\\\\/evil.example", False),
        ("//[", False),
        ("javascript:alert(1)", False),
        ("visits", False),
        ("/a\r\nSet-Cookie: x", False),
    ],
)
def test_the_way_back_never_leaves_the_site(address, kept):
    assert local_path(address) == (address if kept else "/")


def test_switching_remembers_the_language_and_goes_back():
    answer = switch(request(query="next=/visits"), "en")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/visits"
    assert "lang=en" in answer.headers["set-cookie"]
    assert "Secure" in answer.headers["set-cookie"]
    assert "set-cookie" not in switch(request(), "de").headers


def test_a_text_is_said_with_its_values_filled_in():
    assert translate(request(accept="fa"), "Step %(step)s of %(count)s", step="۱", count="۵") == (
        "مرحلهٔ ۱ از ۵"
    )
