"""Ordering and stopping a recording, for programs."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from remote_court.calls import recording
from remote_court.calls.reasons import LONGEST_REASON
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.guards import Signed
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id

router = APIRouter(prefix="/api/v1", tags=["calls"], route_class=OnceRoute)


class OrderIn(BaseModel):
    """Why a call shall be recorded."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "Order of branch 3"}]})

    reason: str = Field(min_length=1, max_length=LONGEST_REASON)


class RecordingOut(BaseModel):
    """The recording that runs; none: nothing is recorded."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"recording": "7"}]})

    recording: str | None


@router.post("/sessions/{session_id}/recording")
async def order(
    session_id: Id, wish: OrderIn, actor: Signed, work: Work, now: Now, site: SiteDep, _key: Key
) -> RecordingOut:
    """Have a call recorded from now on; everybody in it is told at once.

    Who may, if anybody, is said by policy and the kind of session; a lawyer's talk never is.
    """
    ready = site.settings.recording_keys() is not None
    standing = await recording.order(work, actor, session_id, wish.reason, now, ready=ready)
    return RecordingOut(recording=str(standing.recording_id))


@router.delete("/sessions/{session_id}/recording")
async def stop(session_id: Id, actor: Signed, work: Work, now: Now, _key: Key) -> RecordingOut:
    """End the recording of a call that goes on."""
    await recording.stop(work, actor, session_id, now)
    return RecordingOut(recording=None)
