"""The court's first page: today, and what waits for somebody."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.hearings import case_queries, diary_queries
from remote_court.hearings.entering import COURT
from remote_court.server import place
from remote_court.server.deps import Work
from remote_court.server.hearings.chamber import AtCourt, ChamberDep, chamber_router, court
from remote_court.server.pages import render

router = APIRouter(include_in_schema=False, dependencies=[Depends(court)])
branch_router = chamber_router()


@router.get("/court")
async def lead(request: Request, actor: AtCourt, work: Work) -> Response:
    """Lead to the branch where somebody works now."""
    here = place.current(actor, "branch", request.url.path, request.cookies)
    branches = await case_queries.branches(work, actor.places_of(*COURT))
    if here in branches:
        return RedirectResponse(f"/court/{here}", 303)
    return render(request, "hearings/no_branch.html")


@branch_router.get("")
async def home(chamber: ChamberDep) -> Response:
    """Show today's sittings, and which others need something done."""
    here, today = (chamber.work, chamber.branch.id), chamber.today
    return await chamber.page(
        "home",
        today=today,
        sittings=await diary_queries.diary(*here, today, today),
        waiting=await diary_queries.waiting(*here),
        unserved=await diary_queries.unserved(*here, chamber.now),
    )
