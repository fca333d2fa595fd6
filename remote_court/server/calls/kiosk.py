"""The page of a paired device: it shows what comes next, and joins by itself at the time."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.calls import devices, queries
from remote_court.calls.devices import CODE_LIFE
from remote_court.calls.refusals import DeviceUnknown, PairingRefused
from remote_court.errors import Invalid
from remote_court.people import rate
from remote_court.places import Unit
from remote_court.server.calls.askers import COOKIE, remember
from remote_court.server.calls.texts import texts
from remote_court.server.calls.workers import origins
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.fields import Form
from remote_court.server.guards import public
from remote_court.server.locale import locale_of
from remote_court.server.pages import render
from remote_court.server.problems import Again, said
from remote_court.server.rate import AddressKey

router = APIRouter(include_in_schema=False, dependencies=[Depends(public)])
PAIRING = rate.Limit("pair", 30, CODE_LIFE)
"""Tries from one address: codes are long, and nobody needs more to type one."""


@router.get("/kiosk")
async def kiosk(request: Request, work: Work, now: Now, site: SiteDep) -> Response:
    """The device's page, or the question for a pairing code."""
    credential = request.cookies.get(COOKIE, "")
    try:
        device = await devices.recognise(work, credential, now)
    except DeviceUnknown:
        return render(request, "calls/pair.html", errors={}, code="", label="")
    unit = await queries.unit(work, device.unit_id)
    assert unit is not None, "a device stands in a unit"
    connect = (*site.connect, *await origins(work))
    return render(
        request,
        "calls/kiosk.html",
        connect=connect,
        unit_name=name_of(unit, request),
        island=island(request),
    )


@router.post("/kiosk")
async def pair(
    request: Request, site: SiteDep, work: Work, now: Now, form: Form, address: AddressKey
) -> Response:
    """Pair this device by its code."""
    async with site.database.transaction() as session:
        await rate.take(session, PAIRING, address, now)
    code, label = form.text("code"), form.text("label")
    try:
        _, credential = await devices.pair(work, code, label, now)
    except PairingRefused as refusal:
        errors = {"code": said(request, refusal)}
    except Invalid as refusal:
        errors = {refusal.where or "label": said(request, refusal)}
    else:
        answer = RedirectResponse("/kiosk", 303)
        remember(answer, request, credential)
        return answer
    page = render(request, "calls/pair.html", status=422, errors=errors, code=code, label=label)
    raise Again(page)


def name_of(unit: Unit, request: Request) -> str:
    """The room's or booth's name in the reader's language."""
    return unit.name_fa if locale_of(request) == "fa" else unit.name_en


def island(request: Request) -> dict[str, Any]:
    """What the kiosk's script is told."""
    return {
        "device": True,
        "locale": locale_of(request),
        "csrf": request.state.csrf,
        "help_number": request.app.state.site.settings.help_number,
        "texts": texts(request),
        "warn_minutes": [5, 2, 1],
        "required": [],
    }
