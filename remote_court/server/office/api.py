"""The directory of offices: open to everybody, as on a notice board."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request

from remote_court.errors import NotFound
from remote_court.places.distance import Point
from remote_court.places.queries import After, OfficeLine, office_line, offices
from remote_court.server.deps import Work
from remote_court.server.guards import public
from remote_court.server.listing import Id, Listing, WindowDep, encode
from remote_court.server.locale import locale_of
from remote_court.server.refusals import BadCursor

router = APIRouter(prefix="/api/v1", tags=["offices"], dependencies=[Depends(public)])

PLACES_IN_A_CURSOR = 2


class OfficeOut(BaseModel):
    """An office, in the reader's language; ``rooms`` counts those in service."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "1042",
                    "name": "Azadi office",
                    "province": "Sistan and Baluchestan",
                    "city": "Zahedan",
                    "address": "12 Azadi St",
                    "rooms": 3,
                    "step_free": True,
                    "lat": 29.5,
                    "lon": 60.86,
                    "distance_m": 2900,
                }
            ]
        }
    )

    id: str
    name: str
    province: str
    city: str
    address: str
    rooms: int
    step_free: bool
    lat: float
    lon: float
    distance_m: int | None = None


@router.get("/offices")
async def list_offices(
    request: Request,
    work: Work,
    window: WindowDep,
    province: Annotated[str | None, Query(max_length=2, description="its code")] = None,
    q: Annotated[str | None, Query(max_length=100, description="words of name or place")] = None,
    near: Annotated[
        str | None,
        Query(pattern=r"^-?\d{1,2}(\.\d+)?,-?\d{1,3}(\.\d+)?$", description="`lat,lon`"),
    ] = None,
) -> Listing[OfficeOut]:
    """Offices in service, by city and name; the nearest first, when a point is given."""
    page = await offices(
        work,
        province=province,
        q=q,
        near=point(near),
        after=after(window.after),
        limit=window.limit,
        locale=locale_of(request),
    )
    following = encode((page.next.rank, page.next.id)) if page.next else None
    locale = locale_of(request)
    return Listing(items=[office_out(line, locale) for line in page.items], next=following)


@router.get("/offices/{office_id}")
async def one_office(request: Request, work: Work, office_id: Id) -> OfficeOut:
    """One office."""
    line = await office_line(work, office_id)
    if line is None:
        raise NotFound
    return office_out(line, locale_of(request))


def point(text: str | None) -> Point | None:
    """Read ``lat,lon``; what lies beyond the poles is nowhere in particular."""
    if text is None:
        return None
    lat, lon = (float(part) for part in text.split(","))
    return Point(max(-90.0, min(90.0, lat)), max(-180.0, min(180.0, lon)))


def after(position: tuple[object, ...] | None) -> After | None:
    """Read a cursor's position.

    Raises:
        BadCursor: it belongs to another list.
    """
    if position is None:
        return None
    if len(position) != PLACES_IN_A_CURSOR:
        raise BadCursor
    rank, office_id = position
    if not isinstance(rank, int) or not isinstance(office_id, int):
        raise BadCursor
    return After(rank, office_id)


def office_out(line: OfficeLine, locale: str) -> OfficeOut:
    """An office as programs read it."""
    return OfficeOut(
        id=str(line.id),
        name=line.name(locale),
        province=line.province(locale),
        city=line.city(locale),
        address=line.address(locale),
        rooms=line.rooms,
        step_free=line.step_free,
        lat=line.lat,
        lon=line.lon,
        distance_m=None if line.metres is None else round(line.metres),
    )
