"""Cancel a sitting: its places are free at once, and everybody who was summoned is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox
from remote_court.calls.announce import look_again
from remote_court.hearings import queries
from remote_court.hearings.door import Opened, act, opened_by, said
from remote_court.hearings.letters import Serving
from remote_court.hearings.status import Status
from remote_court.hearings.telling import Audience, announce, live
from remote_court.people import Actor
from remote_court.scheduling.hold import release


async def cancel(
    session: AsyncSession, actor: Actor, hearing_id: int, reason: str, now: datetime
) -> Opened:
    """Cancel a sitting of one's own branch, with the reason.

    Raises:
        Forbidden, NotFound: it is not their branch's.
        WhyNeeded: no reason is given.
        WrongState: it is under way or has ended already.
    """
    opened = await opened_by(session, actor, hearing_id)
    why = said(reason)
    opened.move_to(Status.CANCELLED)
    await end(session, actor, opened, why, now)
    audience = await audience_of(session, opened)
    was = opened.session.starts_at
    await announce(session, opened.hearing, audience, Serving.CANCELLED, now, was=was)
    done = act(actor, "cancelled", hearing_id, opened.hearing.branch_id, reason=why)
    await audit.record(session, now, done)
    return opened


async def audience_of(session: AsyncSession, opened: Opened) -> Audience:
    """Whom a sitting concerns."""
    parties = await queries.parties(session, opened.hearing.case_id)
    return Audience(parties, frozenset(part.party_id for part in opened.parts))


async def end(
    session: AsyncSession, actor: Actor, opened: Opened, reason: str | None, now: datetime
) -> None:
    """Give up its places and write down that it has ended, by whom and why."""
    hearing = opened.hearing
    await release(session, hearing.id)
    hearing.ended_at, hearing.ended_by, hearing.end_reason = now, actor.person_id, reason
    await session.flush()
    rows = live(hearing, opened.places, now)
    await outbox.put(session, *rows, look_again(hearing.id, now))
