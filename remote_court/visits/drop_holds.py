"""Give up what somebody held while choosing, because they chose again."""

from __future__ import annotations

from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

DROP = text(
    """
    WITH dropped AS (
        UPDATE session s SET status = 'lapsed', hold_until = NULL FROM visit v
        WHERE v.id = s.id AND v.booked_for = :person AND s.status = 'held'
        RETURNING s.id
    )
    DELETE FROM reservation r USING dropped d WHERE r.session_id = d.id
    """
).bindparams(bindparam("person", type_=BigInteger))


async def drop_holds(session: AsyncSession, person_id: int) -> None:
    """Let every hold of this person lapse now.

    In a transaction of its own, before the next hold: it locks rows of visits, and whoever
    books locks days first.
    """
    await session.execute(DROP, {"person": person_id})
