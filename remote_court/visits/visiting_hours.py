"""A prison's visiting hours and gender days; visits left outside them are displaced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.calendars.interval import Interval
from remote_court.calendars.opening_hours import WeeklySpan, whole_day
from remote_court.clock import local
from remote_court.errors import NotFound, Reason
from remote_court.people import Actor, Gender, Person, Role
from remote_court.places import Audience, Prison, WeeklyHours
from remote_court.places.opening import FRIDAY, HoursOutOfOrder, PastDay
from remote_court.scheduling.opening import openings
from remote_court.scheduling.queries import Touched, sessions_touching
from remote_court.scheduling.rehouse import locked
from remote_court.visits import company
from remote_court.visits.booths import booths
from remote_court.visits.closures import FORESEEABLE
from remote_court.visits.displace import WAITING, Plan, carry_out, take_locks
from remote_court.visits.entering import Stand
from remote_court.visits.letters import VISIT
from remote_court.visits.models import Visit, VisitKind, VisitVisitor

HOURS_CHANGED = Reason("hours-changed", "The prison's visiting hours have changed.")
"""The reason that families read, in their language."""


@dataclass(frozen=True, order=True, slots=True)
class VisitingHours:
    """On this weekday (Saturday 0 … Friday 6) these visitors may come from ``opens`` on."""

    weekday: int
    opens: time
    closes: time
    audience: Audience = Audience.ANYONE

    def __post_init__(self) -> None:
        if self.opens >= self.closes or not 0 <= self.weekday <= FRIDAY:
            raise HoursOutOfOrder(where="hours")


@dataclass(frozen=True, slots=True)
class Week:
    """Visiting hours to be, and the first day they hold."""

    hours: tuple[VisitingHours, ...]
    valid_from: date

    def __post_init__(self) -> None:
        ordered = sorted(self.hours)
        for one, other in pairwise(ordered):
            if one.weekday == other.weekday and other.opens < one.closes:
                raise HoursOutOfOrder(where="hours")


async def outside(
    session: AsyncSession, prison_id: int, week: Week, now: datetime
) -> Sequence[Touched]:
    """Visits to come that these hours would leave outside the prison's visiting time.

    Raises:
        NotFound: there is no such prison in service.
    """
    first = max(week.valid_from, local(now).date())
    standing = await _standing(session, prison_id, max(whole_day(first).start, now), now)
    last = max((local(t.told.start).date() for t in standing), default=first)
    known = await openings(session, [prison_id], first, last)
    if prison_id not in known.places:
        raise NotFound
    here = replace(known.places[prison_id], hours=_spans(week, first))
    will = replace(known, places={prison_id: here})
    company = await _company(session, [t.session_id for t in standing])
    return [
        t
        for t in standing
        if not will.allow(t.reserved, local(t.told.start).date(), company[t.session_id])
    ]


async def change(
    session: AsyncSession, actor: Actor, prison_id: int, week: Week, now: datetime
) -> Plan:
    """Set the prison's visiting hours from a day on; visits left outside are displaced.

    Raises:
        NotFound: not one's own prison.
        PastDay: they would hold from a day before today.
    """
    actor.need_at(prison_id, Role.PRISON_OFFICER)
    if week.valid_from < local(now).date():
        raise PastDay(where="valid_from")
    await take_locks(session, prison_id, Interval(now, now + FORESEEABLE))
    if await session.get(Prison, prison_id, with_for_update=True) is None:
        raise NotFound
    standing = await _standing(session, prison_id, now, now)
    await locked(session, [t.session_id for t in standing])
    plan = Plan(lost=await outside(session, prison_id, week, now))
    await _write(session, prison_id, week)
    await carry_out(session, actor, plan, HOURS_CHANGED.message, now)
    act = Stand(actor, Role.PRISON_OFFICER, prison_id).act(
        "prison.hours_set",
        ("prison", prison_id),
        valid_from=week.valid_from.isoformat(),
        week=[f"{h.weekday} {h.opens:%H:%M}-{h.closes:%H:%M} {h.audience}" for h in week.hours],
        touched=plan.touched,
    )
    await audit.record(session, now, act)
    return plan


async def _write(session: AsyncSession, prison_id: int, week: Week) -> None:
    mine = WeeklyHours.place_id == prison_id
    await session.execute(
        delete(WeeklyHours).where(mine, WeeklyHours.valid_from >= week.valid_from)
    )
    await session.execute(
        update(WeeklyHours)
        .where(mine, or_(WeeklyHours.valid_to.is_(None), WeeklyHours.valid_to >= week.valid_from))
        .values(valid_to=week.valid_from - timedelta(days=1))
    )
    rows = [
        {
            "place_id": prison_id,
            "weekday": h.weekday,
            "opens": h.opens,
            "closes": h.closes,
            "audience": h.audience,
            "valid_from": week.valid_from,
        }
        for h in sorted(week.hours)
    ]
    if rows:
        await session.execute(insert(WeeklyHours), rows)


def _spans(week: Week, first: date) -> Mapping[Audience, tuple[WeeklySpan, ...]]:
    found: dict[Audience, tuple[WeeklySpan, ...]] = defaultdict(tuple)
    for h in week.hours:
        found[h.audience] += (WeeklySpan(h.weekday, h.opens, h.closes, first),)
    return dict(found)


async def _standing(
    session: AsyncSession, prison_id: int, start: datetime, now: datetime
) -> list[Touched]:
    if start >= now + FORESEEABLE:
        return []  # nothing is booked so far ahead
    every = [booth.id for booth in await booths(session, prison_id)]
    found = await sessions_touching(session, every, Interval(start, now + FORESEEABLE), now)
    return [t for t in found if t.kind == VISIT and t.status in WAITING and t.told.start >= start]


async def _company(session: AsyncSession, ids: Iterable[int]) -> Mapping[int, frozenset[Audience]]:
    """For whom the hours must be, of each visit; lawyers and consuls come at any."""
    query = (
        select(Visit.id, Visit.kind, Person.gender, VisitVisitor.adult)
        .join(VisitVisitor, VisitVisitor.visit_id == Visit.id)
        .join(Person, Person.id == VisitVisitor.person_id)
        .where(Visit.id.in_(list(ids)))
    )
    genders: dict[int, set[Gender]] = defaultdict(set)
    exempt: set[int] = set()
    for visit_id, kind, gender, adult in await session.execute(query):
        genders[visit_id] |= {gender} if adult else set()
        if kind is not VisitKind.FAMILY:
            exempt.add(visit_id)
    return {
        visit_id: frozenset(Audience) if visit_id in exempt else company.audiences_of(of_adults)
        for visit_id, of_adults in genders.items()
    }
