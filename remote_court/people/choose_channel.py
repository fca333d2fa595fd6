"""Choose by what one's telephone is told: a written text, or a voice that reads it out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.audit import Act, record
from remote_court.people import queries
from remote_court.people.actor import Actor
from remote_court.people.persons import Channel, Person


async def choose_channel(
    session: AsyncSession, actor: Actor, channel: Channel, now: datetime
) -> Person:
    """Reach this person's telephone by this from now on; one-time codes are always written."""
    person = await queries.person(session, actor.person_id)
    person.reminded_by = channel
    act = Act(
        "account.channel", "person", person.id, actor_id=actor.person_id,
        detail={"channel": channel},
    )  # fmt: skip
    await record(session, now, act)
    await session.flush()
    return person
