"""Refusals and errors as answers: RFC 9457 problems under ``/api``, pages elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic_core import to_json
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.assets.catalogue import LOCALES
from remote_court.db import DatabaseAway, away
from remote_court.errors import Conflict, Invalid, NotFound, Reason, Refusal, RuleRefused
from remote_court.people.refusals import (
    NotSignedIn,
    PasswordChangeNeeded,
    SecondFactorNeeded,
    TooManyAttempts,
)
from remote_court.policy import Citation
from remote_court.server.filters import Speech
from remote_court.server.locale import N_, gettext_for, locale_of, translate
from remote_court.server.pages import render
from remote_court.server.programs import for_programs

log = logging.getLogger(__name__)
__all__ = ["Again", "install", "problem", "refused", "said", "said_reasons", "status_of"]

MEDIA_TYPE = "application/problem+json"
BAD_DATA = "22"  # SQLSTATE class: a value no column could hold
OVERTAKEN = frozenset({"40P01", "40001"})  # SQLSTATE: deadlock detected, serialization failure
NEEDED, NOT_RIGHT = N_("This is needed."), N_("This is not right.")
SERVER_ERROR = N_("Something went wrong on our side. Your request was not carried out.")
AWAY = N_("The court's records cannot be reached just now. Please try again in a minute.")
TRY_AGAIN_S = 10
HTTP_SAID: Mapping[int, str] = {
    404: NotFound().message,
    405: N_("This address does not take such a request."),
    413: N_("This is larger than we accept."),
}
TITLES: Mapping[int, str] = {
    403: N_("You may not do this here"),
    404: N_("This page was not found"),
    409: N_("Something has changed in the meantime"),
    413: N_("This is too large"),
    422: N_("This could not be done"),
    429: N_("Please wait a little"),
    500: N_("Something went wrong"),
    503: N_("Please try again in a minute"),
}
HINTS: Mapping[int, str] = {
    403: N_("Go back, and try again from the page before."),
    404: N_("Check the address, or start from the first page."),
    409: N_("Go back and load the page again: it shows how things are now."),
    429: N_("Wait a few minutes, then try again."),
    503: N_("Wait a minute, then load the page again. What you had already booked stays booked."),
    500: N_("Try again in a minute. What you had already booked stays booked."),
}


class Again(Exception):
    """Raise from a page to roll everything back and show the form again, as ``response``."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def status_of(kind: type[Refusal]) -> int:
    """The status of a refusal: its own, or that of its nearest ancestor."""
    # Read late: rooms at the edge define refusals too, in modules that import this one.
    from remote_court.server.statuses import STATUS

    return next((STATUS[ancestor] for ancestor in kind.__mro__ if ancestor in STATUS), 422)


def is_api(request: Request) -> bool:
    """Whether a program asks, which wants a problem and not a page."""
    return for_programs(request) or hasattr(request.app.state, "no_pages")


def said(request: Request, refusal: Refusal) -> str:
    """What a refusal says, in the reader's language."""
    return translate(request, refusal.message, **refusal.detail)


def said_reasons(request: Request, reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Reasons of a refusal by rule, in the reader's language."""
    return [
        {
            "code": reason.code,
            "message": translate(request, reason.message, **spoken(request, reason.values)),
            "citation": reason.source.get(locale_of(request), reason.citation),
        }
        for reason in reasons
    ]


def spoken(request: Request, values: Mapping[str, object]) -> dict[str, object]:
    """Values of a message as people read them: Jalali days, names and digits of the language."""
    speech = Speech(locale_of(request))

    def word(value: object) -> object:
        if isinstance(value, Citation):
            return value.text(locale_of(request))
        return speech.jdate(value) if isinstance(value, date) else speech.digits(value)

    return {name: word(value) for name, value in values.items()}


def worded(request: Request, value: object) -> object:
    """What a refusal carries, its citations in the reader's language."""
    match value:
        case Citation():
            return value.text(locale_of(request))
        case Mapping():
            return {name: worded(request, one) for name, one in value.items()}
        case list():
            return [worded(request, one) for one in value]
        case _:
            return value


def problem(request: Request, status: int, code: str, detail: str, **more: object) -> Response:
    """A problem as RFC 9457 has it; ``detail`` is already in the reader's language."""
    body = {
        "type": f"/problems/{code}",
        "title": code.replace("-", " ").capitalize(),
        "status": status,
        "detail": detail,
        "instance": request.url.path,
    } | more
    return Response(to_json(body), status, media_type=MEDIA_TYPE)


def refused(request: Request, refusal: Refusal) -> Response:
    """A refusal as a problem; what it carries in ``extensions`` goes with it."""
    more: dict[str, object] = {}
    if isinstance(refusal, RuleRefused):
        more["reasons"] = said_reasons(request, refusal.reasons)
    if isinstance(refusal, Invalid) and refusal.where:
        more["errors"] = [{"where": refusal.where, "message": said(request, refusal)}]
    more.update((name, worded(request, value)) for name, value in refusal.extensions.items())
    answer = problem(
        request, status_of(type(refusal)), refusal.code, said(request, refusal), **more
    )
    if isinstance(refusal, NotSignedIn):
        answer.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, TooManyAttempts):
        answer.headers["Retry-After"] = str(int(refusal.wait.total_seconds()) + 1)
    return answer


