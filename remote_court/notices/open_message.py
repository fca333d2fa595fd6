"""Open a message: whoever reads it has seen it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.errors import NotFound
from remote_court.notices import queries
from remote_court.notices.messages import Message
from remote_court.people import Actor


async def open_message(
    session: AsyncSession, actor: Actor, message_id: int, now: datetime
) -> Message:
    """One of one's own messages, read from now on.

    Raises:
        NotFound: no such message of one's own.
    """
    message = await queries.message(session, actor.person_id, message_id)
    if message is None:
        raise NotFound
    if message.read_at is None:
        message.read_at = now
        await session.flush()
    return message
