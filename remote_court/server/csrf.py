"""That a form was made by us, for this very browser.

A token is bound to the browser's session cookie, or before sign-in to a cookie of its own, by a
keyed hash with a salt of its own: no two pages carry the same token, so that compression gives
nothing away.
"""

from __future__ import annotations

import hmac
import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from remote_court.people.tokens import sealed
from remote_court.server.deps import site_of
from remote_court.server.identity import COOKIE as SESSION
from remote_court.server.programs import PROGRAMS, for_programs
from remote_court.server.refusals import FormNotOurs

COOKIE = "rc_csrf"
FIELD, HEADER = "csrf", "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def token_for(key: bytes, binding: str) -> str:
    """A token for the browser whose cookie is ``binding``."""
    salt = secrets.token_urlsafe(9)
    return f"{salt}.{sealed(key, f'csrf {salt}', binding).hex()[:32]}"


def fits(key: bytes, binding: str, token: str) -> bool:
    """Whether we made this token for this browser."""
    salt, _, proof = token.partition(".")
    wanted = sealed(key, f"csrf {salt}", binding).hex()[:32]
    return bool(binding) and hmac.compare_digest(wanted.encode(), proof.encode())


class Csrf:
    """Middleware: fills ``state.csrf``, and gives a browser its cookie with its first page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Make a token, and set the cookie it is bound to where there is none."""
        if scope["type"] != "http" or scope["path"].startswith((*PROGRAMS, "/static/")):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        site = site_of(connection)
        known = binding_of(connection)
        binding = known or secrets.token_urlsafe(18)
        connection.state.csrf = token_for(site.key, binding)

        async def introduced(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    secure = "; Secure" if site.settings.secure else ""
                    headers.append(
                        "set-cookie", f"{COOKIE}={binding}; Path=/; HttpOnly; SameSite=Lax{secure}"
                    )
            await send(message)

        await self.app(scope, receive, send if known else introduced)


def binding_of(connection: HTTPConnection) -> str:
    """The cookie a token of this browser is bound to; empty before its first page."""
    return connection.cookies.get(SESSION) or connection.cookies.get(COOKIE, "")


async def ours(connection: HTTPConnection) -> None:
    """Dependency of the whole site: an unsafe request by cookie carries a token of ours.

    A bearer token is proof by itself: no browser adds it to a stranger's form.

    Raises:
        FormNotOurs: there is no token, or it is another browser's.
    """
    if not isinstance(connection, Request) or connection.method in SAFE:
        return
    api = for_programs(connection)
    if connection.state.bearer or (api and not connection.state.cookie):
        return
    token = connection.headers.get(HEADER)
    if token is None and not api:
        token = str((await connection.form()).get(FIELD, ""))
    if not fits(site_of(connection).key, binding_of(connection), token or ""):
        raise FormNotOurs
