"""Write down what decides whether somebody must follow a visit, and let booked visits follow it.

That is the prisoner's language, and whether they are a security convict. Who holds a visit that
now needs somebody who knows its language is told so; of a sentence they learn nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox
from remote_court.calls.announce import look_again
from remote_court.notices.messages import MessageKind
from remote_court.people import Actor, Person
from remote_court.people.inmates import Inmate
from remote_court.visits import letters
from remote_court.visits.company import to_be_followed
from remote_court.visits.entering import AlreadySo, Stand, as_officer, inmate_of, referred, settle
from remote_court.visits.models import Visit, VisitKind
from remote_court.visits.status import Status
from remote_court.visits.touching import Coming, visits_to_come

INMATE = "inmate"
TOLD = frozenset({Status.BOOKED, Status.REQUESTED})
"""States of a visit whose holder is told; others are chosen anew, and then asked."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The inmate, of whom nobody else changes anything now, and where the officer stands."""

    inmate: Inmate
    person: Person
    stand: Stand


async def mark(
    session: AsyncSession,
    actor: Actor,
    inmate_id: int,
    *,
    security_convict: bool,
    reference: str,
    now: datetime,
) -> Sequence[int]:
    """Write down whether an inmate is a security convict, by which judgment.

    Visits in another language than Persian then need somebody named who follows them, a consul's
    too; without the mark a consul's need nobody. Returns the visits whose holders were told.

    Raises:
        NotFound: the inmate is another prison's.
        ReferenceNeeded: the judgment is not named.
        AlreadySo: it stands so already.
    """
    taken = await _take(session, actor, inmate_id, now)
    document = referred(reference)
    if taken.inmate.security_convict is security_convict:
        raise AlreadySo
    taken.inmate.security_convict = security_convict
    asked = await _follow(session, taken, now, marked=security_convict)
    act = taken.stand.act(
        "inmate.security_convict",
        (INMATE, inmate_id),
        security_convict=security_convict,
        reference=document,
        asked=list(asked),
    )
    await audit.record(session, now, act)
    return asked


async def enter_language(
    session: AsyncSession, actor: Actor, inmate_id: int, *, persian: bool, now: datetime
) -> Sequence[int]:
    """Write down whether an inmate speaks Persian; return the visits whose holders were told.

    Raises:
        NotFound: the inmate is another prison's.
    """
    taken = await _take(session, actor, inmate_id, now)
    taken.person.speaks_persian = persian
    asked = await _follow(session, taken, now)
    act = taken.stand.act(
        "inmate.language", (INMATE, inmate_id), persian=persian, asked=list(asked)
    )
    await audit.record(session, now, act)
    return asked


async def _take(session: AsyncSession, actor: Actor, inmate_id: int, now: datetime) -> Taken:
    await settle(session, inmate_id, now)
    inmate = await inmate_of(session, inmate_id, lock=True)
    stand = as_officer(actor, inmate)
    return Taken(inmate, await session.get_one(Person, inmate_id), stand)


async def _follow(
    session: AsyncSession, taken: Taken, now: datetime, *, marked: bool = False
) -> Sequence[int]:
    """Let visits to come need an interpreter or not; tell who must see to one.

    ``marked``: also of those that needed one before, who could come without a name.
    """
    await session.flush()
    mine = Visit.inmate_id == taken.inmate.person_id, Visit.kind != VisitKind.LAWYER
    coming = await visits_to_come(session, now, *mine, lock=True, begun=True)
    rows = await _rows(session, coming)
    foreign = await _foreign(session, coming)
    asked: list[int] = []
    leaving: list[outbox.Row] = []
    for visit in coming:
        row = rows[visit.id]
        needed = row.needs_interpreter
        row.needs_interpreter = to_be_followed(
            visit.kind,
            persian=taken.person.speaks_persian and foreign.isdisjoint(visit.visitor_ids),
            security_convict=taken.inmate.security_convict,
        )
        if row.needs_interpreter is not needed:
            leaving += letters.live(visit.id, visit.office_id, visit.prison_id, now)
            leaving.append(look_again(visit.id, now))
        new = row.needs_interpreter and (marked or not needed)
        if new and row.interpreter_id is None and visit.status in TOLD:
            told = {"companion": True}
            leaving.append(
                letters.letter(MessageKind.MOVED, visit.booked_for, visit.id, now, **told)
            )
            asked.append(visit.id)
    await session.flush()
    if leaving:
        await outbox.put(session, *leaving)
    return asked


async def _rows(session: AsyncSession, coming: Sequence[Coming]) -> dict[int, Visit]:
    query = select(Visit).where(Visit.id.in_([visit.id for visit in coming]))
    found = await session.scalars(query.execution_options(populate_existing=True))
    return {row.id: row for row in found}


async def _foreign(session: AsyncSession, coming: Sequence[Coming]) -> frozenset[int]:
    """The visitors who do not speak Persian."""
    visitors = {person_id for visit in coming for person_id in visit.visitor_ids}
    query = select(Person.id).where(Person.id.in_(visitors), Person.speaks_persian.is_(False))
    return frozenset(await session.scalars(query))
