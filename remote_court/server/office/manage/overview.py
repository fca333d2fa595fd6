"""The manager's first page: rooms, hours, closed days and details at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from remote_court.calendars.jalali import WEEKDAYS
from remote_court.clock import local
from remote_court.places import Office, WeeklyHours
from remote_court.places.queries import closures, rooms, weeks
from remote_court.scheduling.rehouse import standing_blocks
from remote_court.server.deps import Now, Work
from remote_court.server.listing import Id
from remote_court.server.locale import N_, locale_of, translate
from remote_court.server.office.features import FEATURES
from remote_court.server.office.shared import around, at_office
from remote_court.server.pages import render

router = APIRouter(include_in_schema=False, dependencies=[Depends(at_office)])

AHEAD = timedelta(days=120)
DONE = {
    "closed": N_("The room is closed."),
    "opened": N_("The room is open again."),
    "withdrawn": N_("The room is out of service."),
    "returned": N_("The room serves again."),
    "day": N_("The office is closed on that day."),
    "reopened": N_("The office is open again on that day."),
    "hours": N_("The new hours are entered."),
    "room": N_("The room is saved."),
    "details": N_("The details are saved."),
}


@dataclass(frozen=True, slots=True)
class WeekShown:
    """Weekly hours that hold from a day on, by weekday from Saturday."""

    valid_from: date
    days: Sequence[Sequence[tuple[time, time]]]


@router.get("/offices/{office_id}/manage")
async def overview(
    request: Request,
    work: Work,
    now: Now,
    office_id: Id,
    done: str = "",
    moved: Annotated[int, Query(ge=0)] = 0,
    lost: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Show what there is to manage."""
    page = await around(work, office_id)
    today = local(now).date()
    every = await rooms(work, office_id)
    blocks = await standing_blocks(work, [room.id for room in every], now)
    return render(
        request,
        "office/manage.html",
        rooms=every,
        features={word: translate(request, name) for word, name in FEATURES.items()},
        blocks=[(block, interval) for block, interval in blocks if block.cause is None],
        weeks=grouped(await weeks(work, office_id, today), today),
        weekdays=WEEKDAYS[locale_of(request)],
        closures=await closures(work, office_id, today, today + AHEAD),
        details=await work.get_one(Office, office_id),
        today=today,
        done=translate(request, DONE[done]) if done in DONE else None,
        moved=moved,
        lost=lost,
        **page,
    )


def grouped(rows: Sequence[WeeklyHours], today: date) -> list[WeekShown]:
    """The week that holds now, and those that will hold later."""
    starts = sorted({max(row.valid_from, today) for row in rows})
    return [WeekShown(first, week_of(rows, first)) for first in starts]


def week_of(rows: Sequence[WeeklyHours], day: date) -> list[list[tuple[time, time]]]:
    """The hours that hold on a day, by weekday from Saturday."""
    week: list[list[tuple[time, time]]] = [[] for _ in range(7)]
    for row in rows:
        if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to):
            week[row.weekday].append((row.opens, row.closes))
    return week
