"""Messages for programs."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.notices import queries
from remote_court.notices.messages import Message
from remote_court.notices.open_message import open_message
from remote_court.server.deps import Now, Work
from remote_court.server.guards import Signed
from remote_court.server.listing import Id, Listing, WindowDep
from remote_court.server.notices.shapes import MessageOut, message_out

router = APIRouter(prefix="/api/v1", tags=["messages"])


@router.get("/messages")
async def messages(actor: Signed, work: Work, window: WindowDep) -> Listing[MessageOut]:
    """My messages, the newest first; listing them does not mark them as read."""
    found = await queries.inbox(work, actor.person_id, before=window.id, limit=window.limit + 1)
    shown, following = window.cut(found, lambda message: (message.id,))
    kinds = await kinds_of(work, shown)
    return Listing(items=[message_out(one, kinds) for one in shown], next=following)


@router.get("/messages/{message_id}")
async def one(actor: Signed, work: Work, now: Now, message_id: Id) -> MessageOut:
    """One of my messages; it counts as read from now on, and a notice as opened."""
    message = await open_message(work, actor, message_id, now)
    return message_out(message, await kinds_of(work, [message]))


async def kinds_of(work: AsyncSession, messages: Sequence[Message]) -> dict[int, str]:
    """The kind of each session that messages speak of."""
    found = await queries.kinds(work, {one.session_id for one in messages if one.session_id})
    return {session_id: kind for kind, ids in found.items() for session_id in ids}
