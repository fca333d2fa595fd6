"""The prison's visiting hours and gender days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import time, timedelta

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.calendars import jalali
from remote_court.clock import local
from remote_court.errors import Invalid
from remote_court.people import Actor
from remote_court.places import Audience, WeeklyHours
from remote_court.places.queries import weeks
from remote_court.server.deps import Now, Work
from remote_court.server.fields import Fields, Form
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.locale import locale_of
from remote_court.server.prison.access import Officer, officer, own_prison, show
from remote_court.server.problems import Again
from remote_court.server.sent import note
from remote_court.text import ascii_digits
from remote_court.visits.visiting_hours import VisitingHours, Week, change, outside

router = APIRouter(
    prefix="/prisons/{prison_id}/hours",
    include_in_schema=False,
    dependencies=[Depends(officer)],
    route_class=OnceRoute,
)
SPANS = 2
"""How many stretches of a day the form offers: a morning and an afternoon, or women and men."""


def clock(text: str) -> time:
    """Read ``08:30`` in any digits."""
    return time.fromisoformat(ascii_digits(text).zfill(5))


def lines(form: Fields) -> Iterator[VisitingHours]:
    """The stretches as typed; a line left empty is closed."""
    for weekday in range(jalali.WEEK):
        for span in range(SPANS):
            key = f"{weekday}-{span}"
            if not form.text(f"opens-{key}") and not form.text(f"closes-{key}"):
                continue
            opens = form.read(f"opens-{key}", clock)
            closes = form.read(f"closes-{key}", clock)
            who = form.read(f"audience-{key}", Audience)
            if opens and closes and who:
                yield VisitingHours(weekday, opens, closes, who)


def table(locale: str, rows: Sequence[WeeklyHours | VisitingHours]) -> list[dict[str, object]]:
    """The week as the form shows it."""
    return [
        {
            "day": jalali.WEEKDAYS[locale][weekday],
            "number": weekday,
            "spans": [r for r in rows if r.weekday == weekday][:SPANS],
        }
        for weekday in range(jalali.WEEK)
    ]


@router.get("")
async def ask(request: Request, prison_id: Id, actor: Officer, work: Work, now: Now) -> Response:
    """Show the week that holds, and ask for another."""
    return await page(request, work, actor, prison_id, now)


async def page(
    request: Request,
    work: AsyncSession,
    actor: Actor,
    prison_id: int,
    now: Now,
    form: Fields | None = None,
) -> Response:
    """The week's form."""
    prison = await own_prison(work, actor, prison_id)
    today = local(now).date()
    known = await weeks(work, prison_id, today)
    current = [h for h in known if h.valid_from <= today]
    coming = [h for h in known if h.valid_from > today]
    return show(
        request,
        "hours",
        prison,
        form=form,
        week=table(locale_of(request), current),
        later=coming[0].valid_from if coming else None,
        spans=range(SPANS),
        tomorrow=jalali.short(today + timedelta(days=1), locale_of(request)),
    )


@router.post("")
async def enter(
    request: Request,
    prison_id: Id,
    actor: Officer,
    form: Form,
    work: Work,
    now: Now,
    _key: Key,
) -> Response:
    """Show which visits new hours leave outside; sent again from there, set them."""
    prison = await own_prison(work, actor, prison_id)
    try:
        hours = tuple(lines(form))
        first = form.read("valid_from", jalali.read)
        if first is None or form.errors:
            raise Invalid(where=next(iter(form.errors), "valid_from"))
        week = Week(hours, first)
        if form.text("sure"):
            await change(work, actor, prison_id, week, now)
            return RedirectResponse(f"/prisons/{prison_id}/hours", 303)
        lost = await outside(work, prison_id, week, now)
    except Invalid as refusal:
        note(form, refusal)
        raise Again(await page(request, work, actor, prison_id, now, form)) from refusal
    shown = table(locale_of(request), hours)
    return show(
        request,
        "hours_check",
        prison,
        week=shown,
        first=first,
        first_code=jalali.short(first, "en"),
        lost=lost,
    )
