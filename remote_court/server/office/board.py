"""The rooms of a day: who sits where, when; visits are moved by dragging, by keys or by a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from remote_court.calendars.interval import Interval
from remote_court.calendars.opening_hours import on_wall
from remote_court.clock import local
from remote_court.places import Audience, Unit
from remote_court.places.queries import rooms
from remote_court.scheduling.blocks import BLOCK
from remote_court.scheduling.opening import openings
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.filters import Speech
from remote_court.server.listing import Id
from remote_court.server.live import Event
from remote_court.server.locale import N_, locale_of, translate
from remote_court.server.office.features import FEATURES
from remote_court.server.office.shared import around, at_desk, day_or_today
from remote_court.server.pages import fragment, render
from remote_court.server.sse import Frame, stream
from remote_court.visits.desk import Occupied, occupied
from remote_court.visits.letters import VISIT
from remote_court.visits.move import MOVABLE
from remote_court.visits.status import Status

router = APIRouter(include_in_schema=False, dependencies=[Depends(at_desk)])

STEP_MIN = 5
EARLIEST, LATEST = time(7), time(16)
CLOSED = N_("Out of service")
KINDS = {VISIT: "visit", BLOCK: "block", "hearing": "hearing"}


@dataclass(frozen=True, slots=True)
class Span:
    """The hours a board shows, whole ones, on one day."""

    day: date
    first: int
    last: int

    @property
    def interval(self) -> Interval:
        """From when to when."""
        start = on_wall(self.day, time.min)
        return Interval(start + timedelta(hours=self.first), start + timedelta(hours=self.last))


@router.get("/desk/{office_id}/rooms")
async def board(
    request: Request,
    work: Work,
    now: Now,
    office_id: Id,
    day: str | None = None,
    moved: int | None = None,
) -> Response:
    """The board of a day."""
    shown = day_or_today(day, now)
    page = await around(work, office_id)
    page |= await board_of(request, work, office_id, shown, now)
    return render(request, "office/rooms.html", moved=moved, **page)


@router.get("/desk/{office_id}/rooms/events")
async def events(
    request: Request, site: SiteDep, office_id: Id, day: str | None = None
) -> Response:
    """The board again, whenever something in the office's rooms has changed."""
    day_or_today(day, site.now())  # what cannot be read is refused before the stream begins

    async def frames(_events: Sequence[Event]) -> Sequence[Frame]:
        now = site.now()
        async with site.database.transaction() as session:
            shown = await board_of(request, session, office_id, day_or_today(day, now), now)
        return [Frame(fragment(request, "office/rooms_board.html", **shown))]

    return stream(site.hub, [f"office:{office_id}"], frames)


async def board_of(
    request: Request, session: AsyncSession, office_id: int, day: date, now: datetime
) -> dict[str, Any]:
    """What the board of a day shows."""
    every = await rooms(session, office_id)
    found = await occupied(session, office_id, day, now)
    known = await openings(session, [office_id], day, day)
    open_ = known.common(day, (Audience.ANYONE,))
    span = span_of(day, [*open_, *(o.reserved for o in found if o.kind != BLOCK)])
    return {
        "day": day,
        "today": local(now).date(),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "closed": not open_,
        "rows": [row(request, room, found, span, office_id) for room in every],
        "first": f"{span.first:02}00",
        "last": f"{span.last:02}00",
        "start": span.interval.start,
    }


def span_of(day: date, shown: Sequence[Interval]) -> Span:
    """The whole hours that hold everything; an ordinary day when there is nothing."""
    first, last = EARLIEST.hour + 1, LATEST.hour - 1
    for interval in shown:
        start, end = local(interval.start), local(interval.end)
        first = min(first, start.hour if start.date() == day else 0)
        through = end.hour + (1 if end.minute or end.second else 0)
        last = max(last, through if end.date() == day else 24)
    return Span(day, first, last)


def row(
    request: Request, room: Unit, found: Sequence[Occupied], span: Span, office_id: int
) -> dict[str, Any]:
    """A room with what stands in it."""
    locale = locale_of(request)
    words = [translate(request, FEATURES[word]) for word in room.features if word in FEATURES]
    subtitle = "، ".join(words) if locale == "fa" else ", ".join(words)
    items = [item(request, o, span, office_id) for o in found if o.room_id == room.id]
    return {
        "id": room.id,
        "title": room.name_fa if locale == "fa" else room.name_en,
        "subtitle": subtitle if room.in_service else translate(request, CLOSED),
        "serves": room.in_service,
        "items": [shown for shown in items if shown],
    }


def item(request: Request, taken: Occupied, span: Span, office_id: int) -> dict[str, Any] | None:
    """What stands in a room, in the board's terms; none if it lies outside the hours shown."""
    shown = taken.reserved.intersection(span.interval)
    if shown is None:
        return None
    starts = local(shown.start)
    at = starts - timedelta(minutes=starts.minute % STEP_MIN)
    minutes = -(-int((shown.end - at).total_seconds()) // (60 * STEP_MIN)) * STEP_MIN
    visit = taken.kind == VISIT
    held = visit and taken.status in {Status.HELD, Status.REQUESTED}
    return {
        "id": taken.session_id,
        "kind": "hold" if held else KINDS.get(taken.kind, "hearing"),
        "at": f"{at:%H%M}",
        "minutes": minutes,
        "title": taken.title or "—",
        "time": Speech(locale_of(request)).jtime(taken.told.start),
        "starts_at": taken.told.start,
        "url": f"/desk/{office_id}/visits/{taken.session_id}" if visit else None,
        "move": f"/desk/{office_id}/visits/{taken.session_id}/move" if visit else None,
        "movable": visit and taken.status in MOVABLE,
    }
