"""The operators' page of line tests: try this browser, give out tickets, close rooms."""

from __future__ import annotations

import secrets
from typing import Any

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.calls import line_tests, queries
from remote_court.calls.line_tests import As, Wish
from remote_court.calls.refusals import NoWorker
from remote_court.errors import Invalid
from remote_court.server.calls.api import ticket_out
from remote_court.server.calls.line_tests import Operator, Room, operator
from remote_court.server.calls.texts import texts
from remote_court.server.calls.workers import origins
from remote_court.server.deps import Now, SiteDep, Work, site_of
from remote_court.server.fields import Form
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.locale import locale_of
from remote_court.server.pages import render
from remote_court.server.problems import Again, said

router = APIRouter(
    prefix="/line-test",
    include_in_schema=False,
    dependencies=[Depends(operator)],
    route_class=OnceRoute,
)
TYPED = {"room": "", "as": As.PRESENTER.value, "minutes": "60", "people": "8"}


@router.get("")
async def overview(request: Request, work: Work, now: Now) -> Response:
    """Show the test of this browser, the form for tickets, and the open rooms."""
    return render(request, "calls/line_test.html", **await shown(request, work, now))


@router.post("/tickets")
async def ticket(
    request: Request, form: Form, actor: Operator, work: Work, now: Now, site: SiteDep
) -> Response:
    """Make a ticket and show it, this once."""
    typed = {name: form.text(name) or value for name, value in TYPED.items()}
    try:
        entry = await line_tests.enter(work, wish(typed), actor.person_id, now)
    except (Invalid, NoWorker) as refusal:
        where = (refusal.where if isinstance(refusal, Invalid) else None) or "room"
        errors = {where: said(request, refusal)}
        page = await shown(request, work, now, typed=typed, errors=errors)
        raise Again(render(request, "calls/line_test.html", status=422, **page)) from refusal
    made = ticket_out(entry, site.key)
    page = await shown(request, work, now, typed=typed, ticket=made)
    return render(request, "calls/line_test.html", **page)


@router.post("/{room}/end")
async def end(room: Room, actor: Operator, work: Work, now: Now, _key: Key) -> Response:
    """Close a room for everybody in it."""
    await line_tests.end(work, room, actor.person_id, now)
    return RedirectResponse("/line-test", 303)


def wish(typed: dict[str, str]) -> Wish:
    """What was typed, as a wish; raises Invalid with the field's name."""
    if typed["as"] not in tuple(As):
        raise Invalid(where="as")
    return Wish(
        room=typed["room"],
        as_=As(typed["as"]),
        minutes=whole(typed["minutes"], "minutes"),
        people=whole(typed["people"], "people"),
    )


def whole(text: str, where: str) -> int:
    """A number of up to three digits, Persian ones too; raises Invalid."""
    if not text.isdecimal() or len(text) > 3:  # noqa: PLR2004
        raise Invalid(where=where)
    return int(text)


async def shown(
    request: Request,
    work: AsyncSession,
    now: Now,
    *,
    typed: dict[str, str] = TYPED,
    errors: dict[str, str] | None = None,
    ticket: Any = None,
) -> dict[str, Any]:
    """What the page shows."""
    return {
        "connect": (*site_of(request).connect, *await origins(work)),
        "typed": typed,
        "errors": errors or {},
        "ticket": ticket,
        "rooms": await queries.line_tests(work, now),
        "island": {
            "locale": locale_of(request),
            "csrf": request.state.csrf,
            "room": f"here-{secrets.token_hex(3)}",
            "texts": texts(request),
        },
    }
