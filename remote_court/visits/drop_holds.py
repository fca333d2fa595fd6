"""Give up what somebody held while choosing, because they chose again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.scheduling import hold

HELD = text(
    """
    SELECT s.id FROM visit v JOIN session s ON s.id = v.id
    WHERE v.booked_for = :person AND s.status = 'held' ORDER BY s.id
    """
).bindparams(bindparam("person", type_=BigInteger))
DROP = text(
    """
    WITH dropped AS (
        UPDATE session s SET status = 'lapsed', hold_until = NULL
        WHERE s.id IN (SELECT id FROM session WHERE id = ANY (:ids) AND status = 'held'
                       ORDER BY id FOR UPDATE)
        RETURNING s.id
    )
    DELETE FROM reservation r USING dropped d WHERE r.session_id = d.id
    """
).bindparams(bindparam("ids", type_=ARRAY(BigInteger)))


@dataclass(frozen=True, slots=True)
class Holds:
    """What somebody holds, and the lock keys of the places in it."""

    ids: tuple[int, ...] = ()
    keys: frozenset[int] = frozenset()


NONE = Holds()


async def holds_of(session: AsyncSession, person_id: int) -> Holds:
    """What a person holds at this moment, lapsed or not."""
    ids = tuple(await session.scalars(HELD, {"person": person_id}))
    keys = [key for one in ids for key in await hold.keys_of(session, one)]
    return Holds(ids, frozenset(keys))


async def drop_holds(session: AsyncSession, holds: Holds) -> None:
    """Let these holds lapse now, unless they were confirmed in the meantime.

    The caller has locked their keys: whoever confirms a hold locks its days, then its row.
    """
    if holds.ids:
        await session.execute(DROP, {"ids": list(holds.ids)})
