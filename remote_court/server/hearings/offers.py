"""Times at which a sitting could be, as a page shows them: places by name, reasons in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from remote_court.hearings.board import Seating
from remote_court.hearings.find_times import Answer, Times, find_times
from remote_court.hearings.lawful import Earliest, UnlawfulDate
from remote_court.hearings.plan import Plan
from remote_court.hearings.search import Skipped
from remote_court.people import Person
from remote_court.places import Unit
from remote_court.places.queries import names
from remote_court.server.hearings.chamber import Chamber
from remote_court.server.locale import locale_of
from remote_court.server.problems import said_reasons


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody would sit."""

    name: str
    site: str
    place: str
    unit: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One offer: when, everybody's place, and why nothing is earlier."""

    starts_at: datetime
    ends_at: datetime
    seats: Sequence[Seat]
    why: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Recipient:
    """The first lawful day of somebody who must be served, by which rule."""

    name: str
    role: str
    day: date
    served_on: date | None
    citation: str


@dataclass(frozen=True, slots=True)
class Offers:
    """What a search found, for a page."""

    offers: Sequence[Shown]
    rest: Sequence[Mapping[str, Any]]
    earliest: Sequence[Recipient]
    last: date


async def offers_for(chamber: Chamber, plan: Plan, moving: int | None = None) -> Offers:
    """Search, and say what was found.

    Raises:
        As ``find_times``.
    """
    answer = await find_times(chamber.work, chamber.actor, plan, Times(moving=moving), chamber.now)
    return await shown(chamber, answer)


async def shown(chamber: Chamber, answer: Answer) -> Offers:
    """The answer with names."""
    found = answer.found
    who = {p.id: p.name for p in answer.matter.case.parties}
    seats = [seat for offer in found.offers for seat in offer.seats]
    where = await places_of(chamber, seats)
    return Offers(
        [
            Shown(
                offer.starts_at,
                offer.ends_at,
                [named(seat, who, where) for seat in offer.seats],
                skipped(chamber, offer.skipped),
            )
            for offer in found.offers
        ],
        skipped(chamber, found.skipped),
        await recipients(chamber, found.earliest),
        found.last,
    )


async def places_of(chamber: Chamber, seats: Iterable[Seating]) -> Mapping[int, str]:
    """What offices, prisons, rooms and booths are called in the reader's language."""
    seats = list(seats)
    locale = locale_of(chamber.request)
    known = await names(chamber.work, {s.place_id for s in seats if s.place_id is not None})
    units = select(Unit).where(Unit.id.in_({s.unit_id for s in seats if s.unit_id is not None}))
    found = {place: said[locale] for place, said in known.items()}
    for unit in await chamber.work.scalars(units):
        found[unit.id] = unit.name_fa if locale == "fa" else unit.name_en
    return found


def named(seat: Seating, who: Mapping[int, str], where: Mapping[int, str]) -> Seat:
    """A seat with its names."""
    return Seat(
        who.get(seat.party_id, ""),
        seat.site,
        where.get(seat.place_id or 0, ""),
        where.get(seat.unit_id or 0, ""),
    )


def skipped(chamber: Chamber, steps: Iterable[Skipped]) -> list[dict[str, Any]]:
    """Why times were passed over, each with its days."""
    return [
        {
            "day": step.day,
            "until": step.until,
            "first": step.first,
            "last": step.last,
            **said_reasons(chamber.request, [step.reason])[0],
        }
        for step in steps
    ]


async def recipients(chamber: Chamber, earliest: Iterable[Earliest]) -> list[Recipient]:
    """The first lawful days with names, the latest first."""
    earliest = list(earliest)
    locale = locale_of(chamber.request)
    query = select(Person).where(Person.id.in_({one.person_id for one in earliest}))
    people = {person.id: person.name for person in await chamber.work.scalars(query)}
    return [
        Recipient(people[one.person_id], one.role, one.day, one.served_on, one.source.text(locale))
        for one in earliest
    ]


async def refused_days(chamber: Chamber, refusal: object) -> Sequence[Recipient]:
    """Of a date that was refused as too soon: each recipient's first lawful day."""
    if isinstance(refusal, UnlawfulDate):
        return await recipients(chamber, refusal.earliest)
    return ()
