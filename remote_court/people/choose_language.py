"""Choose in which language letters come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.audit import Act, record
from remote_court.errors import Invalid
from remote_court.people import queries
from remote_court.people.actor import Actor
from remote_court.people.persons import Person

LANGUAGES = ("fa", "en")


async def choose_language(
    session: AsyncSession, actor: Actor, locale: str, now: datetime
) -> Person:
    """Speak and write to this person in this language from now on.

    Raises:
        Invalid: we do not speak it.
    """
    if locale not in LANGUAGES:
        raise Invalid(where="locale")
    person = await queries.person(session, actor.person_id)
    person.locale = locale
    detail = {"locale": locale}
    act = Act("account.language", "person", person.id, actor_id=actor.person_id, detail=detail)
    await record(session, now, act)
    await session.flush()
    return person
