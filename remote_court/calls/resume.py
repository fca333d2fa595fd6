"""Come back: trade a resume token whose worker is gone for a ticket to another."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calls import queries
from remote_court.calls.admit import Entry
from remote_court.calls.models import CallStatus
from remote_court.calls.prepare import prepare
from remote_court.calls.refusals import CallOver
from remote_court.calls.workers import place
from remote_court.tickets import Purpose, Ticket, TicketMisused, TicketRevoked, verify


def checked(token: str, key: bytes, session_id: int, now: datetime) -> Ticket:
    """What a resume token says, if it is good for this call.

    Raises:
        TicketForged, TicketExpired, TicketMisused: it is not.
    """
    shown = verify(token, key, now=now, purpose=Purpose.RESUME)
    if shown.session_id != str(session_id):
        raise TicketMisused
    return shown


async def trade(
    session: AsyncSession, shown: Ticket, now: datetime, gone: Collection[str] = ()
) -> Entry:
    """A new ticket for the same person in the same call, wherever the call now lives.

    Args:
        shown: the resume token, checked.
        gone: workers that did not answer although their lease still runs.

    Raises:
        TicketRevoked: the token was withdrawn.
        CallOver: the call is closed.
        NoWorker: nobody can carry the call just now.
    """
    session_id = int(shown.session_id)
    if await queries.entry(session, int(shown.entry), session_id) is None:
        raise TicketRevoked
    prepared = await prepare(session, session_id)
    if prepared.call.status is CallStatus.CLOSED or now >= prepared.call.ends_at:
        raise CallOver
    worker = await place(session, prepared.call, now, gone)
    return Entry(again(shown, worker.id, now), worker.url)


def again(shown: Ticket, worker_id: str, now: datetime) -> Ticket:
    """The ticket of somebody who comes back: the same person, the same call, the same entry."""
    return Ticket.for_entry(
        session_id=shown.session_id,
        person_id=shown.person_id,
        role=shown.role,
        name=shown.name,
        label=shown.label,
        audience=worker_id,
        now=now,
        entry=shown.entry,
    )
