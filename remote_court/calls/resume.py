"""Come back: trade a resume token whose worker is gone for a ticket to another; withdraw tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.audit import Act
from remote_court.calls import queries
from remote_court.calls.admit import Entry
from remote_court.calls.models import CallStatus, RevokedResume
from remote_court.calls.prepare import prepare
from remote_court.calls.refusals import CallOver
from remote_court.calls.workers import place
from remote_court.tickets import Purpose, Ticket, TicketMisused, TicketRevoked, verify


async def trade(
    session: AsyncSession, token: str, key: bytes, session_id: int, now: datetime
) -> Entry:
    """A new ticket for the same person in the same call, wherever the call now lives.

    Raises:
        TicketForged, TicketExpired, TicketMisused, TicketRevoked: the token is no good.
        CallOver: the call is closed.
        NoWorker: nobody can carry the call just now.
    """
    shown = verify(token, key, now=now, purpose=Purpose.RESUME)
    if shown.session_id != str(session_id):
        raise TicketMisused
    withdrawn = await queries.revoked_at(session, session_id, int(shown.person_id))
    if withdrawn is not None and shown.issued_at <= withdrawn:
        raise TicketRevoked
    prepared = await prepare(session, session_id)
    if prepared.call.status is CallStatus.CLOSED or now >= prepared.call.ends_at:
        raise CallOver
    worker = await place(session, prepared.call, now)
    return Entry(again(shown, worker.id, now), worker.url)


def again(shown: Ticket, worker_id: str, now: datetime) -> Ticket:
    """The ticket of somebody who comes back: the same person, the same call."""
    return Ticket.for_entry(
        session_id=shown.session_id,
        person_id=shown.person_id,
        role=shown.role,
        name=shown.name,
        label=shown.label,
        audience=worker_id,
        now=now,
    )


async def revoke(
    session: AsyncSession, session_id: int, person_id: int, by: int | None, now: datetime
) -> None:
    """Void every resume token this person holds for this call."""
    row = insert(RevokedResume).values(session_id=session_id, person_id=person_id, revoked_at=now)
    await session.execute(
        row.on_conflict_do_update(
            index_elements=["session_id", "person_id"], set_={"revoked_at": now}
        )
    )
    await audit.record(
        session,
        now,
        Act(
            "call.resume_revoked",
            "session",
            session_id,
            actor_id=by,
            detail={"person_id": person_id},
        ),
    )
