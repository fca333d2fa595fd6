"""When a visit could be: free quarter hours of an office and a prison for these visitors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.interval import Interval
from remote_court.clock import local
from remote_court.errors import NotFound
from remote_court.people import Gender, Person
from remote_court.places import Audience
from remote_court.policy import Policy
from remote_court.scheduling.availability import free_starts
from remote_court.scheduling.opening import openings
from remote_court.scheduling.queries import taken, units_of
from remote_court.visits import rules
from remote_court.visits.matter import prison_of
from remote_court.visits.models import VisitKind
from remote_court.visits.request import Request, lengths

NEAREST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Where to look: like a request, but for a stretch of days, both included.

    ``standing``: for a visit that stands already, which may be sooner than a new one.
    """

    inmate_id: int
    office_id: int
    visitor_ids: tuple[int, ...]
    first: date
    last: date
    kind: VisitKind = VisitKind.FAMILY
    step_free: bool = False
    standing: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A start, the end people are told, and how many such visits could still be booked."""

    starts_at: datetime
    ends_at: datetime
    free: int


async def slots(session: AsyncSession, search: Search, now: datetime, rule: Policy) -> list[Slot]:
    """Return every start in opening hours from one day to another, full ones with ``free`` 0.

    Days outside the booking window are left out.

    Raises:
        NotFound: no such office, or no such inmate for these visitors.
    """
    prison_id = await prison_of(session, search.inmate_id, search.visitor_ids)
    first, last = window(search, now, rule)
    if first > last:
        return []
    places = await openings(session, [search.office_id, prison_id], first, last)
    if search.office_id not in places.places:
        raise NotFound
    told, reserved = lengths(search.kind, rule)
    whom = await audiences(session, search, rule)
    starts = [
        start
        for n in range((last - first).days + 1)
        for start in places.starts(first + timedelta(days=n), reserved, whom)
        if start > now
    ]
    if not starts:
        return []
    features = {search.office_id: frozenset({"step_free"})} if search.step_free else {}
    pools = await units_of(session, [search.office_id, prison_id], features)
    people = [search.inmate_id, *search.visitor_ids]
    resources = [*people, *(unit for units in pools.values() for unit in units)]
    span = Interval(starts[0], starts[-1] + reserved)
    found = await taken(session, resources, span, now)
    return [
        Slot(free.start, free.start + told, free.count)
        for free in free_starts(starts, reserved, pools, people, found)
    ]


def window(search: Search, now: datetime, rule: Policy) -> tuple[date, date]:
    """The days asked for, within those that can be booked."""
    today = local(now).date()
    least, most = rule.between("visit.book_ahead_days")
    least = 0 if search.standing else least
    return (
        max(search.first, today + timedelta(days=least)),
        min(search.last, today + timedelta(days=most)),
    )


async def audiences(session: AsyncSession, search: Search, rule: Policy) -> frozenset[Audience]:
    """For whom the prison's hours must be."""
    if search.kind is VisitKind.LAWYER:
        return frozenset(Audience)
    adult_before = search.first - timedelta(days=round(rule.integer("visit.adult_age") * 365.2425))
    query = select(Person.gender).where(
        Person.id.in_(search.visitor_ids), Person.born_on <= adult_before
    )
    return rules.audiences_of({Gender(g) for g in await session.scalars(query)})


async def nearest(
    session: AsyncSession, request: Request, now: datetime, rule: Policy
) -> Sequence[Slot]:
    """The free starts nearest to one that was taken, in the same office, soonest first."""
    day = local(request.starts_at).date()
    search = Search(
        inmate_id=request.inmate_id,
        office_id=request.office_id,
        visitor_ids=request.visitor_ids,
        first=day - timedelta(days=7),
        last=day + timedelta(days=7),
        kind=request.kind,
        step_free=request.step_free,
    )
    free = [slot for slot in await slots(session, search, now, rule) if slot.free]
    free.sort(key=lambda slot: abs(slot.starts_at - request.starts_at))
    return sorted(free[:NEAREST], key=lambda slot: slot.starts_at)
