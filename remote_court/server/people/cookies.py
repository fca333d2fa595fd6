"""The cookies of sign-in: the session's, and what stands between password and code."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.people import sessions, vault
from remote_court.people.codes import Purpose
from remote_court.people.tokens import hashed
from remote_court.server.deps import site_of
from remote_court.server.identity import COOKIE as SESSION
from remote_court.server.identity import Known
from remote_court.server.locale import local_path

PENDING: Final = "rc_pending"
PENDING_LIFE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Pending:
    """Who has shown a password, or says they forgot it, and must now show a code.

    ``person_id`` is 0 for an unknown number, so that its page looks like any other. ``shown``
    is the code itself, only where the page shows codes.
    """

    person_id: int
    purpose: Purpose
    sent_to: str = ""
    next: str = "/"
    shown: str = ""


READER = TypeAdapter(Pending)


def put_pending(response: Response, request: Request, pending: Pending) -> None:
    """Give the browser a cookie only we can read."""
    site = site_of(request)
    text = READER.dump_json(READER.validate_python(asdict(pending))).decode()
    locked = vault.lock(site.key, PENDING, text, site.now())
    response.set_cookie(
        PENDING,
        locked,
        max_age=int(PENDING_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=site.settings.secure,
    )


def pending_of(request: Request, purpose: Purpose) -> Pending | None:
    """What the browser is in the middle of, if it is this and not too old."""
    site = site_of(request)
    locked = request.cookies.get(PENDING, "")
    text = vault.unlock(site.key, PENDING, locked, site.now(), PENDING_LIFE)
    try:
        pending = READER.validate_json(text or "")
    except ValidationError:
        return None
    return pending if pending.purpose == purpose else None


async def sign_browser_in(
    session: AsyncSession, request: Request, person_id: int, target: str, now: datetime
) -> RedirectResponse:
    """Open a session under a new word, closing the browser's old one, and lead on."""
    site = site_of(request)
    if old := request.cookies.get(SESSION):
        await sessions.close_session(session, hashed(old))
    token = await sessions.open_session(session, person_id, now)
    answer = RedirectResponse(local_path(target), 303)
    answer.set_cookie(SESSION, token, httponly=True, samesite="lax", secure=site.settings.secure)
    answer.delete_cookie(PENDING)
    forget(request, person_id)
    return answer


def forget(request: Request, person_id: int) -> None:
    """Ask the database anew who this is."""
    known: Known = request.app.state.known
    known.forget(person_id)
