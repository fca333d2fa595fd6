"""Name the interpreter of a visit in which somebody does not speak Persian."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.audit import Act, record
from remote_court.calls import withdraw
from remote_court.db import violates
from remote_court.errors import Invalid, NotFound, WrongState
from remote_court.people import AccountStatus, Actor, Person, Role, SanaAccount
from remote_court.scheduling.hold import SlotTaken
from remote_court.scheduling.models import Reservation
from remote_court.visits import letters
from remote_court.visits.door import DESK, Opened, open_visit
from remote_court.visits.status import Status

NAMEABLE = frozenset({Status.REQUESTED, Status.BOOKED, Status.IN_PROGRESS})


class NoInterpreter(Invalid):
    """No active account was found by this number; an interpreter registers like everybody."""


class NotTheirOwn(Invalid):
    """A visitor or the prisoner cannot interpret their own visit; name somebody else."""


async def name_interpreter(
    session: AsyncSession, actor: Actor, visit_id: int, number: str, now: datetime
) -> Opened:
    """Name an interpreter by national ID or FIDA code; their time is reserved with the visit's.

    An interpreter named before is free again.

    Raises:
        NotFound: no such visit at the actor's office or prison.
        WrongState: the visit is over, or asks for no interpreter.
        NoInterpreter: nobody active has this number.
        NotTheirOwn: it is somebody who takes part already.
        SlotTaken: the interpreter is in another session then.
    """
    opened = await open_visit(session, visit_id)
    visit, role = opened.visit, standing(actor, opened)
    if opened.status not in NAMEABLE or not visit.needs_interpreter:
        raise WrongState
    person_id = await interpreter_by(session, number, {visit.inmate_id, *opened.visitor_ids})
    before = visit.interpreter_id
    if person_id != before:
        await reserve(session, opened, person_id)
    visit.interpreter_id = person_id
    await session.flush()
    if before is not None and person_id != before:
        await withdraw.of_person(session, before, actor.person_id, now)
    await outbox.put(session, *letters.live(visit.id, visit.office_id, visit.prison_id, now))
    place = visit.office_id if role is Role.OFFICE_CLERK else visit.prison_id
    act = Act("visit.interpreter_named", letters.VISIT, visit.id, actor.person_id, role, place)
    await record(session, now, act)
    return opened


async def interpreter_by(session: AsyncSession, number: str, taking_part: AbstractSet[int]) -> int:
    """Who has this national ID or FIDA code and may interpret between those who take part.

    Raises:
        NoInterpreter: nobody active has this number.
        NotTheirOwn: it is somebody who takes part already.
    """
    person_id = await session.scalar(
        select(Person.id)
        .join(SanaAccount, SanaAccount.person_id == Person.id)
        .where((Person.national_id == number) | (Person.fida_code == number))
        .where(SanaAccount.status == AccountStatus.ACTIVE)
    )
    if person_id is None:
        raise NoInterpreter(where="interpreter")
    if person_id in taking_part:
        raise NotTheirOwn(where="interpreter")
    return person_id


async def need_interpreter(
    session: AsyncSession, person_id: int, taking_part: AbstractSet[int]
) -> None:
    """Go on only if this person may interpret between those who take part.

    Raises:
        NoInterpreter: they have no active account.
        NotTheirOwn: it is somebody who takes part already.
    """
    if person_id in taking_part:
        raise NotTheirOwn(where="interpreter_id")
    account = await session.get(SanaAccount, person_id)
    if account is None or account.status is not AccountStatus.ACTIVE:
        raise NoInterpreter(where="interpreter_id")


def standing(actor: Actor, opened: Opened) -> Role:
    """As what staff name an interpreter here.

    Raises:
        NotFound: it is neither one's office nor one's prison.
    """
    if actor.holds_at(opened.visit.office_id, *DESK):
        return Role.OFFICE_CLERK
    if actor.holds_at(opened.visit.prison_id, Role.PRISON_OFFICER):
        return Role.PRISON_OFFICER
    raise NotFound


async def reserve(session: AsyncSession, opened: Opened, person_id: int) -> None:
    """Reserve the interpreter for as long as the room, in place of the one before.

    Raises:
        SlotTaken: they are in another session then.
        WrongState: the visit has lost its places.
    """
    held = {
        row.resource_id: row
        for row in await session.scalars(
            select(Reservation).where(Reservation.session_id == opened.visit.id)
        )
    }
    if before := held.get(opened.visit.interpreter_id or 0):
        await session.delete(before)
        await session.flush()
    place = held.get(opened.visit.inmate_id)
    if place is None:
        raise WrongState
    during = place.during
    values = {"session_id": opened.visit.id, "resource_id": person_id, "during": during}
    try:
        await session.execute(insert(Reservation).values(values))
    except IntegrityError as error:
        if violates(error, "reservation_no_overlap"):
            raise SlotTaken(person_id) from error
        raise
