"""Change an office's hours or a room's features; visits that no longer fit go elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.interval import Interval
from remote_court.calendars.opening_hours import WeeklySpan, whole_day
from remote_court.clock import local
from remote_court.errors import NotFound, Reason
from remote_court.people import Actor, Role
from remote_court.places import Audience, Unit, opening
from remote_court.places import rooms as rooms_of
from remote_court.places.opening import OpenHours
from remote_court.places.queries import rooms
from remote_court.places.rooms import RoomDraft
from remote_court.scheduling.opening import openings
from remote_court.scheduling.queries import Touched, sessions_touching
from remote_court.scheduling.rehouse import locked
from remote_court.visits.closures import FORESEEABLE
from remote_court.visits.displace import WAITING, Plan, carry_out, fates, needs_of, take_locks
from remote_court.visits.letters import VISIT

HOURS_CHANGED = Reason("hours-changed", "The office's opening hours have changed.")
ROOM_CHANGED = Reason("room-changed", "The room is no longer step-free.")
"""Reasons that families read, in their language."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly hours to be, and the first day they hold."""

    week: tuple[OpenHours, ...]
    valid_from: date


async def outside(
    session: AsyncSession, office_id: int, hours: Hours, now: datetime
) -> Sequence[Touched]:
    """Visits that these hours would leave outside the office's open time.

    Raises:
        NotFound: there is no such office in service.
    """
    first = max(hours.valid_from, local(now).date())
    start = max(whole_day(first).start, now)
    if start >= now + FORESEEABLE:
        return []  # nothing is booked so far ahead
    window = Interval(start, now + FORESEEABLE)
    standing = await _standing(session, office_id, window, now)
    last = max((local(t.told.start).date() for t in standing), default=first)
    known = await openings(session, [office_id], first, last)
    if office_id not in known.places:
        raise NotFound
    spans = tuple(WeeklySpan(h.weekday, h.opens, h.closes, first) for h in hours.week)
    here = replace(known.places[office_id], hours={Audience.ANYONE: spans})
    will = replace(known, places={office_id: here})
    return [
        t
        for t in standing
        if not will.allow(t.reserved, local(t.told.start).date(), (Audience.ANYONE,))
    ]


async def change_hours(
    session: AsyncSession, actor: Actor, office_id: int, hours: Hours, now: datetime
) -> Plan:
    """Set the office's weekly hours from a day on; visits left outside them are displaced."""
    actor.need_at(office_id, Role.OFFICE_MANAGER)
    window = Interval(now, now + FORESEEABLE)
    await take_locks(session, office_id, window)
    standing = await _standing(session, office_id, window, now)
    await locked(session, [t.session_id for t in standing])
    plan = Plan(lost=await outside(session, office_id, hours, now))
    await opening.set_week(
        session, actor, office_id, hours.week, valid_from=hours.valid_from, now=now
    )
    await carry_out(session, actor, plan, HOURS_CHANGED.message, now)
    return plan


async def change_room(
    session: AsyncSession, actor: Actor, room_id: int, draft: RoomDraft, now: datetime
) -> Plan:
    """Edit a room; visits that need what it no longer has get another, or are displaced."""
    seen = await session.get(Unit, room_id)
    if seen is None:
        raise NotFound
    window = Interval(now, now + FORESEEABLE)
    # Days before rows, as everybody who books does, or two would wait for each other.
    await take_locks(session, seen.pool_id, window)
    room = await rooms_of.edit_room(session, actor, room_id, draft, now)
    if "step_free" in room.features:
        return Plan()
    here = [t for t in await _standing(session, room.pool_id, window, now) if t.unit_id == room_id]
    await locked(session, [t.session_id for t in here])
    here = [t for t in await _standing(session, room.pool_id, window, now) if t.unit_id == room_id]
    needy = await needs_of(session, [t.session_id for t in here])
    standing = [t for t in here if t.session_id in needy]
    moves, lost = await fates(session, room.pool_id, standing, (), now)
    plan = Plan(moves, lost)
    await carry_out(session, actor, plan, ROOM_CHANGED.message, now)
    return plan


async def _standing(
    session: AsyncSession, office_id: int, window: Interval, now: datetime
) -> list[Touched]:
    every = [room.id for room in await rooms(session, office_id)]
    found = await sessions_touching(session, every, window, now)
    return [
        t for t in found if t.kind == VISIT and t.status in WAITING and t.told.start >= window.start
    ]
