"""Pages: Jinja2 templates of ``web/templates``, one environment for each language."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from remote_court.assets import static_url, web_dir
from remote_court.assets.catalogue import LOCALES, translations
from remote_court.server import place
from remote_court.server.filters import Speech
from remote_court.server.locale import DIRECTION, locale_of
from remote_court.server.nav import menu

TOKENS = (
    '<input type="hidden" name="csrf" value="{}">'
    '<input type="hidden" name="idempotency_key" value="{}">'
)


@cache
def environment(locale: str, *, reload: bool = False) -> Environment:
    """The templates as spoken in a language; each is compiled once.

    Args:
        locale: one of ``LOCALES``.
        reload: look for changed files at each use, for development.
    """
    templates = Environment(
        loader=FileSystemLoader(web_dir() / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=reload,
        cache_size=-1,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    words = translations(locale)
    templates.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext, words.ngettext, newstyle=True
    )
    templates.filters.update(Speech(locale).filters())
    templates.globals.update(
        locale=locale,
        dir=DIRECTION[locale],
        other_locale=next(code for code in LOCALES if code != locale),
        static=static_url,
        tokens=tokens,
        uid=partial(secrets.token_hex, 4),
    )
    return templates


@pass_context
def tokens(context: Context) -> Markup:
    """The hidden fields of every POST form: it is ours, and it is sent once."""
    return Markup(TOKENS).format(context["csrf"], secrets.token_urlsafe(16))  # noqa: S704


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    connect: Sequence[str] = (),
    **context: object,
) -> HTMLResponse:
    """Answer with a page in the reader's language.

    Args:
        request: whose reader, language and menu the page carries.
        template: its path below ``web/templates``.
        status: 422 when a form comes back with what is wrong.
        headers: further ones; a page is never stored unless they say so.
        connect: origins besides our own that the page's scripts may talk to, such as
            ``wss://media.example:8443``.
        context: what the template shows.
    """
    request.state.connect = tuple(connect)
    told = {"Cache-Control": "no-store", "Content-Language": locale_of(request), **(headers or {})}
    return HTMLResponse(text(request, template, **context), status, told)


def fragment(request: Request, template: str, **context: object) -> str:
    """A part of a page, for live updates."""
    return text(request, template, **context)


def text(request: Request, template: str, **context: object) -> str:
    """The template's text with the page's surroundings."""
    site = request.app.state.site.settings
    page = environment(locale_of(request), reload=site.mode == "development")
    return page.get_template(template).render(surroundings(request) | context)


def surroundings(request: Request) -> dict[str, Any]:
    """What every page shows or needs, whoever wrote it."""
    settings = request.app.state.site.settings
    user = getattr(request.state, "user", None)
    return {
        "user": user,
        "nav": menu(user, request.url.path, place.here(user, request.url.path, request.cookies)),
        "place_choices": place.choices(request, locale_of(request)),
        "here": request.url.path,
        "full_path": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "csrf": getattr(request.state, "csrf", ""),
        "nonce": getattr(request.state, "nonce", ""),
        "demo": settings.demo,
        "development": settings.mode == "development",
        "shows_codes": settings.shows_codes,
        "help_number": settings.help_number,
    }


def plain(locale: str, template: str, **context: object) -> str:
    """A text outside any request, such as a letter, a slip or minutes."""
    return environment(locale).get_template(template).render(context)
