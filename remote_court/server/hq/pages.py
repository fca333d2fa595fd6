"""Headquarters' first page: the map, a province's offices, an office."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from remote_court.clock import local
from remote_court.errors import NotFound
from remote_court.people import Role
from remote_court.places import queries as places
from remote_court.server.deps import Now, Work
from remote_court.server.guards import needs
from remote_court.server.hq import country, outline
from remote_court.server.hq.glance import memory
from remote_court.server.listing import Id, WindowDep
from remote_court.server.locale import locale_of
from remote_court.server.pages import render
from remote_court.server.prison.day import day_of
from remote_court.text import sort_key

router = APIRouter(
    prefix="/hq",
    include_in_schema=False,
    dependencies=[Depends(needs(Role.HQ_PLANNER, Role.OPERATOR))],
)
Day = Annotated[str, Query(max_length=20)]


@router.get("")
async def national(request: Request, work: Work, now: Now, day: Day = "") -> Response:
    """Show the country: how full its offices are on a day."""
    asked = day_of(day, now)
    glance = await memory(request.app).glance(work, asked, now)
    locale = locale_of(request)
    ranked = sorted(
        glance.provinces, key=lambda p: (-(p.percent or 0), sort_key(p.name(locale)), p.code)
    )
    return render(
        request,
        "hq/national.html",
        glance=glance,
        provinces=ranked,
        by_code={p.code: p for p in glance.provinces},
        states=[state for state in country.State],  # noqa: C416 - a list for the template
        counts=counts(glance.offices),
        width=outline.WIDTH,
        height=outline.HEIGHT,
        steps=country.shade_steps(glance.provinces),
        is_today=asked == local(now).date(),
    )


def counts(offices: country.Offices) -> dict[country.State, int]:
    """How many offices are in each state."""
    states = [country.state_of(office) for office in offices]
    return {state: states.count(state) for state in country.State}


@router.get("/provinces/{code}")
async def province(
    request: Request, code: str, work: Work, now: Now, window: WindowDep
) -> Response:
    """List a province's offices, the fullest first."""
    glance = await memory(request.app).glance(work, local(now).date(), now)
    known = next((p for p in glance.provinces if p.code == code), None)
    if known is None:
        raise NotFound
    locale = locale_of(request)
    ranked = sorted(
        (o for o in glance.offices if o.province == code),
        key=lambda o: (-(o.percent or 0), sort_key(o.name(locale)), o.id),
    )
    start = window.id or 0
    places_shown = list(enumerate(ranked, start=1))[start : start + window.limit + 1]
    shown, cursor = window.cut(places_shown, lambda line: (line[0],))
    return render(
        request,
        "hq/province.html",
        province=known,
        offices=[office for _, office in shown],
        state_of=country.state_of,
        cursor=cursor,
        day=glance.day,
    )


@router.get("/offices/{office_id}")
async def office(request: Request, office_id: Id, work: Work, now: Now) -> Response:
    """Show an office: where it is, its rooms, its hours and today's load."""
    today = local(now).date()
    line = await places.office_line(work, office_id)
    glance = await memory(request.app).glance(work, today, now)
    load = next((o for o in glance.offices if o.id == office_id), None)
    if line is None or load is None:
        raise NotFound
    return render(
        request,
        "hq/office.html",
        office=line,
        load=load,
        state=country.state_of(load),
        rooms=await places.rooms(work, office_id),
        hours=await places.weeks(work, office_id, today),
        locale_name=locale_of(request),
        day=today,
    )
