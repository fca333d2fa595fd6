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
from remote_court.policy import Policy
from remote_court.scheduling.availability import free_starts
from remote_court.scheduling.opening import openings
from remote_court.scheduling.queries import taken, units_of
from remote_court.visits import company
from remote_court.visits.drop_holds import holds_of
from remote_court.visits.models import Visit, VisitKind
from remote_court.visits.request import Request, lengths
from remote_court.visits.whereabouts import whereabouts

NEAREST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Where to look: like a request, but for a stretch of days, both included.

    ``standing``: for a visit that stands already, which may be sooner than a new one.
    ``moving`` names it, and ``holder`` who chooses: what that visit and their holds keep is
    free for them.
    """

    inmate_id: int
    office_id: int
    visitor_ids: tuple[int, ...]
    first: date
    last: date
    kind: VisitKind = VisitKind.FAMILY
    step_free: bool = False
    standing: bool = False
    holder: int | None = None
    moving: int | None = None


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
        NotFound: no such office, or no such inmate for all of these visitors.
    """
    found = await whereabouts(session, search.inmate_id, search.visitor_ids)
    if found is None or not found.all_tied:
        raise NotFound
    prison_id = found.prison_id
    first, last = window(search, now, rule)
    if first > last:
        return []
    places = await openings(session, [search.office_id, prison_id], first, last)
    if places.office(search.office_id) is None:
        raise NotFound
    told, reserved = lengths(search.kind, rule)
    group = await group_of(session, search.visitor_ids)
    starts: list[datetime] = []
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        whom = company.audiences_for(search.kind, group, day, rule)
        starts += [start for start in places.starts(day, reserved, whom) if start > now]
    if not starts:
        return []
    features = {search.office_id: frozenset({"step_free"})} if search.step_free else {}
    pools = await units_of(session, [search.office_id, prison_id], features)
    people = [search.inmate_id, *search.visitor_ids]
    resources = [*people, *(unit for units in pools.values() for unit in units)]
    span = Interval(starts[0], starts[-1] + reserved)
    own = await ignored(session, search)
    standing = await taken(session, resources, span, now, ignoring=own)
    return [
        Slot(free.start, free.start + told, free.count)
        for free in free_starts(starts, reserved, pools, people, standing)
    ]


async def ignored(session: AsyncSession, search: Search) -> Sequence[int]:
    """Sessions whose places are given up by whoever takes one of the starts."""
    held = (await holds_of(session, search.holder)).ids if search.holder else ()
    # Only a visit to the same inmate: when others are visited is not to be found out so.
    own = select(Visit.id).where(Visit.id == search.moving, Visit.inmate_id == search.inmate_id)
    return [*held, *(await session.scalars(own) if search.moving else ())]


def window(search: Search, now: datetime, rule: Policy) -> tuple[date, date]:
    """The days asked for, within those that can be booked."""
    today = local(now).date()
    least, most = rule.between("visit.book_ahead_days")
    least = 0 if search.standing else least
    return (
        max(search.first, today + timedelta(days=least)),
        min(search.last, today + timedelta(days=most)),
    )


async def group_of(
    session: AsyncSession, visitor_ids: Sequence[int]
) -> Sequence[tuple[Gender, date]]:
    """The gender and the birthday of each visitor."""
    query = select(Person.gender, Person.born_on).where(Person.id.in_(visitor_ids))
    return [(Gender(gender), born) for gender, born in await session.execute(query)]


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
        holder=request.booked_for if request.held else None,
    )
    free = [slot for slot in await slots(session, search, now, rule) if slot.free]
    free.sort(key=lambda slot: abs(slot.starts_at - request.starts_at))
    return sorted(free[:NEAREST], key=lambda slot: slot.starts_at)
