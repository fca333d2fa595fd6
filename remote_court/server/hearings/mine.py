"""My hearings: what concerns a party, a witness or a lawyer, when, and where to go."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from remote_court import policy
from remote_court.clock import local
from remote_court.hearings import diary_queries
from remote_court.hearings.minutes.access import signed_by
from remote_court.server.deps import Now, Work
from remote_court.server.guards import Signed
from remote_court.server.hearings import words
from remote_court.server.pages import render

router = APIRouter(prefix="/hearings", include_in_schema=False)


@router.get("")
async def mine(request: Request, actor: Signed, work: Work, now: Now) -> Response:
    """List the sittings somebody is to attend, and those that are over."""
    coming = await diary_queries.own(work, actor.person_id, now)
    past = await diary_queries.own(work, actor.person_id, now, past=True)
    rule = await policy.current(work, local(now).date())
    early = rule.minutes("hearing.join_open_before_min")
    return render(
        request,
        "hearings/mine.html",
        coming=coming,
        past=past,
        signs=await signed_by(work, actor.person_id),
        words=words,
        now=now,
        early=early,
    )
