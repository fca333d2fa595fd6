"""Close and reopen a room, or the office for a day; the visits touched go elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.audit import Act
from remote_court.calendars.interval import Interval
from remote_court.calendars.opening_hours import whole_day
from remote_court.clock import local
from remote_court.errors import Invalid, NotFound
from remote_court.people import Actor, Role
from remote_court.places import DayClosure, Unit, UnitKind
from remote_court.places import opening as places
from remote_court.places import rooms as rooms_of
from remote_court.places.queries import rooms
from remote_court.places.rooms import stated
from remote_court.scheduling import blocks
from remote_court.scheduling.blocks import Block
from remote_court.scheduling.rehouse import standing_blocks
from remote_court.visits.displace import Closing, Plan, close, take_locks

# Nothing is booked so far ahead; a room withdrawn for longer is refused by its own flag.
FORESEEABLE = timedelta(days=400)
WITHDRAWN = "withdrawn"


class TooLong(Invalid):
    """A closure lasts at most one year; withdraw the room instead."""


class OverAlready(Invalid):
    """This time has passed; choose a later one."""


async def room_closing(
    session: AsyncSession, actor: Actor, room_id: int, interval: Interval, reason: str
) -> Closing:
    """What closing a room for a while would mean, for `preview` and `close`."""
    room = await _room(session, actor, room_id)
    if interval.length > FORESEEABLE:
        raise TooLong(where="until")
    return Closing(room.pool_id, (room_id,), interval, reason)


async def close_room(session: AsyncSession, actor: Actor, closing: Closing, now: datetime) -> Plan:
    """Close a room for a while.

    Raises:
        OverAlready: the closure would end before now.
        ReasonNeeded: no reason was stated.
    """
    if closing.interval.end <= now:
        raise OverAlready(where="until")
    start = max(closing.interval.start, now)
    agreed = replace(
        closing, interval=Interval(start, closing.interval.end), reason=stated(closing.reason)
    )
    plan = await close(session, actor, agreed, now)
    done = _act(
        actor,
        "room.closed",
        agreed.pool_id,
        units=list(agreed.unit_ids),
        until=agreed.interval.end.isoformat(),
        reason=agreed.reason,
        touched=plan.touched,
    )
    await audit.record(session, now, done)
    return plan


async def open_room(session: AsyncSession, actor: Actor, block_id: int, now: datetime) -> Block:
    """Lift a closure of a room before its time.

    Raises:
        NotFound: no such closure, or a withdrawal or closed day that ends elsewhere.
    """
    block = await session.get(Block, block_id)
    if block is None or block.cause is not None:
        raise NotFound
    room = await _room(session, actor, block.unit_id)
    lifted = await blocks.lift(session, block_id, lifted_by=actor.person_id, now=now)
    await audit.record(session, now, _act(actor, "room.opened", room.pool_id, unit=room.id))
    return lifted


async def withdrawal(session: AsyncSession, actor: Actor, room_id: int, now: datetime) -> Closing:
    """What withdrawing a room would mean, for `preview`."""
    room = await _room(session, actor, room_id)
    interval = Interval(now, now + FORESEEABLE)
    return Closing(room.pool_id, (room_id,), interval, "", WITHDRAWN)


async def withdraw_room(
    session: AsyncSession, actor: Actor, room_id: int, reason: str, now: datetime
) -> Plan:
    """Take a room out of service until it is returned."""
    closing = replace(await withdrawal(session, actor, room_id, now), reason=stated(reason))
    plan = await close(session, actor, closing, now)
    await rooms_of.take_out(session, actor, room_id, closing.reason, now)
    return plan


async def return_room(session: AsyncSession, actor: Actor, room_id: int, now: datetime) -> Unit:
    """Let a withdrawn room serve again; closures of its own still stand."""
    room = await rooms_of.put_back(session, actor, room_id, now)
    for block, _ in await standing_blocks(session, [room_id], now, WITHDRAWN):
        await blocks.lift(session, block.id, lifted_by=actor.person_id, now=now)
    return room


async def day_closing(
    session: AsyncSession, actor: Actor, office_id: int, day: date, now: datetime
) -> Closing:
    """What closing the office on a day would mean, for `preview`.

    Raises:
        PastDay: the day lies before today.
    """
    actor.need_at(office_id, Role.OFFICE_MANAGER)
    if day < local(now).date():
        raise places.PastDay(where="day")
    whole = whole_day(day)
    interval = Interval(max(whole.start, now), whole.end)
    every = tuple(room.id for room in await rooms(session, office_id))
    return Closing(office_id, every, interval, "")


async def close_day(
    session: AsyncSession, actor: Actor, office_id: int, day: date, *, reason: str, now: datetime
) -> Plan:
    """Close the office on a day: no room is free then, and every visit there is displaced."""
    asked = await day_closing(session, actor, office_id, day, now)
    await take_locks(session, office_id, asked.interval)
    entered = await places.close_day(session, actor, office_id, day=day, reason=reason, now=now)
    closing = replace(asked, reason=entered.reason, cause=cause_of(entered))
    return await close(session, actor, closing, now)


async def reopen_day(
    session: AsyncSession, actor: Actor, office_id: int, day: date, now: datetime
) -> None:
    """Open the office again on a day that was closed; displaced visits are not brought back."""
    closure = await places.reopen_day(session, actor, office_id, day, now)
    every = [room.id for room in await rooms(session, office_id)]
    for block, _ in await standing_blocks(session, every, now, cause_of(closure)):
        await blocks.lift(session, block.id, lifted_by=actor.person_id, now=now)


def cause_of(closure: DayClosure) -> str:
    """The cause that blocks of a closed day carry."""
    return f"closure:{closure.id}"


async def _room(session: AsyncSession, actor: Actor, room_id: int) -> Unit:
    room = await session.get(Unit, room_id)
    if room is None or room.kind is not UnitKind.ROOM:
        raise NotFound
    actor.need_at(room.pool_id, Role.OFFICE_MANAGER)
    return room


def _act(actor: Actor, name: str, office_id: int, **detail: object) -> Act:
    return Act(
        name,
        "office",
        office_id,
        actor_id=actor.person_id,
        role=Role.OFFICE_MANAGER,
        place_id=office_id,
        detail=detail,
    )
