"""In which language we speak with whom, and how a text is said in it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse

from remote_court.assets.catalogue import LOCALES, translations
from remote_court.server.programs import for_programs

DEFAULT = "fa"
COOKIE = "lang"
YEAR_S = 365 * 24 * 3600
DIRECTION = {"fa": "rtl", "en": "ltr"}


def N_(message: str) -> str:  # noqa: N802 - the name gettext's tools know
    """Mark a text to be translated where it is shown."""
    return message


def choose(request: Request) -> str:
    """The reader's language: the one they chose, their account's, their browser's, Persian.

    A program says what it wants in each request, and that goes first.
    """
    header = request.headers.get("accept-language", "")
    if for_programs(request) and (wanted := accepted(header)):
        return wanted
    chosen = request.cookies.get(COOKIE)
    if chosen in LOCALES:
        return chosen
    actor = getattr(request.state, "user", None)
    if actor is not None and actor.locale in LOCALES:
        return str(actor.locale)
    return accepted(header) or DEFAULT


def accepted(header: str) -> str | None:
    """The best of our languages in an ``Accept-Language`` header, if it names any."""
    wishes: list[tuple[float, int, str]] = []
    for place, wish in enumerate(header.split(",")):
        language, _, quality = wish.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        wishes.append((-weight, place, language.split("-")[0].lower()))
    known = [language for weight, _, language in sorted(wishes) if language in LOCALES and weight]
    return known[0] if known else None


def locale_of(request: Request) -> str:
    """The language of this request, chosen once it is known who asks."""
    chosen: str | None = getattr(request.state, "locale", None)
    if chosen is None:
        chosen = request.state.locale = choose(request)
    return chosen


def gettext_for(locale: str) -> Callable[[str], str]:
    """The function that says a text in a language."""
    return translations(locale).gettext


def translate(request: Request, message: str, **values: object) -> str:
    """Say a text in the reader's language, its ``%(name)s`` places filled."""
    said = gettext_for(locale_of(request))(message)
    return said % values if values else said


def switch(request: Request, code: str, home: str = "/") -> RedirectResponse:
    """Remember a language for a year and go back to the page the reader came from."""
    answer = RedirectResponse(local_path(request.query_params.get("next", home), home), 303)
    if code in LOCALES:
        answer.set_cookie(
            COOKIE, code, max_age=YEAR_S, samesite="lax", secure=request.url.scheme == "https"
        )
    return answer


def local_path(address: str, home: str = "/") -> str:
    """The address if it stays on this site, else ``home``: nobody is sent elsewhere by a link."""
    plain = address.replace("\\", "/")  # browsers take one for the other
    try:
        parts = urlsplit(plain)
    except ValueError:  # such as an open bracket where a host would be
        return home
    inside = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return address if inside and not plain.startswith("//") and address.isprintable() else home
