"""How far each recipient of a sitting is served, and from which day on it is lawful for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.deadlines import Standing
from remote_court.hearings.cancel import audience_of
from remote_court.hearings.confirm import service_of
from remote_court.hearings.door import Opened
from remote_court.hearings.lawful import Earliest
from remote_court.hearings.roles import PartyRole
from remote_court.notices.service import Service, services


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is summoned: the latest notice of the present date, and their first lawful day.

    ``earliest`` is none for who need not be served before a sitting may be held.
    """

    person_id: int
    name: str = field(repr=False)
    role: PartyRole
    service: Service | None
    earliest: Earliest | None


@dataclass(frozen=True, slots=True)
class ServiceState:
    """A sitting's service as a whole: whether its date stands, and what holds for each."""

    standing: Standing
    earliest: date | None
    recipients: Sequence[Recipient]


async def service_state(session: AsyncSession, opened: Opened, now: datetime) -> ServiceState:
    """How a sitting stands by service, person by person, in the order of the case's parties."""
    found = await service_of(session, opened, now)
    by_person: dict[int, Earliest] = {}
    for one in found.each:  # the latest day first
        by_person.setdefault(one.person_id, one)
    hearing = opened.hearing
    latest = {one.person_id: one for one in await services(session, hearing.id, hearing.date_no)}
    audience = await audience_of(session, opened)
    return ServiceState(
        standing=found.standing,
        earliest=max((one.day for one in found.each), default=None),
        recipients=[
            Recipient(
                party.person_id,
                party.name,
                party.role,
                latest.get(party.person_id),
                by_person.get(party.person_id),
            )
            for party in audience.summoned
        ],
    )
