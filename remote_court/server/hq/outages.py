"""Outages of the system, as they stand beside proofs of service; operators enter further ones."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.calendars import jalali
from remote_court.calendars.opening_hours import on_wall
from remote_court.errors import Invalid
from remote_court.notices.enter_outage import enter_outage
from remote_court.notices.outages import Outage
from remote_court.people import Actor, Role
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form, wall_clock
from remote_court.server.guards import needs
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.pages import render
from remote_court.server.problems import Again

operator = needs(Role.OPERATOR)
Operator = Annotated[Actor, Depends(operator)]
router = APIRouter(
    prefix="/operator/outages",
    include_in_schema=False,
    dependencies=[Depends(operator)],
    route_class=OnceRoute,
)
SHOWN = 100


@router.get("")
async def shown(request: Request, work: Work) -> Response:
    """The latest outages, and the form."""
    return await page(request, work)


async def page(request: Request, work: AsyncSession, form: Fields | None = None) -> Response:
    """The page, with what is wrong in the form."""
    latest = select(Outage).order_by(Outage.ended_at.desc(), Outage.id.desc()).limit(SHOWN)
    return render(
        request,
        "hq/outages.html",
        status=422 if form else 200,
        outages=(await work.scalars(latest)).all(),
        errors=form.errors if form else {},
        typed=form.text if form else lambda _name: "",
    )


@router.post("")
async def enter(
    request: Request, actor: Operator, form: Form, work: Work, now: Now, _key: Key
) -> Response:
    """Write an outage down."""
    start, end = moment(form, "day", "from"), moment(form, "until_day", "until")
    reason = form.read("reason", str)
    try:
        if start is not None and end is not None and reason is not None:
            await enter_outage(work, actor, start, end, reason, now)
    except Invalid as refusal:
        form.refuse(refusal)
    if form.errors:
        raise Again(await page(request, work, form))
    return RedirectResponse("/operator/outages", 303)


def moment(form: Fields, day: str, at: str) -> datetime | None:
    """A day and an hour as typed; none, with errors noted, where they cannot be read."""
    on, hour = form.read(day, jalali.read), form.read(at, wall_clock)
    return None if on is None or hour is None else on_wall(on, hour)
