"""Rooms in which operators try lines out, for programs; the terminal's ``ticket`` does the same."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field

from remote_court.calls import line_tests, queries
from remote_court.calls.line_tests import MOST_MINUTES, MOST_PEOPLE, As, Wish
from remote_court.calls.models import LineTest
from remote_court.people import Actor, Role
from remote_court.server.calls.api import TicketOut, ticket_out
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.guards import needs

operator = needs(Role.OPERATOR)
Operator = Annotated[Actor, Depends(operator)]
Room = Annotated[str, Path(pattern=f"^{line_tests.NAME.pattern}$")]
router = APIRouter(prefix="/api/v1/line-tests", tags=["operators"])


class WishIn(BaseModel):
    """Which room, and as what; the bounds count where the room is not open yet."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"room": "tabriz-3", "as": "presenter", "minutes": 30}]}
    )

    room: str = Field(pattern=f"^{line_tests.NAME.pattern}$")
    as_: As = Field(alias="as")
    minutes: int = Field(60, ge=1, le=MOST_MINUTES)
    people: int = Field(8, ge=1, le=MOST_PEOPLE)


class RoomOut(BaseModel):
    """An open room."""

    room: str
    opened_at: datetime
    ends_at: datetime
    people: int


class RoomsOut(BaseModel):
    """The open rooms; there is no next page."""

    items: list[RoomOut]
    next: None = None


@router.post("/tickets")
async def ticket(wish: WishIn, actor: Operator, work: Work, now: Now, site: SiteDep) -> TicketOut:
    """Get a ticket to a line test, good for one entry while the room is open.

    A `presenter` is seen and heard by all, a `viewer` by nobody. Nothing is ever recorded.
    """
    wanted = Wish(room=wish.room, as_=wish.as_, minutes=wish.minutes, people=wish.people)
    return ticket_out(await line_tests.enter(work, wanted, actor.person_id, now), site.key)


@router.get("", dependencies=[Depends(operator)])
async def listed(work: Work, now: Now) -> RoomsOut:
    """List the open rooms."""
    return RoomsOut(items=[room_out(room) for room in await queries.line_tests(work, now)])


@router.delete("/{room}", status_code=204)
async def end(room: Room, actor: Operator, work: Work, now: Now) -> None:
    """Close a room for everybody in it."""
    await line_tests.end(work, room, actor.person_id, now)


def room_out(room: LineTest) -> RoomOut:
    """A room as programs see it."""
    return RoomOut(
        room=room.name, opened_at=room.opened_at, ends_at=room.ends_at, people=room.headcount
    )
