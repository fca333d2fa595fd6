"""Messages for programs."""

from __future__ import annotations

from fastapi import APIRouter

from remote_court.notices import queries
from remote_court.server.deps import Work
from remote_court.server.guards import Signed
from remote_court.server.listing import Listing, WindowDep
from remote_court.server.notices.shapes import MessageOut, message_out

router = APIRouter(prefix="/api/v1", tags=["messages"])


@router.get("/messages")
async def messages(actor: Signed, work: Work, window: WindowDep) -> Listing[MessageOut]:
    """My messages, the newest first; listing them does not mark them as read."""
    found = await queries.inbox(work, actor.person_id, before=window.id, limit=window.limit + 1)
    shown, following = window.cut(found, lambda message: (message.id,))
    return Listing(items=[message_out(message) for message in shown], next=following)
