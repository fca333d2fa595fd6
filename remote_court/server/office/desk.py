"""Today's desk: who comes, who is here, who is late; live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court import policy
from remote_court.clock import local
from remote_court.errors import Invalid, NotFound
from remote_court.hearings import diary_queries
from remote_court.identifiers import BadTrackingCode
from remote_court.people import Actor
from remote_court.people.queries import identifier
from remote_court.policy import Policy
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.fields import Form
from remote_court.server.hearings import words
from remote_court.server.listing import Id
from remote_court.server.live import Event
from remote_court.server.locale import N_, translate
from remote_court.server.office.shared import AtDesk, around, at_desk, day_or_today
from remote_court.server.pages import fragment, render
from remote_court.server.sse import Frame, stream
from remote_court.visits.check_in import find
from remote_court.visits.desk import DeskLine, coming_of, day_of, displaced_count, visit_at
from remote_court.visits.stages import Stage, counted, receivable, stage

router = APIRouter(include_in_schema=False, dependencies=[Depends(at_desk)])

SOON = timedelta(hours=1)
NEXT_SHOWN = 3
OVER = frozenset({Stage.DONE, Stage.MISSED, Stage.OFF})
WAITED_FOR = frozenset({Stage.EXPECTED, Stage.LATE})
NOT_FOUND = N_("No visit of this office has this code or this person today or later.")


@dataclass(frozen=True, slots=True)
class Entry:
    """A visit on the board: where it stands, and whether the desk may receive it now."""

    line: DeskLine
    stage: Stage
    receivable: bool


@router.get("/desk/{office_id}")
async def desk(
    request: Request, work: Work, now: Now, office_id: Id, day: str | None = None
) -> Response:
    """The board of a day."""
    shown = day_or_today(day, now)
    page = await around(work, office_id)
    page |= await board(work, office_id, shown, now)
    return render(request, "office/desk.html", **page, q="", error=None)


@router.get("/desk/{office_id}/events")
async def events(
    request: Request, site: SiteDep, office_id: Id, day: str | None = None
) -> Response:
    """The board again, whenever a visit of the office has changed."""
    day_or_today(day, site.now())  # what cannot be read is refused before the stream begins

    async def frames(_events: Sequence[Event]) -> Sequence[Frame]:
        now = site.now()
        async with site.database.transaction() as session:
            shown = await board(session, office_id, day_or_today(day, now), now)
        return [Frame(fragment(request, "office/desk_board.html", office_id=office_id, **shown))]

    return stream(site.hub, [f"office:{office_id}"], frames)


@router.get("/desk/{office_id}/check-in")
async def scanned(
    actor: AtDesk, work: Work, office_id: Id, code: Annotated[str, Query(max_length=40)]
) -> Response:
    """Lead to the visit whose slip was scanned."""
    visit_id = await find(work, actor, office_id, code)
    return RedirectResponse(f"/desk/{office_id}/visits/{visit_id}", 303)


@router.post("/desk/{office_id}/find")
async def search(
    request: Request, actor: AtDesk, work: Work, now: Now, form: Form, office_id: Id
) -> Response:
    """Find a visit by its code, or a person's by their number, which never stands in an address."""
    typed = form.text("q")
    found = await matches(work, actor, office_id, typed, now) if typed else ()
    if len(found) == 1:
        return RedirectResponse(f"/desk/{office_id}/visits/{found[0].id}", 303)
    page = await around(work, office_id)
    if found:
        rule = await policy.current(work, local(now).date())
        return render(request, "office/found.html", entries=entries(found, now, rule), **page)
    page |= await board(work, office_id, local(now).date(), now)
    error = translate(request, NOT_FOUND)
    return render(request, "office/desk.html", status=422, q=typed, error=error, **page)


async def matches(
    session: AsyncSession, actor: Actor, office_id: int, q: str, now: datetime
) -> Sequence[DeskLine]:
    """The visits that a code or a person's number stands for; none when it is neither."""
    try:
        visit_id = await find(session, actor, office_id, q)
    except NotFound:
        return ()
    except BadTrackingCode:
        try:
            who = identifier(q)
        except Invalid:
            return ()
        return await coming_of(session, office_id, who.value, now)
    line = await visit_at(session, office_id, visit_id)
    return (line,) if line else ()


async def board(session: AsyncSession, office_id: int, day: date, now: datetime) -> dict[str, Any]:
    """What the board of a day shows."""
    rule = await policy.current(session, day)
    listed = entries(await day_of(session, office_id, day, now), now, rule)
    soon = [e for e in listed if e.stage in WAITED_FOR and e.line.starts_at <= now + SOON]
    return {
        "day": day,
        "today": local(now).date(),
        "now": now,
        "entries": [entry for entry in listed if entry.stage not in OVER],
        "finished": [entry for entry in listed if entry.stage in OVER],
        "waiting": await displaced_count(session, office_id),
        "guests": await diary_queries.at_place(session, office_id, day),
        "words": words,
        "counts": counted(entry.stage for entry in listed),
        "soon": soon[:NEXT_SHOWN],
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
    }


def entries(lines: Sequence[DeskLine], now: datetime, rule: Policy) -> list[Entry]:
    """The visits with their stage."""
    return [Entry(line, stage(line, now), receivable(line, now, rule)) for line in lines]
