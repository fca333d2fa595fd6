"""Try letters again that no carrier took."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.audit import Act, record
from remote_court.errors import NotFound
from remote_court.notices.messages import MessageKind
from remote_court.outbox import OutboxRow
from remote_court.people import Actor, Role


async def retry(session: AsyncSession, actor: Actor, outbox_id: int, now: datetime) -> None:
    """Put a letter that was given up on its way once more; a code is never tried again.

    Raises:
        Forbidden: not an operator.
        NotFound: no such letter waits for an operator.
    """
    actor.need(Role.OPERATOR)
    again = (
        update(OutboxRow)
        .where(
            OutboxRow.id == outbox_id,
            OutboxRow.topic == outbox.LETTER,
            OutboxRow.gave_up_at.is_not(None),
            OutboxRow.payload["kind"].astext != MessageKind.CODE,
        )
        .values(gave_up_at=None, attempts=0, due_at=now)
        .returning(OutboxRow.id)
    )
    if (await session.execute(again)).first() is None:
        raise NotFound
    act = Act("letter.retried", "letter", outbox_id, actor_id=actor.person_id, role=Role.OPERATOR)
    await record(session, now, act)
