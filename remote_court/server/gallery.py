"""Every component of the pages on one page, with invented contents; development only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import segno
from fastapi import APIRouter, Depends
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from remote_court.calendars.jalali import WEEKDAYS, Month, jalali
from remote_court.errors import NotFound
from remote_court.server.deps import SiteDep
from remote_court.server.filters import Speech
from remote_court.server.guards import public
from remote_court.server.locale import locale_of
from remote_court.server.pages import render

NOON = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
NAMES = ("رضایی", "احمدی", "نوری", "صالحی", "موسوی")
KINDS = ("visit", "visit", "hearing", "visit", "block", "hold", "visit")
STATES = ("free", "free", "few", "full", "free")
OFFICES = (
    {
        "value": "11204",
        "label": "دفتر شریعتی",
        "code": "کد ۱۱۲۰۴",
        "detail": "تهران، خیابان شریعتی، نرسیده به پل صدر، پلاک ۱۴۷۲",
        "facts": ["۱٫۲ کیلومتر", "۳ اتاق ملاقات", "مناسب ویلچر"],
        "chip": "اولین نوبت: ۳ آذر",
    },
    {"value": "11377", "label": "دفتر تجریش", "detail": "تهران، میدان قدس", "chip": "۵ آذر"},
    {"value": "11021", "label": "دفتر سیدخندان", "detail": "—", "disabled": True},
)


async def development_only(site: SiteDep) -> None:
    """Go on in development; elsewhere there is no such page.

    Raises:
        NotFound: anywhere else.
    """
    if site.settings.mode != "development":
        raise NotFound


router = APIRouter(
    prefix="/gallery",
    include_in_schema=False,
    dependencies=[Depends(public), Depends(development_only)],
)


@router.get("")
async def gallery(request: Request) -> Response:
    """Show the components."""
    speech = Speech(locale_of(request))
    return render(
        request,
        "gallery.html",
        now=NOON,
        offices=OFFICES,
        month=month(speech),
        slots=slots(speech),
        checks=[
            {"label": "زندانی", "value": "علی‌رضا گلپایگانی", "detail": "ندامتگاه", "change": "#"},
            {"label": "روز", "value": speech.jdate(NOON), "change": "#"},
        ],
        people=[
            {"value": "1", "label": "مریم"},
            {"value": "2", "label": "سارا", "detail": "۶ ساله"},
        ],
        reasons=[
            {"message": "هر هفته یک ملاقات الکترونیکی مجاز است.", "citation": "آیین‌نامه، مادهٔ ۲۱۰"},
            {"message": "ملاقات باید دست‌کم دو روز جلوتر باشد.", "citation": None},
        ],
        rows=[["علی‌رضا گلپایگانی", speech.jtime(NOON), "دفتر شریعتی", "ثبت شده"]] * 2,
        qr=Markup(segno.make("7K4M92QD").svg_inline(border=0, omitsize=True)),  # noqa: S704
        board=[room(number, speech) for number in range(1, 6)],
    )


@router.get("/call")
async def call(request: Request) -> Response:
    """Show the call's page."""
    return render(request, "gallery_call.html")


@router.get("/events")
async def events() -> Response:
    """Send one live update."""

    async def one() -> AsyncIterator[str]:
        yield 'data: <p id="news">✓</p>\n\n'

    return StreamingResponse(one(), media_type="text/event-stream")


def month(speech: Speech) -> dict[str, Any]:
    """A month as the calendar shows it."""
    shown = Month(1405, 9)
    return {
        "title": shown.title(speech.locale),
        "previous": None,
        "next": "#",
        "weekdays": WEEKDAYS[speech.locale],
        "weeks": [[day and cell(day, speech) for day in week] for week in shown.weeks()],
    }


def cell(day: date, speech: Speech) -> dict[str, Any]:
    """A day of the calendar."""
    number = jalali(day).day
    state = STATES[number % len(STATES)]
    note = Markup('{} <span class="unit">نوبت</span>').format(speech.number(number % 4 + 1))
    return {
        "value": day.isoformat(),
        "number": speech.number(number),
        "state": state,
        "note": "پر" if state == "full" else note,
    }


def slots(speech: Speech) -> list[dict[str, Any]]:
    """The times of a morning."""
    hours = [
        {"value": f"{h:02}00", "label": speech.clock(f"{h:02}00"), "free": h % 4 > 0, "note": None}
        for h in range(7, 14)
    ]
    return [{"title": "پیش از ظهر", "slots": hours}]


def room(number: int, speech: Speech) -> dict[str, Any]:
    """A room's day on the board."""
    items = []
    for hour, kind in zip(range(8, 16, 1 + number % 2), KINDS, strict=False):
        at = f"{hour:02}{number * 10 % 60:02}"
        items.append(
            {
                "at": at,
                "minutes": 50 if kind == "hearing" else 35,
                "kind": kind,
                "title": NAMES[(hour + number) % len(NAMES)],
                "time": speech.clock(at),
                "url": "#",
                "id": number * 100 + hour,
            }
        )
    return {"title": speech.digits(f"اتاق {number}"), "subtitle": "ملاقات", "items": items}
