"""The clerk writes: sections and the roll, saved whole, over the revision that was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.audit import Act
from remote_court.db import violates
from remote_court.hearings.cast import Cast
from remote_court.hearings.in_call import HEARING
from remote_court.hearings.minutes.access import Opened, locked, writing
from remote_court.hearings.minutes.models import Minutes
from remote_court.hearings.minutes.refusals import ChangedMeanwhile, FrozenAlready
from remote_court.hearings.minutes.roll import Ticked
from remote_court.people import Actor


class Section(StrEnum):
    """A text of the minutes, in the order in which they stand."""

    OPENING = "opening"
    ORDERS = "orders"
    STATEMENTS = "statements"
    EXHIBITS = "exhibits"
    CLOSING = "closing"
    NEXT_DATE = "next_date"


@dataclass(frozen=True, slots=True)
class Draft:
    """What the clerk sends: over which revision (0: none yet), texts, and the roll."""

    revision: int
    sections: Mapping[Section, str]
    roll: Mapping[int, Ticked]


async def save(
    session: AsyncSession, actor: Actor, hearing_id: int, draft: Draft, now: datetime
) -> Minutes:
    """Keep a draft.

    Raises:
        NotFound, Forbidden, NoMinutesNow: as ``writing``.
        FrozenAlready: they are closed.
        ChangedMeanwhile: another revision than the one read is there.
    """
    opened = await writing(session, actor, hearing_id, now)
    minutes = await locked(session, hearing_id)
    if minutes is not None and minutes.frozen_at is not None:
        raise FrozenAlready
    if (minutes.revision if minutes is not None else 0) != draft.revision:
        raise ChangedMeanwhile
    if minutes is None:
        minutes = Minutes(hearing_id=hearing_id, revision=0)
        session.add(minutes)
    minutes.revision = draft.revision + 1
    minutes.sections = {section.value: draft.sections.get(section, "") for section in Section}
    minutes.roll = {str(who): ticked.as_json() for who, ticked in draft.roll.items()}
    minutes.written_by, minutes.written_at = actor.person_id, now
    await flushed(session)
    await write(session, opened, actor, "saved", now, revision=minutes.revision)
    return minutes


async def flushed(session: AsyncSession) -> None:
    """Send it; two first savings at once are the same as two of one revision."""
    try:
        async with session.begin_nested():
            await session.flush()
    except IntegrityError as error:
        if violates(error, "minutes_pkey"):
            raise ChangedMeanwhile from error
        raise


async def write(
    session: AsyncSession, opened: Opened, actor: Actor, verb: str, now: datetime, **detail: object
) -> None:
    """Write an act on the minutes down."""
    act = Act(
        f"minutes.{verb}",
        HEARING,
        opened.facts.id,
        actor_id=actor.person_id,
        role=opened.cast if isinstance(opened.cast, Cast) else actor.role,
        place_id=opened.facts.branch_id,
        detail=detail,
    )
    await audit.record(session, now, act)
