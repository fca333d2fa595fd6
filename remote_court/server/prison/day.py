"""The visits of a day by ward, live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from remote_court.calendars import jalali
from remote_court.clock import local
from remote_court.hearings import diary_queries
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.hearings import words as court_words
from remote_court.server.listing import Id
from remote_court.server.live import Event
from remote_court.server.pages import fragment
from remote_court.server.prison import words
from remote_court.server.prison.access import Officer, officer, own_prison, show
from remote_court.server.sse import Frame, stream
from remote_court.visits import prison_queries

router = APIRouter(
    prefix="/prisons/{prison_id}", include_in_schema=False, dependencies=[Depends(officer)]
)
Day = Annotated[str, Query(max_length=20)]


def day_of(written: str, now: datetime) -> date:
    """The day an address asks for, else today."""
    if not written:
        return local(now).date()
    try:
        return jalali.read(written)
    except jalali.BadDate:
        return local(now).date()


async def shown(work: AsyncSession, prison_id: int, day: date) -> dict[str, Any]:
    """What the list of a day shows."""
    wards = await prison_queries.day_list(work, prison_id, day)
    return {
        "wards": wards,
        "total": sum(len(ward.visits) for ward in wards),
        "guests": await diary_queries.at_place(work, prison_id, day),
        "court_words": court_words,
    }


@router.get("")
async def today(
    request: Request, prison_id: Id, actor: Officer, work: Work, now: Now, day: Day = ""
) -> Response:
    """Show the visits of a day, today's unless another is asked for."""
    prison = await own_prison(work, actor, prison_id)
    asked = day_of(day, now)
    step = timedelta(days=1)
    return show(
        request,
        "day",
        prison,
        day=asked,
        day_code=jalali.short(asked, "en"),
        before=jalali.short(asked - step, "en"),
        after=jalali.short(asked + step, "en"),
        is_today=asked == local(now).date(),
        waiting=len(await prison_queries.requests(work, prison_id, now)),
        **await shown(work, prison_id, asked),
    )


@router.get("/events")
async def events(
    request: Request, prison_id: Id, actor: Officer, site: SiteDep, day: Day = ""
) -> Response:
    """Send the list again whenever a visit of the prison changes."""
    async with site.database.transaction() as work:
        prison = await own_prison(work, actor, prison_id)

    async def frames(_events: Sequence[Event]) -> Sequence[Frame]:
        asked = day_of(day, site.now())
        async with site.database.transaction() as work:
            context = await shown(work, prison.id, asked)
        text = fragment(request, "prison/_day.html", prison=prison, words=words, **context)
        return [Frame(text)]

    return stream(site.hub, [f"prison:{prison_id}"], frames)
