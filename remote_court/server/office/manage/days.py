"""Close the office on a day and open it again; change its weekly hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from remote_court.calendars.jalali import WEEKDAYS
from remote_court.clock import local
from remote_court.errors import Conflict, Invalid
from remote_court.places.opening import FRIDAY, OpenHours
from remote_court.places.queries import weeks
from remote_court.places.rooms import stated
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.locale import locale_of
from remote_court.server.office.manage.closing import clock
from remote_court.server.office.manage.overview import week_of
from remote_court.server.office.manage.touched import done, rows_of
from remote_court.server.office.shared import AtOffice, around, at_office, read_day
from remote_court.server.pages import render
from remote_court.server.problems import Again, said
from remote_court.visits import closures
from remote_court.visits.changes import Hours, change_hours, outside
from remote_court.visits.displace import Plan, preview

router = APIRouter(
    include_in_schema=False, route_class=OnceRoute, dependencies=[Depends(at_office)]
)


async def day_page(
    request: Request,
    work: Work,
    office_id: int,
    form: Fields | None = None,
    plan: Plan | None = None,
) -> Response:
    """The form of a closed day, or what closing would do."""
    page = await around(work, office_id)
    return render(
        request,
        "office/close_day.html",
        status=422 if form and form.errors else 200,
        values={name: form.text(name) if form else "" for name in ("day", "reason")},
        errors=form.errors if form else {},
        plan=plan,
        rows=await rows_of(work, office_id, plan, locale_of(request)) if plan else [],
        **page,
    )


@router.get("/offices/{office_id}/manage/days/close")
async def ask_day(request: Request, work: Work, office_id: Id) -> Response:
    """Ask which day, and why."""
    return await day_page(request, work, office_id)


@router.post("/offices/{office_id}/manage/days/close")
async def close_day(
    request: Request, actor: AtOffice, work: Work, now: Now, form: Form, office_id: Id, _key: Key
) -> Response:
    """Show what closing the day does; close it when that was confirmed."""
    day, plan = form.read("day", read_day), None
    try:
        reason = stated(form.text("reason"))
        if day is not None and form.text("confirmed"):
            made = await closures.close_day(work, actor, office_id, day, reason=reason, now=now)
            return done(office_id, made, "day")
        if day is not None:
            asked = await closures.day_closing(work, actor, office_id, day, now)
            plan = await preview(work, asked, now)
    except Invalid as refusal:
        form.refuse(refusal)
    except Conflict as refusal:
        form.errors["day"] = said(request, refusal)
    raise Again(await day_page(request, work, office_id, form, plan))


@router.post("/offices/{office_id}/manage/days/{day}/reopen")
async def reopen_day(
    actor: AtOffice, work: Work, now: Now, office_id: Id, day: date, _key: Key
) -> Response:
    """Open the office again on a day."""
    await closures.reopen_day(work, actor, office_id, day, now)
    return done(office_id, Plan(), "reopened")


async def hours_page(
    request: Request,
    work: Work,
    office_id: int,
    values: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    plan: Plan | None = None,
) -> Response:
    """The form of the weekly hours, or what they would do."""
    page = await around(work, office_id)
    return render(
        request,
        "office/hours.html",
        status=422 if errors else 200,
        weekdays=WEEKDAYS[locale_of(request)],
        values=values,
        errors=errors or {},
        plan=plan,
        rows=await rows_of(work, office_id, plan, locale_of(request)) if plan else [],
        **page,
    )


@router.get("/offices/{office_id}/manage/hours")
async def ask_hours(request: Request, work: Work, now: Now, office_id: Id) -> Response:
    """Ask for the new hours, beginning with those of today."""
    today = local(now).date()
    week = week_of(await weeks(work, office_id, today), today)
    return await hours_page(request, work, office_id, filled(week))


def filled(week: Sequence[Sequence[tuple[time, time]]]) -> dict[str, str]:
    """The form's fields for hours that hold; one stretch a day, as offices keep them."""
    values = {"valid_from": ""}
    for day, spans in enumerate(week):
        opens, closes = spans[0] if spans else (None, None)
        values[f"opens_{day}"] = f"{opens:%H:%M}" if opens else ""
        values[f"closes_{day}"] = f"{closes:%H:%M}" if closes else ""
    return values


@router.post("/offices/{office_id}/manage/hours")
async def set_hours(
    request: Request, actor: AtOffice, work: Work, now: Now, form: Form, office_id: Id, _key: Key
) -> Response:
    """Show which visits the hours leave outside; enter them when that was confirmed."""
    values: dict[str, Any] = {name: form.text(name) for name in filled([()] * 7)}
    first, week, plan = form.read("valid_from", read_day), read_week(form), None
    if first is not None and not form.errors:
        hours = Hours(tuple(week), first)
        try:
            if form.text("confirmed"):
                return done(
                    office_id, await change_hours(work, actor, office_id, hours, now), "hours"
                )
            plan = Plan(lost=await outside(work, office_id, hours, now))
        except Invalid as refusal:
            form.refuse(refusal)
    shown = await hours_page(request, work, office_id, values, errors=form.errors, plan=plan)
    raise Again(shown)


def read_week(form: Fields) -> list[OpenHours]:
    """The hours of each weekday; a day whose fields are empty is closed."""
    week = []
    for day in range(FRIDAY + 1):
        if not form.text(f"opens_{day}") and not form.text(f"closes_{day}"):
            continue
        opens, closes = form.read(f"opens_{day}", clock), form.read(f"closes_{day}", clock)
        if opens is None or closes is None:
            continue
        try:
            week.append(OpenHours(day, opens, closes))
        except Invalid as refusal:
            refusal.where = f"closes_{day}"
            form.refuse(refusal)
    return week
