"""May this person or device enter now, as what, on which worker?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.audit import Act
from remote_court.calls.kinds import Admission, Asker, PairedDevice
from remote_court.calls.models import Call, CallEntry, CallStatus
from remote_court.calls.prepare import prepare, session_and_rules
from remote_court.calls.refusals import CallOver, NotYetOpen
from remote_court.calls.workers import place
from remote_court.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Entry:
    """An open door: the ticket's claims, and the signalling of the worker that checks them."""

    ticket: Ticket
    url: str


async def admit(
    session: AsyncSession, asker: Asker, as_: str, session_id: int, now: datetime
) -> Entry:
    """Admit somebody to the waiting room or the running call.

    Raises:
        NotFound: no such session, or it is nothing to the asker.
        Forbidden: the asker may not enter in this role.
        NotYetOpen: too early.
        CallOver: too late.
        NoWorker: nobody can carry the call just now.
        Refusal: whatever the rules of the kind refuse with.
    """
    _, rules = await session_and_rules(session, session_id)
    await rules.admit(session, asker, as_, session_id)
    prepared = await prepare(session, session_id)
    call = prepared.call
    need_open(call, prepared.frame.opens_at, now)
    # Asked again under the call's lock, which whoever withdraws a right takes too.
    admission = await rules.admit(session, asker, as_, session_id)
    worker = await place(session, call, now)
    entry_id = await note(session, asker, admission, session_id, now)
    await audit.record(session, now, written(asker, admission, session_id, entry_id))
    return Entry(ticket_for(admission, session_id, worker.id, entry_id, now), worker.url)


async def note(
    session: AsyncSession, asker: Asker, admission: Admission, session_id: int, now: datetime
) -> int:
    """Write down who was let in by whose right, so that it can be withdrawn."""
    device_id, actor_id = (
        (asker.id, None) if isinstance(asker, PairedDevice) else (None, asker.person_id)
    )
    row = insert(CallEntry).values(
        session_id=session_id,
        person_id=admission.person_id,
        role=admission.role,
        actor_id=actor_id,
        device_id=device_id,
        made_at=now,
    )
    return (await session.execute(row.returning(CallEntry.id))).scalar_one()


def need_open(call: Call, opens_at: datetime, now: datetime) -> None:
    """Go on only between the entrance's opening and the call's end."""
    if call.status is CallStatus.CLOSED or now >= call.ends_at:
        raise CallOver
    if now < opens_at:
        raise NotYetOpen(opens_at)


def ticket_for(
    admission: Admission, session_id: int, worker_id: str, entry_id: int, now: datetime
) -> Ticket:
    """What the ticket says."""
    return Ticket.for_entry(
        session_id=str(session_id),
        person_id=str(admission.person_id),
        role=admission.role,
        name=admission.name,
        label=admission.label,
        audience=worker_id,
        now=now,
        entry=str(entry_id),
    )


def written(asker: Asker, admission: Admission, session_id: int, entry_id: int) -> Act:
    """What the record says: who was let in as whom, and by which person or device."""
    detail = {"person_id": admission.person_id, "entry": entry_id}
    actor_id: int | None = None
    if isinstance(asker, PairedDevice):
        detail["device_id"] = asker.id
    else:
        actor_id = asker.person_id
    return Act(
        "call.admitted",
        "session",
        session_id,
        actor_id=actor_id,
        role=admission.role,
        place_id=admission.place_id,
        detail=detail,
    )
