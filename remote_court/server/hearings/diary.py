"""The court diary (daftar-e owqat) by day and by week, and a judge's own day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Query
from starlette.responses import Response

from remote_court.calendars import jalali
from remote_court.calendars.interval import Interval
from remote_court.calendars.week import Week
from remote_court.clock import local
from remote_court.errors import NotFound
from remote_court.hearings import diary_queries
from remote_court.hearings.courts import Court, court
from remote_court.hearings.diary_queries import SittingLine
from remote_court.hearings.status import Status
from remote_court.people import Role
from remote_court.server.guards import needs
from remote_court.server.hearings.chamber import Chamber, ChamberDep, chamber_router
from remote_court.server.locale import locale_of
from remote_court.server.office.shared import read_day

router = chamber_router()
Day = Annotated[str, Query(max_length=20)]
STEP = timedelta(days=1)
SHORTEST = timedelta(minutes=10)
"""A gap between two sittings that is shorter is no free time."""
GONE = frozenset({Status.DISPLACED, Status.ADJOURNED})
"""Sittings that do not take their time in the diary."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the diary: a sitting, or a time that is free."""

    start: datetime
    end: datetime
    sitting: SittingLine | None = None

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.end - self.start).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class DayPage:
    """A day of the diary; ``closed`` says why the court does not sit, if it does not."""

    day: date
    closed: str | None
    entries: Sequence[Entry]

    @property
    def sittings(self) -> Sequence[SittingLine]:
        """The sittings alone."""
        return [entry.sitting for entry in self.entries if entry.sitting is not None]

    @property
    def free_minutes(self) -> int:
        """How much of the day is free."""
        return sum(entry.minutes for entry in self.entries if entry.sitting is None)


def entries(hours: Sequence[Interval], sittings: Sequence[SittingLine]) -> Iterator[Entry]:
    """The sittings of a day in order, with the free times of the court's hours between them."""
    for sitting in sittings:
        yield Entry(sitting.starts_at, sitting.ends_at, sitting)
    taken = sorted((s.starts_at, s.ends_at) for s in sittings if s.status not in GONE)
    for open_ in hours:
        at = open_.start
        for start, end in [*taken, (open_.end, open_.end)]:
            until = min(start, open_.end)
            if until - at >= SHORTEST:
                yield Entry(at, until)
            at = max(at, end)


def day_page(here: Court, day: date, sittings: Sequence[SittingLine], locale: str) -> DayPage:
    """A day's lines, by time."""
    why = here.why_closed(day)
    lines = sorted(entries(here.hours(day), sittings), key=lambda e: (e.start, e.sitting is None))
    return DayPage(day, why.reason(locale) if why else None, lines)


def day_of(written: str, today: date) -> date:
    """The day an address asks for, else today."""
    try:
        return read_day(written) if written else today
    except jalali.BadDate:
        return today


async def pages(chamber: Chamber, days: Sequence[date], locale: str) -> list[DayPage]:
    """The days with their sittings."""
    here = await court(chamber.work, chamber.branch.id, days[0])
    if here is None:
        raise NotFound
    found = await diary_queries.diary(chamber.work, chamber.branch.id, days[0], days[-1])
    by_day: dict[date, list[SittingLine]] = {day: [] for day in days}
    for sitting in found:
        by_day[local(sitting.starts_at).date()].append(sitting)
    return [day_page(here, day, by_day[day], locale) for day in days]


@router.get("/diary")
async def day_view(chamber: ChamberDep, day: Day = "") -> Response:
    """Show a day."""
    asked = day_of(day, chamber.today)
    (shown,) = await pages(chamber, [asked], locale_of(chamber.request))
    return await chamber.page(
        "diary", shown=shown, today=chamber.today, before=asked - STEP, after=asked + STEP
    )


@router.get("/diary/week")
async def week_view(chamber: ChamberDep, day: Day = "") -> Response:
    """Show a week, from Saturday to Friday."""
    week = Week.of(day_of(day, chamber.today))
    shown = await pages(chamber, list(week), locale_of(chamber.request))
    return await chamber.page(
        "diary_week",
        days=shown,
        week=week,
        today=chamber.today,
        before=week.previous().first,
        after=week.next().first,
    )


@router.get("/my-day", dependencies=[Depends(needs(Role.JUDGE))])
async def my_day(chamber: ChamberDep, day: Day = "") -> Response:
    """Show a judge the sittings of a day on whose bench they are."""
    asked = day_of(day, chamber.today)
    mine = await diary_queries.of_judge(chamber.work, chamber.actor.person_id, asked, asked)
    return await chamber.page(
        "my_day",
        sittings=mine,
        day=asked,
        today=chamber.today,
        before=asked - STEP,
        after=asked + STEP,
    )
