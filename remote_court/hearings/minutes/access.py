"""Who may read the minutes of a sitting, and who writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from remote_court import policy
from remote_court.clock import local
from remote_court.errors import Forbidden, NotFound
from remote_court.hearings.cast import Cast
from remote_court.hearings.in_call_facts import HearingFacts, load
from remote_court.hearings.in_call_roles import concerns
from remote_court.hearings.minutes.models import Minutes, MinutesSigner
from remote_court.hearings.minutes.order import ORDER, SIGNS
from remote_court.hearings.minutes.refusals import NoMinutesNow, NotFrozen
from remote_court.hearings.models import Hearing
from remote_court.hearings.roles import Site
from remote_court.hearings.room import cast_of
from remote_court.hearings.status import Status
from remote_court.people import Actor, Role

COURT = frozenset({Cast.PRESIDING, Cast.ASSOCIATE, Cast.CLERK})
WRITTEN_IN = frozenset({Status.IN_PROGRESS, Status.HELD, Status.ADJOURNED})


@dataclass(frozen=True, slots=True)
class Opened:
    """A sitting with its minutes as they stand, and as what the reader looks at them."""

    facts: HearingFacts
    hearing: Hearing
    cast: Cast | None
    minutes: Minutes | None
    signers: Sequence[MinutesSigner]

    @property
    def is_frozen(self) -> bool:
        """Whether nothing in them changes any more."""
        return self.minutes is not None and self.minutes.frozen_at is not None


async def look(session: AsyncSession, actor: Actor, hearing_id: int) -> Opened:
    """The minutes, for the court at any time, and for those who sign once they are frozen.

    Raises:
        NotFound: the sitting is nothing to the actor.
        Forbidden: the actor neither writes nor signs them, nor confirms a prisoner's.
        NotFrozen: they will, but the clerk still writes.
    """
    facts = await load(session, hearing_id)
    cast = await cast_of(session, facts, actor)
    part = facts.part(actor.person_id)
    if not (cast in COURT or (part is not None and part.role in SIGNS) or guards(facts, actor)):
        raise Forbidden if concerns(facts, actor) else NotFound
    hearing = await session.get_one(Hearing, hearing_id)
    minutes = await session.get(Minutes, hearing_id, populate_existing=True)
    opened = Opened(facts, hearing, cast, minutes, await signers_of(session, hearing_id))
    if cast not in COURT and not opened.is_frozen:
        raise NotFrozen
    return opened


def guards(facts: HearingFacts, actor: Actor) -> bool:
    """Whether the actor is an officer of a prison from which somebody who signs attends."""
    return any(
        part.site is Site.PRISON
        and part.role in SIGNS
        and actor.holds_at(part.place_id, Role.PRISON_OFFICER)
        for part in facts.parts
    )


async def signers_of(session: AsyncSession, hearing_id: int) -> Sequence[MinutesSigner]:
    """Who signs, in their order."""
    query = select(MinutesSigner).where(MinutesSigner.hearing_id == hearing_id)
    rows = await session.scalars(query.execution_options(populate_existing=True))
    return sorted(rows, key=lambda one: (ORDER.index(one.part), one.id))


async def signed_by(session: AsyncSession, person_id: int) -> frozenset[int]:
    """The sittings whose closed minutes somebody signs."""
    query = select(MinutesSigner.hearing_id).where(MinutesSigner.person_id == person_id)
    return frozenset(await session.scalars(query))


async def locked(session: AsyncSession, hearing_id: int) -> Minutes | None:
    """The minutes, to be changed by nobody else meanwhile."""
    query = select(Minutes).where(Minutes.hearing_id == hearing_id).options(undefer("*"))
    return await session.scalar(query.with_for_update().execution_options(populate_existing=True))


async def writing(session: AsyncSession, actor: Actor, hearing_id: int, now: datetime) -> Opened:
    """Go on only for a clerk of the branch, while minutes may be written.

    Raises:
        NotFound, Forbidden: as ``look``; the bench does not write them.
        NoMinutesNow: the sitting has not begun, or ended too long ago.
    """
    opened = await look(session, actor, hearing_id)
    if opened.cast is not Cast.CLERK:
        raise Forbidden
    if not await is_time(session, opened, now):
        raise NoMinutesNow
    return opened


async def is_time(session: AsyncSession, opened: Opened, now: datetime) -> bool:
    """Whether the sitting is under way, or ended not long ago."""
    facts, ended = opened.facts, opened.hearing.ended_at
    if facts.status not in WRITTEN_IN or opened.hearing.opened_at is None:
        return False
    day = local(facts.told.start).date()
    rule = await policy.current(session, day, facts.province_code)
    return ended is None or now < ended + rule.minutes("hearing.minutes.write_after_end_min")
