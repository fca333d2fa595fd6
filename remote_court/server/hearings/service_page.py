"""The state of service of a sitting, as the branch's clerk and judge see it."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from remote_court.calendars.deadlines import Standing
from remote_court.hearings import door
from remote_court.hearings.service_state import service_state
from remote_court.server.deps import Now, Work
from remote_court.server.guards import Signed
from remote_court.server.listing import Id
from remote_court.server.locale import N_, translate
from remote_court.server.notices.hearing_words import AS
from remote_court.server.notices.proof import METHODS, STATES
from remote_court.server.pages import render

router = APIRouter(prefix="/hearings", include_in_schema=False)
SAID: Mapping[Standing, tuple[str, str]] = {
    Standing.PROVISIONAL: (N_("Provisional: not everybody is served yet"), "warn"),
    Standing.CONFIRMED: (N_("Everybody is served in time; the date stands"), "good"),
    Standing.TOO_EARLY: (N_("The clear days do not run out before this date"), "bad"),
}


@router.get("/{hearing_id}/service")
async def served(request: Request, actor: Signed, work: Work, now: Now, hearing_id: Id) -> Response:
    """Who is served how and since when, with the way to each notice and its proof."""
    opened = await door.seen(work, actor, hearing_id)
    state = await service_state(work, opened, now)
    said, tone = SAID[state.standing]
    return render(
        request,
        "hearings/service.html",
        starts_at=opened.session.starts_at,
        standing=translate(request, said),
        tone=tone,
        earliest=state.earliest,
        recipients=state.recipients,
        roles={role: translate(request, name) for role, name in AS.items()},
        states={state: translate(request, name) for state, name in STATES.items()},
        methods={method: translate(request, name) for method, name in METHODS.items()},
    )
