"""Move a visit to another room or another time: by this form, or by dragging on the board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court import policy
from remote_court.calendars.interval import Interval
from remote_court.clock import local
from remote_court.errors import Invalid, NotFound, RuleRefused
from remote_court.people import Actor
from remote_court.places import Unit
from remote_court.places.queries import rooms
from remote_court.scheduling.hold import SlotTaken
from remote_court.scheduling.queries import sessions_touching
from remote_court.server.deps import Now, Work, site_of
from remote_court.server.fields import Fields, Form
from remote_court.server.filters import Speech
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.locale import N_, locale_of, translate
from remote_court.server.office.shared import AtDesk, around, at_desk, day_or_today, maybe
from remote_court.server.pages import render
from remote_court.server.problems import Again, said, said_reasons, status_of
from remote_court.server.visits.api import near
from remote_court.server.visits.choice import Choice
from remote_court.visits.desk import DeskLine, visit_at
from remote_court.visits.door import Opened, look
from remote_court.visits.move import MOVABLE, Target, move
from remote_court.visits.reseat import RoomOutOfService, reseat
from remote_court.visits.slots import Search, Slot, slots

router = APIRouter(include_in_schema=False, route_class=OnceRoute, dependencies=[Depends(at_desk)])

DAYS_SHOWN = 14
HOUR = timedelta(hours=1)
FREE, TAKEN, OUT, STEPS, HERE = (
    N_("Free then"),
    N_("Taken then"),
    N_("Out of service"),
    N_("Not step-free"),
    N_("Its room now"),
)


class NothingChosen(Invalid):
    """Choose another room or another time."""


@router.get("/desk/{office_id}/visits/{visit_id}/move")
async def ask(
    request: Request, work: Work, office_id: Id, visit_id: Id, day: str | None = None
) -> Response:
    """Ask where a visit should go."""
    page = await move_page(request, work, office_id, visit_id, day)
    return render(request, "office/move.html", **page, error=None, reasons=[])


@router.post("/desk/{office_id}/visits/{visit_id}/move")
async def moved(
    request: Request,
    actor: AtDesk,
    work: Work,
    now: Now,
    form: Form,
    office_id: Id,
    visit_id: Id,
    _key: Key,
) -> Response:
    """Move it; without another time, only the room changes."""
    line = await visit_at(work, office_id, visit_id)
    if line is None:
        raise NotFound
    to = (maybe(form, "starts_at", instant), maybe(form, "room_id", int))
    try:
        if form.errors or to == (None, None):
            raise NothingChosen
        await carry_out(work, actor, line, to, now)
    except (SlotTaken, RuleRefused, Invalid, RoomOutOfService) as refusal:
        reasons = refusal.reasons if isinstance(refusal, RuleRefused) else ()
        page = await move_page(request, work, office_id, visit_id, form.text("day"))
        shown = render(
            request,
            "office/move.html",
            status=status_of(type(refusal)),
            error=None if reasons else said(request, refusal),
            reasons=said_reasons(request, reasons),
            **page,
        )
        raise Again(shown) from refusal
    return RedirectResponse(back_to(form, office_id, visit_id), 303)


async def carry_out(
    session: AsyncSession,
    actor: Actor,
    line: DeskLine,
    to: tuple[datetime | None, int | None],
    now: datetime,
) -> None:
    """Move or reseat a visit, as the form says."""
    starts_at, room_id = to
    if room_id is not None and starts_at in {None, line.starts_at} and line.room_id:
        await reseat(session, actor, line.id, room_id, now)
        return
    start = near(starts_at, now) if starts_at else line.starts_at
    rule = await policy.current(session, max(local(start).date(), local(now).date()))
    await move(session, actor, line.id, Target(start, room_id=room_id), now, rule)


def instant(text: str) -> datetime:
    """Read an instant as our forms carry it; it must have its zone."""
    read = datetime.fromisoformat(text)
    if read.utcoffset() is None:
        raise ValueError(text)
    return read


def back_to(form: Fields, office_id: int, visit_id: int) -> str:
    """The page the clerk came from: the room board's day, or the visit."""
    if form.text("back") == "rooms":
        return f"/desk/{office_id}/rooms?day={form.text('day')}&moved={visit_id}"
    return f"/desk/{office_id}/visits/{visit_id}"


@dataclass(frozen=True, slots=True)
class DayChoice:
    """A day one may choose, and how many starts are free on it."""

    day: date
    free: int