def refused_page(request: Request, refusal: Refusal) -> Response:
    """A refusal as a page, or the page where it can be mended."""
    match refusal:
        case NotSignedIn():
            back = str(request.url.path) if request.method == "GET" else "/"
            if request.method == "GET" and request.url.query:
                back += f"?{request.url.query}"
            return RedirectResponse(f"/sign-in?{urlencode({'next': back})}", 303)
        case PasswordChangeNeeded():
            return RedirectResponse("/password/change", 303)
        case SecondFactorNeeded():
            return RedirectResponse("/account/generator", 303)
        case RuleRefused(reasons=reasons):
            told = said_reasons(request, reasons)
        case _:
            told = []
    return error_page(request, status_of(type(refusal)), said(request, refusal), told)


def error_page(
    request: Request, status: int, message: str, reasons: Sequence[Mapping[str, Any]] = ()
) -> Response:
    """The page that says what went wrong and what one can do, headed in both languages."""
    title = TITLES.get(status, TITLES[500] if status >= 500 else TITLES[422])  # noqa: PLR2004
    other = next(code for code in LOCALES if code != locale_of(request))
    return render(
        request,
        "error.html",
        status=status,
        code=status,
        title=translate(request, title),
        other_title=gettext_for(other)(title),
        detail=message,
        reasons=reasons,
        hints=[translate(request, HINTS[status])] if status in HINTS else [],
    )


def answer(request: Request, status: int, code: str, detail: str, **more: object) -> Response:
    """A problem or a page, as the asker wants it."""
    if is_api(request):
        return problem(request, status, code, detail, **more)
    return error_page(request, status, detail)


async def on_refusal(request: Request, error: Exception) -> Response:
    """Answer a refusal of a use case or of the edge."""
    assert isinstance(error, Refusal)
    return refused(request, error) if is_api(request) else refused_page(request, error)


async def on_again(_request: Request, error: Exception) -> Response:
    """Answer with the form the route made."""
    assert isinstance(error, Again)
    return error.response


async def on_invalid(request: Request, error: Exception) -> Response:
    """Answer what does not parse: 404 when it is the address, else 422 with each error."""
    assert isinstance(error, RequestValidationError)
    if any(e["loc"][0] == "path" for e in error.errors()):
        return await on_refusal(request, NotFound())
    errors = [
        {
            "where": ".".join(str(part) for part in e["loc"]),
            "code": e["type"],
            "message": translate(request, NEEDED if e["type"] == "missing" else NOT_RIGHT),
        }
        for e in error.errors()
    ]
    detail = translate(request, Invalid().message)
    return answer(request, 422, Invalid.code, detail, errors=errors)


async def on_http(request: Request, error: Exception) -> Response:
    """Answer what the framework itself refuses: no such address, no such method."""
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    detail = translate(request, HTTP_SAID.get(error.status_code, Invalid().message))
    code = "content-too-large" if error.status_code == 413 else phrase.lower().replace(" ", "-")  # noqa: PLR2004
    made = answer(request, error.status_code, code, detail)
    made.headers.update(error.headers or {})
    return made


async def on_database(request: Request, error: Exception) -> Response:
    """Answer what the database refused and a request can mend; raise all else again.

    A value that no column could hold, such as a NUL in a text, is the sender's to correct. A
    transaction that had to give way to another was rolled back whole, and may be sent again.
    """
    assert isinstance(error, DBAPIError)
    state = str(getattr(error.orig, "sqlstate", "") or "")
    if state.startswith(BAD_DATA):
        return await on_refusal(request, Invalid())
    if state in OVERTAKEN:
        return await on_refusal(request, Conflict())
    if away(error):
        return await on_away(request, error)
    raise error


async def on_away(request: Request, error: Exception) -> Response:
    """Answer while the database is away, or all connections to it are taken: it passes."""
    log.warning("the database could not be reached: %s", type(error).__name__)
    detail = translate(request, AWAY)
    made = answer(request, 503, DatabaseAway.code, detail)
    made.headers["Retry-After"] = str(TRY_AGAIN_S)
    return made


async def on_crash(request: Request, _error: Exception) -> Response:
    """Answer an error of ours; the server logs it besides."""
    return answer(request, 500, "server-error", translate(request, SERVER_ERROR))


def install(app: FastAPI) -> None:
    """Let these functions answer for whatever routes raise."""
    app.add_exception_handler(Refusal, on_refusal)
    app.add_exception_handler(Again, on_again)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(DBAPIError, on_database)
    app.add_exception_handler(DatabaseAway, on_away)
    app.add_exception_handler(PoolExhausted, on_away)
    app.add_exception_handler(Exception, on_crash)
