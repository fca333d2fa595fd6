"""What every entry at a prison or an office has in common: who may make it, and its record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.audit import Act
from remote_court.errors import Conflict, Forbidden, Invalid, NotFound
from remote_court.identifiers import FIDA_LEN, FidaCode, NationalId, compact
from remote_court.people import Actor, Person, Role
from remote_court.people.inmates import Inmate
from remote_court.scheduling.hold import lock
from remote_court.scheduling.wish import EPOCH_ORDINAL, day_key

DESK = (Role.OFFICE_CLERK, Role.OFFICE_MANAGER)
HORIZON_DAYS = 62
"""No booking reaches further than this; policy allows 28 days."""


class ReferenceNeeded(Invalid):
    """Enter the number and date of the document."""


class ReasonMissing(Invalid):
    """Say why; it is kept in the record."""


class UnknownPerson(Invalid):
    """Nobody with this number is registered. They register first, at an office or by themselves."""


class UnknownInmate(Invalid):
    """No prisoner has this number."""


class AlreadySo(Conflict):
    """This is entered already."""


class OneselfIsNoVisitor(Invalid):
    """The visitor and the prisoner are the same person."""


class WrongTerm(Invalid):
    """The last day must not lie before the first day, nor before today."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where somebody stands while entering something, and as what."""

    actor: Actor
    role: Role
    place_id: int

    def act(self, name: str, subject: tuple[str, int], **detail: object) -> Act:
        """The line of the record."""
        return Act(
            name,
            *subject,
            actor_id=self.actor.person_id,
            role=self.role,
            place_id=self.place_id,
            detail=detail,
        )


async def inmate_of(session: AsyncSession, inmate_id: int, *, lock: bool = False) -> Inmate:
    """The inmate; with ``lock`` nobody else changes them until the transaction ends.

    Raises:
        NotFound: there is no such inmate.
    """
    inmate = await session.get(
        Inmate, inmate_id, with_for_update=True if lock else None, populate_existing=lock
    )
    if inmate is None:
        raise NotFound
    return inmate


def keys_ahead(resource_id: int, now: datetime) -> list[int]:
    """Lock keys of a resource for every day on which it may be booked."""
    today = now.astimezone(UTC).date().toordinal() - EPOCH_ORDINAL
    return [day_key(resource_id, day) for day in range(today, today + HORIZON_DAYS)]


async def settle(session: AsyncSession, inmate_id: int, now: datetime) -> None:
    """Wait for bookings of this inmate that are being made, and stop new ones meanwhile.

    Without it, a booking that looked before a ban was entered could commit after it.
    """
    await lock(session, sorted(keys_ahead(inmate_id, now)))


def as_officer(actor: Actor, inmate: Inmate) -> Stand:
    """Stand as an officer of the inmate's own prison.

    Raises:
        Forbidden: no prison officer.
        NotFound: an officer of another prison.
    """
    actor.need_at(inmate.prison_id, Role.PRISON_OFFICER)
    return Stand(actor, Role.PRISON_OFFICER, inmate.prison_id)


def as_officer_or_clerk(actor: Actor, inmate: Inmate, place_id: int) -> Stand:
    """Stand as an officer of the inmate's prison, or at the desk of one's own office.

    Raises:
        Forbidden: neither officer nor clerk.
        NotFound: at another place than one's own.
    """
    if place_id == inmate.prison_id and actor.holds_at(place_id, Role.PRISON_OFFICER):
        return Stand(actor, Role.PRISON_OFFICER, place_id)
    for role in DESK:
        if actor.holds_at(place_id, role):
            return Stand(actor, role, place_id)
    if actor.holds(Role.PRISON_OFFICER, *DESK):
        raise NotFound
    raise Forbidden


async def person_by_number(session: AsyncSession, written: str) -> Person:
    """The person with this national ID or FIDA code, as somebody typed it.

    Raises:
        BadNationalId: neither has this form.
        UnknownPerson: nobody has it.
    """
    if len(compact(written)) == FIDA_LEN:
        query = select(Person).where(Person.fida_code == FidaCode.parse(written).value)
    else:
        query = select(Person).where(Person.national_id == NationalId.parse(written).value)
    person = (await session.scalars(query)).one_or_none()
    if person is None:
        raise UnknownPerson(where="national_id")
    return person


def stated(text: str) -> str:
    """Return a reason without blanks around it, or raise `ReasonMissing`."""
    if not (said := text.strip()):
        raise ReasonMissing(where="reason")
    return said


def referred(text: str) -> str:
    """Return a document's reference without blanks around it, or raise `ReferenceNeeded`."""
    if not (said := text.strip()):
        raise ReferenceNeeded(where="reference")
    return said


def check_other(inmate_id: int, visitor_id: int) -> None:
    """Go on only if it is somebody else than the prisoner.

    Raises:
        OneselfIsNoVisitor: it is the prisoner.
    """
    if visitor_id == inmate_id:
        raise OneselfIsNoVisitor(where="national_id")


def check_term(first: date, last: date, today: date) -> None:
    """Go on only if the days are in order and not all gone.

    Raises:
        WrongTerm: they are not.
    """
    if last < first or last < today:
        raise WrongTerm(where="last")
