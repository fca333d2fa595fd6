"""Entering calls, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from remote_court.calls import devices, queries
from remote_court.calls.admit import Entry, admit
from remote_court.calls.kinds import Asker, PairedDevice, Rules
from remote_court.calls.prepare import session_and_rules
from remote_court.calls.refusals import CallNotPlanned
from remote_court.errors import Refusal
from remote_court.people import rate
from remote_court.people.refusals import NotSignedIn
from remote_court.scheduling.models import Session
from remote_court.server.calls.askers import Asking, Device
from remote_court.server.calls.coming_back import come_back
from remote_court.server.calls.workers import door_of
from remote_court.server.deps import Now, SiteDep, Work
from remote_court.server.guards import guard
from remote_court.server.listing import Id
from remote_court.tickets import ENTRY, mint

router = APIRouter(prefix="/api/v1", tags=["calls"])
TICKETS = rate.Limit("tickets", 300, ENTRY)
"""Tickets for one asker while one lives: a supervisor who opens every booth of a large prison
needs a tenth of it; a worker remembers the used ones."""
AS = Literal[
    "visitor",
    "inmate",
    "supervisor",
    "interpreter",
    "presiding_judge",
    "associate_judge",
    "clerk",
    "prosecutor",
    "party",
    "lawyer",
    "witness",
    "expert",
    "guard",
    "observer",
]


class EnterIn(BaseModel):
    """In which role somebody wants to enter."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"as": "visitor"}]})

    as_: AS = Field(alias="as")


class TicketOut(BaseModel):
    """A ticket, the addresses that take it, and until when.

    ``url`` is signalling by WebSocket; ``whip`` and ``whep`` are for clients that know only these.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "ticket": "eyJzaWQiOiI3NSJ9.Zm9v",
                    "url": "wss://court.example/ws/call",
                    "whip": "https://court.example/whip/75",
                    "whep": "https://court.example/whep/75",
                    "expires_at": "2026-11-24T08:35:00+00:00",
                }
            ]
        }
    )

    ticket: str
    url: str
    whip: str
    whep: str
    expires_at: datetime


class NextOut(BaseModel):
    """The session that is on the device's unit now, or the next there.

    ``taken``: its side is in the call already, from elsewhere. A connection of this device's own
    does not count: one that asks has lost it, to a crash or a power cut, and may come in again.
    """

    id: str
    role: str
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    ready: bool
    taken: bool
    problem: str | None


class UnitNow(BaseModel):
    """What a device needs to know; ``now`` is the server's clock."""

    now: datetime
    next: NextOut | None


@guard
async def resume_token(connection: HTTPConnection) -> str:
    """The resume token shown as bearer token; it is the proof itself."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn
    return token


@router.post("/sessions/{session_id}/tickets")
async def ticket(
    session_id: Id, wish: EnterIn, asker: Asking, work: Work, now: Now, site: SiteDep
) -> TicketOut:
    """Get a ticket to a session's call, from thirty minutes before it starts.

    `visitor`: one of the visitors, after check-in, or the office room's device; `inmate`: the
    booth's device or an officer of the prison; `supervisor`: an officer of the prison. Of a
    hearing: the bench, the branch's `clerk`, and whoever takes part, from the place that was set
    for them; `observer`: anybody signed in, while the session is public.
    """
    entry = await admit(work, asker, wish.as_, session_id, now)
    await rate.take(work, TICKETS, whose(asker), now)
    return ticket_out(entry, site.key)


def whose(asker: Asker) -> str:
    """By whom tickets are counted."""
    return f"device {asker.id}" if isinstance(asker, PairedDevice) else str(asker.person_id)


@router.post("/sessions/{session_id}/resume")
async def resume(
    session_id: Id,
    token: Annotated[str, Depends(resume_token)],
    now: Now,
    site: SiteDep,
) -> TicketOut:
    """Trade a resume token, sent as bearer token, for a ticket: where its worker is gone.

    The worker is asked whether it lives before anybody is sent there again.
    """
    return ticket_out(await come_back(site, token, session_id, now), site.key)


@router.get("/device/next")
async def next_on_unit(device: Device, work: Work, now: Now) -> UnitNow:
    """Say what comes next on the paired device's room or booth."""
    found = await devices.next_session(work, device, now)
    if found is None:
        return UnitNow(now=now, next=None)
    _, rules = await session_and_rules(work, found.id)
    frame = await rules.frame(work, found.id)
    role = (await rules.roles(work, device, found.id))[0]
    call = await queries.call(work, found.id)
    problem = await in_the_way(work, rules, device, role, found)
    opens_at = frame.opens_at
    shown = NextOut(
        id=str(found.id),
        role=role,
        starts_at=frame.told.start,
        ends_at=call.ends_at if call else frame.told.end,
        opens_at=opens_at,
        ready=problem is None and now >= opens_at,
        taken=role in await queries.roles_in(work, found.id, besides=device.id),
        problem=problem,
    )
    return UnitNow(now=now, next=shown)


async def in_the_way(
    work: AsyncSession, rules: Rules, device: PairedDevice, role: str, told: Session
) -> str | None:
    """The code of what keeps the device from entering, whatever the time."""
    if told.status not in rules.expected:
        return CallNotPlanned.code
    try:
        await rules.admit(work, device, role, told.id)
    except Refusal as refusal:
        return refusal.code
    return None


def ticket_out(entry: Entry, key: bytes) -> TicketOut:
    """The ticket, signed."""
    ticket, url = entry.ticket, entry.url
    return TicketOut(
        ticket=mint(ticket, key),
        url=url,
        whip=door_of(url, "whip", ticket.session_id),
        whep=door_of(url, "whep", ticket.session_id),
        expires_at=ticket.expires_at,
    )
