"""Visits that lost their place to a closure and wait for another."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from remote_court.server.deps import Now, Work
from remote_court.server.listing import Id
from remote_court.server.office.shared import around, at_desk
from remote_court.server.pages import render
from remote_court.visits.desk import displaced

router = APIRouter(include_in_schema=False, dependencies=[Depends(at_desk)])


@router.get("/desk/{office_id}/displaced")
async def waiting(request: Request, work: Work, now: Now, office_id: Id) -> Response:
    """List them, the next one first."""
    page = await around(work, office_id)
    lines = await displaced(work, office_id)
    return render(request, "office/displaced.html", **page, lines=lines, now=now)
