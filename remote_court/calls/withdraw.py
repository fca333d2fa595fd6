"""Put people out of running calls whose right to be there is gone.

Every entry names the person or the device by whose right it was made. When rights shrink, the
entries that stand on them are asked for again, as if whoever made them stood at the door now;
what is refused is withdrawn. The rows are the truth, the worker of the call is told through the
outbox, and no token of a withdrawn entry is good any more, at any worker.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox
from remote_court.audit import Act
from remote_court.calls import queries
from remote_court.calls.announce import look_again
from remote_court.calls.kinds import Asker, PairedDevice
from remote_court.calls.models import CallEntry, Device
from remote_court.calls.prepare import session_and_rules
from remote_court.errors import Refusal
from remote_court.people import rights


async def of_device(session: AsyncSession, device_id: int, by: int | None, now: datetime) -> int:
    """Put out whoever a device brought in; its pairing is gone. Counts entries withdrawn."""
    return await withdraw(
        session, await queries.good_entries(session, CallEntry.device_id == device_id), by, now
    )


async def of_person(session: AsyncSession, person_id: int, by: int | None, now: datetime) -> int:
    """Put out whoever came in by a right that this person no longer has."""
    entries = await queries.good_entries(session, CallEntry.actor_id == person_id)
    return await withdraw(session, [e for e in entries if not await holds(session, e)], by, now)


async def of_session(session: AsyncSession, session_id: int, by: int | None, now: datetime) -> int:
    """Put out of one call whoever the rules of its kind would not let in any more."""
    await queries.locked(session, session_id)
    entries = await queries.good_entries(session, CallEntry.session_id == session_id)
    return await withdraw(session, [e for e in entries if not await holds(session, e)], by, now)


async def holds(session: AsyncSession, entry: CallEntry) -> bool:
    """Whether the same person would be let in again, in the same role, by the same asker."""
    asker = await asker_of(session, entry)
    if asker is None:
        return False
    _, rules = await session_and_rules(session, entry.session_id)
    try:
        admission = await rules.admit(session, asker, entry.role, entry.session_id)
    except Refusal:
        return False
    return admission.person_id == entry.person_id


async def asker_of(session: AsyncSession, entry: CallEntry) -> Asker | None:
    """Who made an entry, with the rights they have now; none: they have none."""
    if entry.device_id is None:
        return await queries.actor(session, entry.actor_id or 0)
    device = await session.get(Device, entry.device_id, populate_existing=True)
    if device is None or device.revoked_at is not None:
        return None
    return PairedDevice(device.id, device.unit_id)


async def withdraw(
    session: AsyncSession, entries: Iterable[CallEntry], by: int | None, now: datetime
) -> int:
    """Withdraw entries, write it down, and tell the workers of their calls."""
    calls: set[int] = set()
    count = 0
    for entry in entries:
        entry.withdrawn_at = now
        calls.add(entry.session_id)
        count += 1
        detail = {"person_id": entry.person_id, "entry": entry.id}
        act = Act("call.entry_withdrawn", "session", entry.session_id, actor_id=by, detail=detail)
        await audit.record(session, now, act)
    await session.flush()
    await outbox.put(session, *(look_again(session_id, now) for session_id in sorted(calls)))
    return count


def follow_rights() -> None:
    """Let the calls hear of it when somebody's rights shrink."""
    rights.watch(of_person)
