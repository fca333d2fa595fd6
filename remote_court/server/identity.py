"""Who sends this request: read once, before any route, from a cookie or a bearer token.

Who somebody is, is remembered for a few seconds, because every request asks. So a revoked role
or a sign-out on another node takes effect within ``REMEMBER_S``; on this node at once.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from remote_court.clock import monotonic
from remote_court.db import Database, DatabaseAway, away
from remote_court.people import sessions
from remote_court.people.actor import Actor
from remote_court.people.tokens import hashed
from remote_court.server.deps import site_of
from remote_court.server.place import remember
from remote_court.server.programs import MEDIA

COOKIE = "rc_session"
REMEMBER_S = 3.0
REMEMBERED_MAX = 20_000


class Known:
    """Who is behind a hash, for a few seconds."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, tuple[float, Actor]] = OrderedDict()

    def get(self, token_hash: bytes) -> Actor | None:
        """The actor, if asked for within the last seconds."""
        found = self._seen.get(token_hash)
        if found is None or monotonic() - found[0] > REMEMBER_S:
            return None
        return found[1]

    def put(self, token_hash: bytes, actor: Actor) -> None:
        """Remember; the oldest go when there are too many."""
        self._seen[token_hash] = (monotonic(), actor)
        self._seen.move_to_end(token_hash)
        while len(self._seen) > REMEMBERED_MAX:
            self._seen.popitem(last=False)

    def forget(self, person_id: int) -> None:
        """Ask the database again about this person."""
        for token_hash in [h for h, (_, a) in self._seen.items() if a.person_id == person_id]:
            del self._seen[token_hash]


class Identity:
    """Middleware: fills ``state.user`` (an :class:`Actor` or none) and ``state.token``."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look the sender up, unless the path is one that never asks."""
        if scope["type"] in {"http", "websocket"}:
            state = scope.setdefault("state", {})
            state.update(user=None, cookie=None, bearer=False, away=None)
            if not scope["path"].startswith(("/static/", "/healthz", *MEDIA)):
                try:
                    await self.recognise(HTTPConnection(scope))
                except (DatabaseAway, SQLAlchemyError) as error:
                    if not away(error):
                        raise
                    state["away"] = error
        await self.app(scope, receive, send)

    async def recognise(self, connection: HTTPConnection) -> None:
        """A bearer token wins over a cookie: it was sent on purpose."""
        site, state = site_of(connection), connection.state
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        state.bearer = scheme.lower() == "bearer"
        if not state.bearer:
            state.cookie = token = connection.cookies.get(COOKIE, "")
        if token:
            known: Known = connection.app.state.known
            state.user = await look_up(
                known, site.database, token, bearer=state.bearer, now=site.now()
            )
        if state.user and state.cookie:
            await remember(connection, state.user)


async def known_or_away(connection: HTTPConnection) -> None:
    """Dependency of the whole site: nobody is taken for a stranger because we could not look.

    Raises:
        DatabaseAway, SQLAlchemyError: what kept us from looking.
    """
    if connection.scope["type"] == "http" and connection.state.away is not None:
        error: Exception = connection.state.away
        raise error


async def look_up(
    known: Known, database: Database, token: str, *, bearer: bool, now: datetime
) -> Actor | None:
    """Who holds this token, from memory or in one query."""
    token_hash = hashed(token)
    if actor := known.get(token_hash):
        return actor
    async with database.singly() as session:
        if bearer:
            actor = await sessions.by_token(session, token_hash, now)
        else:
            actor = await sessions.by_session(session, token_hash, now)
            if actor:
                await sessions.touch(session, token_hash, now)
    if actor:
        known.put(token_hash, actor)
    return actor
