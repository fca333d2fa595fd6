"""Open a message: whoever reads it has seen it, and a notice has its effects of actual service.

Source:
    1395 bylaw, art. 13.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.audit import Act, record
from remote_court.errors import NotFound
from remote_court.notices import queries, service_queries
from remote_court.notices.messages import Message, MessageKind
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
        if message.kind is MessageKind.NOTICE:
            await _viewed(session, message.id, actor.person_id, now)
        await session.flush()
    return message


async def _viewed(session: AsyncSession, message_id: int, person_id: int, now: datetime) -> None:
    notice = await service_queries.of_message(session, message_id)
    if notice is None or notice.viewed_at is not None:
        return
    # Another node may have delivered it by a clock a little ahead of ours.
    notice.viewed_at = max(now, notice.delivered_at or now)
    detail = {"session": notice.session_id}
    act = Act("notice.viewed", "notice", notice.id, actor_id=person_id, detail=detail)
    await record(session, now, act)
