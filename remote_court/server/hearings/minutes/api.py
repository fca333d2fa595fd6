"""The minutes of a sitting, for programs."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from remote_court.hearings.minutes.copy import file_of
from remote_court.hearings.minutes.signer_keys import CourtKeys
from remote_court.server.deps import SiteDep, Work
from remote_court.server.guards import Signed
from remote_court.server.listing import Id
from remote_court.server.visits.pages import as_file

router = APIRouter(prefix="/api/v1", tags=["hearings"])


@router.get(
    "/hearings/{hearing_id}/minutes",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "The minutes (PDF/A)."}},
)
async def minutes(hearing_id: Id, actor: Signed, work: Work, site: SiteDep) -> Response:
    """The closed minutes with every signature so far, in one PDF that can be proved offline.

    For the bench and the clerk, the parties and their lawyers, the interpreter, and the prison
    that confirms a fingerprint; 409 while the clerk still writes.
    """
    keys = CourtKeys.read(site.settings.recording_keys())
    made = await file_of(work, actor, hearing_id, keys)
    return Response(
        made, media_type="application/pdf", headers=as_file(f"minutes-{hearing_id}.pdf")
    )
