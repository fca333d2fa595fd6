"""Give a visit another room of its office at the same time; nothing else about it changes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox
from remote_court.audit import Act
from remote_court.calendars.interval import Interval
from remote_court.errors import Conflict, Invalid, NotFound, WrongState
from remote_court.notices.messages import MessageKind
from remote_court.people import Actor, Role
from remote_court.places import Unit
from remote_court.scheduling.hold import SlotTaken
from remote_court.scheduling.models import Reservation
from remote_court.scheduling.queries import taken
from remote_court.scheduling.rehouse import clear_lapsed, rehouse
from remote_court.visits.desk import room_of
from remote_court.visits.displace import WAITING, needs_of, take_locks
from remote_court.visits.door import DESK, Opened, look, open_visit
from remote_court.visits.letters import VISIT, letter, live


class RoomOutOfService(Conflict):
    """This room is out of service; choose another."""


class NotStepFree(Invalid):
    """Somebody in this visit cannot take steps, and this room has some; choose another."""


async def reseat(
    session: AsyncSession, actor: Actor, visit_id: int, room_id: int, now: datetime
) -> Opened:
    """Move a visit into another room at its own time.

    Raises:
        NotFound: no such visit, or no such room, at the clerk's office.
        WrongState: it is under way or over.
        RoomOutOfService, NotStepFree: the room does not serve it.
        SlotTaken: something else stands in the room then.
    """
    seen = await look(session, visit_id)
    actor.need_at(seen.visit.office_id, *DESK)
    kept = await session.get(Reservation, (visit_id, seen.visit.room_id or 0))
    if kept is None:
        raise WrongState
    during = Interval.from_range(kept.during)
    await take_locks(session, seen.visit.office_id, during)
    opened = await open_visit(session, visit_id)
    visit, old = opened.visit, opened.visit.room_id
    if opened.status not in WAITING or old != seen.visit.room_id or old is None:
        raise WrongState
    if old == room_id:
        return opened
    room = await _serves(session, opened, room_id)
    await clear_lapsed(session, [room.id], during, now)
    if await taken(session, [room.id], during, now):
        raise SlotTaken(room.id)
    await rehouse(session, visit_id, old, room.id)
    visit.room_id = room.id
    told = letter(MessageKind.MOVED, visit.booked_for, visit.id, now, room_id=room.id)
    await outbox.put(session, *live(visit.id, visit.office_id, visit.prison_id, now), told)
    await audit.record(session, now, _act(actor, opened, old, room.id))
    await session.flush()
    return opened


async def _serves(session: AsyncSession, opened: Opened, room_id: int) -> Unit:
    room = await room_of(session, opened.visit.office_id, room_id)
    if room is None:
        raise NotFound
    if not room.in_service:
        raise RoomOutOfService
    needs = (await needs_of(session, [opened.visit.id])).get(opened.visit.id, frozenset())
    if not needs <= set(room.features):
        raise NotStepFree(where="room_id")
    return room


def _act(actor: Actor, opened: Opened, was: int, into: int) -> Act:
    return Act(
        "visit.rehoused",
        VISIT,
        opened.visit.id,
        actor_id=actor.person_id,
        role=Role.OFFICE_CLERK,
        place_id=opened.visit.office_id,
        detail={"was": was, "into": into},
    )
