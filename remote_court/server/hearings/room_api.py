"""A session's course, for programs and for the bench's page: who is where, and what is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calls import recording, supervise
from remote_court.errors import Invalid
from remote_court.hearings import room, room_view
from remote_court.hearings.powers import Power
from remote_court.people import Actor
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.guards import Signed
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id

router = APIRouter(prefix="/api/v1", tags=["hearings"], route_class=OnceRoute)
LONGEST_REASON = 500
MOST_PEOPLE = 50
RECORDING = frozenset({Power.RECORD, Power.STOP_RECORDING})
Number = Annotated[int, Field(gt=0, lt=2**63)]


class PersonOut(BaseModel):
    """Somebody of the session.

    ``station`` is where they stand, None while they are not here; ``clients`` are for whom a
    lawyer speaks.
    """

    id: str
    name: str
    role: str
    part: str
    site: str | None
    station: str | None
    clients: list[str]


class RoomOut(BaseModel):
    """How a session stands. ``powers`` are what you may do in it now."""

    id: str
    status: str
    call: str
    revision: int
    starts_at: datetime
    ends_at: datetime
    quorum: int
    judges_here: int
    presiding_id: str | None
    closed_reason: str | None
    closing_reasons: list[str]
    recording: bool
    people: list[PersonOut]
    powers: list[str]


class ActIn(BaseModel):
    """One act, and whom it is about.

    ``person_ids`` may be empty for ``admit``: all who wait; for ``aside`` they are the lawyer and
    then the client.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"act": "open"},
                {"act": "admit", "person_ids": ["1207"]},
                {"act": "close_doors", "reason": "chastity_or_morals"},
            ]
        },
    )

    act: Power
    person_ids: list[Number] = Field(default=[], max_length=MOST_PEOPLE)
    reason: str = Field(default="", max_length=LONGEST_REASON)
    minutes: int = Field(default=0, ge=0, le=600)
    muted: bool = True


@router.get("/hearings/{hearing_id}/room")
async def look(hearing_id: Id, actor: Signed, work: Work) -> RoomOut:
    """Say who is here and where they stand, who is awaited, and what you may do.

    For the bench and the clerk of the branch.
    """
    return shown(await room_view.view(work, actor, hearing_id))


@router.post("/hearings/{hearing_id}/room")
async def act(
    hearing_id: Id, wish: ActIn, actor: Signed, work: Work, now: Now, site: SiteDep, _key: Key
) -> RoomOut:
    """Do something in the session: open it, call people in or send them out, close the doors.

    Each act is refused to whoever has no such power in this session, with 403.
    """
    await room.sitting(work, actor, hearing_id, wish.act, now)
    if wish.act in RECORDING:
        ready = site.settings.recording_keys() is not None
        await record(work, actor, hearing_id, wish, now, ready=ready)
    elif doing := DOING.get(wish.act):
        await doing(work, actor, hearing_id, wish, now)
    else:
        raise Invalid(where="act")  # help is called where one talks, over the call's own socket
    await work.flush()
    return shown(await room_view.view(work, actor, hearing_id))


Doing = Callable[[AsyncSession, Actor, int, ActIn, datetime], Awaitable[object]]


def one(wish: ActIn, at: int = 0) -> int:
    """Whom an act is about.

    Raises:
        Invalid: it says nobody.
    """
    try:
        return wish.person_ids[at]
    except IndexError:
        raise Invalid(where="person_ids") from None


async def record(
    session: AsyncSession,
    actor: Actor,
    hearing_id: int,
    wish: ActIn,
    now: datetime,
    *,
    ready: bool,
) -> None:
    """Order a recording, or stop the one that runs."""
    if wish.act is Power.RECORD:
        await recording.order(session, actor, hearing_id, wish.reason, now, ready=ready)
    else:
        await recording.stop(session, actor, hearing_id, now)


DOING: Mapping[Power, Doing] = {
    Power.OPEN: lambda s, a, i, _, now: room.open_session(s, a, i, now),
    Power.ADMIT: lambda s, a, i, w, now: room.admit(s, a, i, w.person_ids, now),
    Power.SEND_OUT: lambda s, a, i, w, now: room.send_out(s, a, i, one(w), now),
    Power.RELEASE: lambda s, a, i, w, now: room.release(s, a, i, one(w), now),
    Power.ASIDE: lambda s, a, i, w, now: room.aside(s, a, i, one(w), one(w, 1), now),
    Power.CHAMBER: lambda s, a, i, w, now: room.chamber(s, a, i, one(w), now),
    Power.RETURN: lambda s, a, i, w, now: room.come_back(s, a, i, one(w), now),
    Power.CLOSE_DOORS: lambda s, a, i, w, now: room.close_doors(s, a, i, w.reason, now),
    Power.OPEN_DOORS: lambda s, a, i, _, now: room.open_doors(s, a, i, now),
    Power.PAUSE: lambda s, a, i, w, now: supervise.pause(s, a, i, w.reason, now),
    Power.RESUME: lambda s, a, i, _, now: supervise.resume(s, a, i, now),
    Power.EXTEND: lambda s, a, i, w, now: supervise.extend(s, a, i, w.minutes, now),
    Power.END: lambda s, a, i, w, now: supervise.end(s, a, i, w.reason, now),
    Power.MUTE: lambda s, a, i, w, now: supervise.mute(s, a, i, one(w), muted=w.muted, now=now),
}


def shown(view: room_view.RoomView) -> RoomOut:
    """A session's standing as programs read it."""
    leader = view.presiding_id
    return RoomOut(
        id=str(view.id),
        status=view.status,
        call=view.call,
        revision=view.revision,
        starts_at=view.starts_at,
        ends_at=view.ends_at,
        quorum=view.quorum,
        judges_here=view.judges_here,
        presiding_id=None if leader is None else str(leader),
        closed_reason=view.closed_reason,
        closing_reasons=list(view.closing_reasons),
        recording=view.recording,
        people=[
            PersonOut(
                id=str(person.id),
                name=person.name,
                role=person.role,
                part=person.part,
                site=person.site,
                station=person.station,
                clients=[str(client) for client in person.clients],
            )
            for person in view.people
        ],
        powers=[power.value for power in view.powers],
    )
