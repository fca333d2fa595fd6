"""A sitting while it is being decided: court, case, bench, cast, and what is free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.interval import Interval
from remote_court.calendars.opening_hours import whole_day
from remote_court.clock import local
from remote_court.errors import Invalid, NotFound
from remote_court.hearings import queries
from remote_court.hearings.board import Board
from remote_court.hearings.courts import Court, court
from remote_court.hearings.facts import CaseFacts, SeatFacts
from remote_court.hearings.lawful import ToServe
from remote_court.hearings.letters import HEARING
from remote_court.hearings.plan import Cast, Plan, cast_of
from remote_court.hearings.rules import Asked
from remote_court.hearings.status import Status
from remote_court.policy import Policy
from remote_court.scheduling.opening import openings
from remote_court.scheduling.queries import taken
from remote_court.scheduling.wish import Pool, Wish, day_key, days

LEAST_MIN, MOST_MIN = 5, 360


class BadLength(Invalid):
    """A session lasts from five minutes to six hours."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A plan with everything it is judged by, for a sitting on or after ``day``."""

    plan: Plan
    court: Court
    case: CaseFacts
    bench: Sequence[SeatFacts]
    cast: Cast
    told: timedelta
    reserved: timedelta
    day: date

    @property
    def asked(self) -> Asked:
        """What the rules are asked."""
        return Asked(self.plan, self.court.forum, self.case, self.bench, self.cast)

    @property
    def to_serve(self) -> list[ToServe]:
        """Who must be served with a new date: nobody is yet."""
        return list(self.case.to_serve())

    @property
    def people(self) -> list[int]:
        """Everybody who is taken by it, the branch among them."""
        bench = (one.person_id for one in self.bench)
        return sorted({self.court.branch_id, *bench, *self.cast.person_ids})

    def rule(self, day: date) -> Policy:
        """The policy of a day in the branch's province."""
        return self.court.policy(day)

    def keys(self, start: datetime) -> list[int]:
        """What must be locked before it is decided: every place that could be taken."""
        reserved = Interval.lasting(start, self.reserved)
        resources = {*self.people, *self.cast.place_ids}
        return sorted(day_key(one, day) for one in resources for day in days(reserved))

    def wish(self, start: datetime, units: Mapping[int, int], created_by: int | None) -> Wish:
        """What it occupies: these units (with the pools they are of), and everybody's time."""
        return Wish(
            kind=HEARING,
            status=Status.PROVISIONAL,
            told=Interval.lasting(start, self.told),
            reserved=Interval.lasting(start, self.reserved),
            pools=tuple(Pool(pool, unit_id=unit) for unit, pool in sorted(units.items())),
            people=tuple(self.people),
            created_by=created_by,
        )


async def gather(session: AsyncSession, plan: Plan, day: date) -> Matter:
    """Load what the rules look at, for a sitting on a day or after it.

    Raises:
        NotFound: there is no such case, or somebody on the bench is nobody.
        BadLength: it is too short or too long.
    """
    case = await queries.case(session, plan.case_id)
    sits = await court(session, case.branch_id, day) if case is not None else None
    if case is None or sits is None:
        raise NotFound
    bench = await queries.bench(session, plan.bench)
    if len(bench) != len(plan.bench):
        raise NotFound
    rule = sits.policy(day)
    told = length(plan, rule, sits, grave=case.grave)
    return Matter(
        plan=plan,
        court=sits,
        case=case,
        bench=bench,
        cast=cast_of(plan, case),
        told=told,
        reserved=told + rule.minutes("hearing.gap_min"),
        day=day,
    )


def length(plan: Plan, rule: Policy, sits: Court, *, grave: bool) -> timedelta:
    """How long it is announced to last.

    Raises:
        BadLength: what was asked for is too short or too long.
    """
    if plan.minutes is None:
        return rule.minutes(sits.terms(grave=grave).law.duration)
    if not LEAST_MIN <= plan.minutes <= MOST_MIN:
        raise BadLength(where="minutes")
    return timedelta(minutes=plan.minutes)


async def board_of(
    session: AsyncSession,
    matter: Matter,
    first: date,
    last: date,
    now: datetime,
    *,
    ignoring: Sequence[int] = (),
) -> Board:
    """What is open and what is taken from one day to another, both included."""
    place_ids = matter.cast.place_ids
    rooms = await queries.rooms(session, place_ids)
    span = Interval(whole_day(first).start, whole_day(last).end)
    resources = [*matter.people, *(room.unit_id for room in rooms)]
    return Board(
        court=matter.court,
        bench=matter.bench,
        cast=matter.cast,
        places=await openings(session, place_ids, first, last),
        rooms=rooms,
        taken=await taken(session, resources, span, now, ignoring=ignoring),
        told=matter.told,
        reserved=matter.reserved,
        origin=span.start,
    )


def today_of(now: datetime) -> date:
    """The day on the wall in Tehran."""
    return local(now).date()
