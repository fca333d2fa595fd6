"""The watch: all visits of a prison at once, live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.listing import Id
from remote_court.server.live import Event
from remote_court.server.locale import locale_of
from remote_court.server.pages import fragment, render
from remote_court.server.prison.access import Officer, own_prison
from remote_court.server.sse import Frame, stream
from remote_court.visits.watching import watched

router = APIRouter(include_in_schema=False)


@router.get("/watch/{prison_id}")
async def watch(request: Request, actor: Officer, work: Work, now: Now, prison_id: Id) -> Response:
    """Every visit of the prison that runs or comes soon."""
    prison = await own_prison(work, actor, prison_id)
    name = prison.name_fa if locale_of(request) == "fa" else prison.name_en
    page = await tiles(work, prison_id, now)
    return render(request, "calls/watch.html", prison=prison, prison_name=name, **page)


@router.get("/watch/{prison_id}/events")
async def events(request: Request, actor: Officer, site: SiteDep, prison_id: Id) -> Response:
    """The tiles again, whenever a visit of the prison has changed."""
    async with site.database.transaction() as session:
        await own_prison(session, actor, prison_id)

    async def frames(_events: Sequence[Event]) -> Sequence[Frame]:
        async with site.database.transaction() as session:
            page = await tiles(session, prison_id, site.now())
        return [Frame(fragment(request, "calls/_tiles.html", **page))]

    return stream(site.hub, [f"prison:{prison_id}"], frames)


async def tiles(session: AsyncSession, prison_id: int, now: datetime) -> dict[str, Any]:
    """What the tiles show."""
    return {"visits": await watched(session, prison_id, now), "now": now}
