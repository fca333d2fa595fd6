"""Close a room for a while, withdraw it, let it serve again: first what it does, then the deed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from remote_court.calendars.interval import Interval
from remote_court.calendars.opening_hours import on_wall
from remote_court.errors import Invalid, NotFound
from remote_court.people import Actor
from remote_court.places import Unit
from remote_court.places.opening import HoursOutOfOrder
from remote_court.places.rooms import ReasonNeeded, stated
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.locale import locale_of
from remote_court.server.office.manage.touched import done, rows_of
from remote_court.server.office.shared import AtOffice, around, at_office, read_day
from remote_court.server.pages import render
from remote_court.server.problems import Again
from remote_court.text import ascii_digits
from remote_court.visits import closures
from remote_court.visits.desk import room_of
from remote_court.visits.displace import Closing, Plan, preview

router = APIRouter(
    include_in_schema=False, route_class=OnceRoute, dependencies=[Depends(at_office)]
)
TYPED = ("day", "from", "until", "until_day", "reason")


async def closing_page(
    request: Request,
    work: Work,
    room: Unit,
    *,
    withdraw: bool,
    form: Fields | None = None,
    plan: Plan | None = None,
) -> Response:
    """The form, or, once a plan is known, what it would do and the button that does it."""
    page = await around(work, room.pool_id)
    locale = locale_of(request)
    shown: dict[str, Any] = {
        "room": room,
        "room_name": room.name_fa if locale == "fa" else room.name_en,
        "withdraw": withdraw,
        "values": {name: form.text(name) if form else "" for name in TYPED},
        "errors": form.errors if form else {},
        "plan": plan,
        "rows": await rows_of(work, room.pool_id, plan, locale) if plan else [],
    }
    failed = form is not None and bool(form.errors)
    return render(request, "office/close_room.html", status=422 if failed else 200, **shown, **page)


async def mine(work: Work, office_id: int, room_id: int) -> Unit:
    """A room of this office.

    Raises:
        NotFound: it is none.
    """
    room = await room_of(work, office_id, room_id)
    if room is None:
        raise NotFound
    return room


@router.get("/offices/{office_id}/manage/rooms/{room_id}/close")
async def ask_close(request: Request, work: Work, office_id: Id, room_id: Id) -> Response:
    """Ask when and why."""
    room = await mine(work, office_id, room_id)
    return await closing_page(request, work, room, withdraw=False)


@router.post("/offices/{office_id}/manage/rooms/{room_id}/close")
async def close(
    request: Request,
    actor: AtOffice,
    work: Work,
    now: Now,
    form: Form,
    office_id: Id,
    room_id: Id,
    _key: Key,
) -> Response:
    """Show what closing does; close when that was confirmed."""
    room = await mine(work, office_id, room_id)
    interval = during(form)
    try:
        asked = await wanted(work, actor, room_id, interval, form)
        if asked is not None and form.text("confirmed"):
            return done(office_id, await closures.close_room(work, actor, asked, now), "closed")
        plan = await preview(work, asked, now) if asked else None
    except Invalid as refusal:
        form.refuse(refusal)
        plan = None
    raise Again(await closing_page(request, work, room, withdraw=False, form=form, plan=plan))


async def wanted(
    work: Work, actor: Actor, room_id: int, interval: Interval | None, form: Fields
) -> Closing | None:
    """The closing as the form says it, if it says it rightly."""
    reason = stated(form.text("reason"))
    if interval is None or form.errors:
        return None
    return await closures.room_closing(work, actor, room_id, interval, reason)


def during(form: Fields) -> Interval | None:
    """From when to when, as the form says; an error is noted when it cannot be read."""
    day, first = form.read("day", read_day), form.read("from", clock)
    until = form.read("until", clock)
    last = form.read("until_day", read_day) if form.text("until_day") else day
    if day is None or last is None or first is None or until is None:
        return None
    start, end = on_wall(day, first), on_wall(last, until)
    if start >= end:
        form.refuse(HoursOutOfOrder(where="until"))
        return None
    return Interval(start, end)


def clock(text: str) -> time:
    """Read ``8:30`` in any digits."""
    return datetime.strptime(ascii_digits(text), "%H:%M").time()  # noqa: DTZ007 - a wall clock


@router.get("/offices/{office_id}/manage/rooms/{room_id}/withdraw")
async def ask_withdraw(request: Request, work: Work, office_id: Id, room_id: Id) -> Response:
    """Ask why."""
    room = await mine(work, office_id, room_id)
    return await closing_page(request, work, room, withdraw=True)


@router.post("/offices/{office_id}/manage/rooms/{room_id}/withdraw")
async def withdraw(
    request: Request,
    actor: AtOffice,
    work: Work,
    now: Now,
    form: Form,
    office_id: Id,
    room_id: Id,
    _key: Key,
) -> Response:
    """Show what withdrawing does; withdraw when that was confirmed."""
    room = await mine(work, office_id, room_id)
    plan = None
    try:
        reason = stated(form.text("reason"))
        if form.text("confirmed"):
            made = await closures.withdraw_room(work, actor, room_id, reason, now)
            return done(office_id, made, "withdrawn")
        asked = await closures.withdrawal(work, actor, room_id, now)
        plan = await preview(work, replace(asked, reason=reason), now)
    except ReasonNeeded as refusal:
        form.refuse(refusal)
    raise Again(await closing_page(request, work, room, withdraw=True, form=form, plan=plan))


@router.post("/offices/{office_id}/manage/rooms/{room_id}/return")
async def serve_again(
    actor: AtOffice, work: Work, now: Now, office_id: Id, room_id: Id, _key: Key
) -> Response:
    """Let a withdrawn room serve again."""
    await mine(work, office_id, room_id)
    await closures.return_room(work, actor, room_id, now)
    return done(office_id, Plan(), "returned")


@router.post("/offices/{office_id}/manage/blocks/{block_id}/lift")
async def lift(
    actor: AtOffice, work: Work, now: Now, office_id: Id, block_id: Id, _key: Key
) -> Response:
    """Open a closed room before its time."""
    await closures.open_room(work, actor, block_id, now)
    return done(office_id, Plan(), "opened")