async def move_page(
    request: Request,
    session: AsyncSession,
    office_id: int,
    visit_id: int,
    day: str | None,
) -> dict[str, Any]:
    """What the form shows: other rooms at the same time, and free times of the coming days.

    Raises:
        NotFound: the visit is not this office's.
    """
    line = await visit_at(session, office_id, visit_id)
    if line is None:
        raise NotFound
    opened = await look(session, visit_id)
    now = site_of(request).now()
    found = await free_times(session, opened, now) if line.status in MOVABLE else []
    days = choices(found)
    standing = local(line.starts_at).date()
    first = next((c.day for c in days if c.day >= standing), days[0].day if days else standing)
    chosen = day_or_today(day, now) if day else first
    page = await around(session, office_id)
    return page | {
        "line": line,
        "movable": line.status in MOVABLE,
        "rooms": await room_options(request, session, office_id, line, now),
        "days": days,
        "day": chosen,
        "groups": grouped(request, [s for s in found if local(s.starts_at).date() == chosen]),
        "back": request.query_params.get("back", ""),
        "elsewhere": Choice(
            guest=opened.visit.booked_for,
            visit=visit_id,
            inmate=opened.visit.inmate_id,
            who=opened.visitor_ids,
            kind=opened.visit.kind,
            step_free=opened.visit.needs_step_free,
        ).url("office"),
    }


async def free_times(session: AsyncSession, opened: Opened, now: datetime) -> Sequence[Slot]:
    """Free starts for this visit in the coming days."""
    visit = opened.visit
    today = local(now).date()
    search = Search(
        inmate_id=visit.inmate_id,
        office_id=visit.office_id,
        visitor_ids=opened.visitor_ids,
        first=today,
        last=today + timedelta(days=DAYS_SHOWN),
        kind=visit.kind,
        step_free=visit.needs_step_free,
        standing=True,
        moving=visit.id,
    )
    try:
        found = await slots(session, search, now, await policy.current(session, today))
    except NotFound:
        return []  # the inmate is no longer tied to these visitors, or the office is closed
    return [slot for slot in found if slot.free]


def choices(found: Sequence[Slot]) -> list[DayChoice]:
    """The days with free starts, and how many each has."""
    counts: dict[date, int] = {}
    for slot in found:
        day = local(slot.starts_at).date()
        counts[day] = counts.get(day, 0) + 1
    return [DayChoice(day, free) for day, free in counts.items()]


def grouped(request: Request, found: Sequence[Slot]) -> list[dict[str, Any]]:
    """The free starts of a day, as the form lists them."""
    if not found:
        return []
    speech = Speech(locale_of(request))
    options = [
        {
            "value": slot.starts_at.isoformat(),
            "label": speech.jtime(slot.starts_at),
            "free": slot.free,
            "note": "",
        }
        for slot in found
    ]
    return [{"title": speech.jdate(found[0].starts_at), "slots": options}]


async def room_options(
    request: Request, session: AsyncSession, office_id: int, line: DeskLine, now: datetime
) -> list[dict[str, Any]]:
    """Every room of the office, and whether it could take the visit at its own time."""
    if line.room_id is None:
        return []
    every = await rooms(session, office_id)
    around_it = Interval(line.starts_at, line.ends_at).padded(before=HOUR, after=HOUR)
    found = await sessions_touching(session, [room.id for room in every], around_it, now)
    own = [t.reserved for t in found if t.session_id == line.id]
    busy = {
        t.unit_id
        for t in found
        if t.session_id != line.id and any(t.reserved.overlaps(kept) for kept in own)
    }
    notes = {room.id: room_note(room, line, busy) for room in every}
    locale = locale_of(request)
    return [
        {
            "value": room.id,
            "label": room.name_fa if locale == "fa" else room.name_en,
            "chip": translate(request, FREE) if notes[room.id] == FREE else None,
            "detail": None if notes[room.id] == FREE else translate(request, notes[room.id]),
            "disabled": notes[room.id] != FREE,
        }
        for room in every
    ]


def room_note(room: Unit, line: DeskLine, busy: set[int]) -> str:
    """Why a room can or cannot take the visit."""
    if room.id == line.room_id:
        return HERE
    if not room.in_service:
        return OUT
    if line.needs_step_free and "step_free" not in room.features:
        return STEPS
    return TAKEN if room.id in busy else FREE
