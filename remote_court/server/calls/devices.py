"""The devices of a room or booth: make a code, see them, withdraw one."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from remote_court.calls import devices, queries
from remote_court.calls.devices import CODE_LIFE
from remote_court.errors import NotFound
from remote_court.people import Actor
from remote_court.places import UnitKind
from remote_court.server.calls.kiosk import name_of
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.guards import Signed
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id
from remote_court.server.pages import render

router = APIRouter(include_in_schema=False, route_class=OnceRoute)
HALF = devices.CODE_LENGTH // 2


@router.get("/units/{unit_id}/devices")
async def listed(request: Request, actor: Signed, work: Work, unit_id: Id) -> Response:
    """The devices of a unit that the reader keeps."""
    shown = await page(request, work, actor, unit_id)
    return render(request, "calls/devices.html", code=None, **shown)


@router.post("/units/{unit_id}/devices/codes")
async def code(
    request: Request, actor: Signed, work: Work, now: Now, site: SiteDep, unit_id: Id
) -> Response:
    """Make a code and show it, this once."""
    made = await devices.make_code(work, actor, unit_id, now)
    shown = await page(request, work, actor, unit_id)
    spoken = f"{made[:HALF]}-{made[HALF:]}"
    kiosk = f"{site.settings.origin}/kiosk"
    return render(
        request, "calls/devices.html", code=spoken, until=now + CODE_LIFE, kiosk=kiosk, **shown
    )


@router.post("/units/{unit_id}/devices/{device_id}/revoke")
async def revoke(
    actor: Signed, work: Work, now: Now, _key: Key, unit_id: Id, device_id: Id
) -> Response:
    """Withdraw a device's pairing."""
    gone = await devices.revoke(work, actor, device_id, now)
    if gone.unit_id != unit_id:
        raise NotFound
    return RedirectResponse(f"/units/{unit_id}/devices", 303)


async def page(request: Request, work: AsyncSession, actor: Actor, unit_id: int) -> dict[str, Any]:
    """What the page shows."""
    unit = await devices.unit_kept_by(work, actor, unit_id)
    room = unit.kind is UnitKind.ROOM
    return {
        "unit": unit,
        "unit_name": name_of(unit, request),
        "devices": await queries.devices_of(work, unit_id),
        "back": f"/offices/{unit.pool_id}/manage" if room else f"/prisons/{unit.pool_id}/booths",
    }
