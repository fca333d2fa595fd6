"""Enter when an office is open: its week from a day on, and days on which it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.clock import local
from remote_court.errors import Conflict, Invalid, NotFound
from remote_court.places.hours import Audience, DayClosure, WeeklyHours
from remote_court.places.keeper import Keeper, act, need_manager
from remote_court.places.offices import Office
from remote_court.places.rooms import stated

DAY = timedelta(days=1)
FRIDAY = 6


class HoursOutOfOrder(Invalid):
    """Hours must end after they begin, and two stretches of a day must not overlap."""


class PastDay(Invalid):
    """This day has passed; choose today or a later day."""


class AlreadyClosed(Conflict):
    """The office is already closed on this day."""


@dataclass(frozen=True, order=True, slots=True)
class OpenHours:
    """Open on this weekday (Saturday 0 … Friday 6), by the wall clock, from ``opens`` on."""

    weekday: int
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes or not 0 <= self.weekday <= FRIDAY:
            raise HoursOutOfOrder(where="hours")


async def set_week(
    session: AsyncSession,
    keeper: Keeper,
    office_id: int,
    week: Sequence[OpenHours],
    *,
    valid_from: date,
    now: datetime,
) -> None:
    """Replace the office's weekly hours from a day on; what held until then is kept.

    Raises:
        PastDay: ``valid_from`` lies before today.
        HoursOutOfOrder: two stretches of one weekday overlap.
    """
    need_manager(keeper, office_id)
    _check(week, valid_from, now)
    await _lock_office(session, office_id)
    mine = WeeklyHours.place_id == office_id
    await session.execute(delete(WeeklyHours).where(mine, WeeklyHours.valid_from >= valid_from))
    await session.execute(
        update(WeeklyHours)
        .where(mine, or_(WeeklyHours.valid_to.is_(None), WeeklyHours.valid_to >= valid_from))
        .values(valid_to=valid_from - DAY)
    )
    if week:
        await session.execute(insert(WeeklyHours), [_row(office_id, h, valid_from) for h in week])
    shown = [f"{h.weekday} {h.opens:%H:%M}-{h.closes:%H:%M}" for h in sorted(week)]
    done = act(
        keeper,
        office_id,
        "office.hours_set",
        ("office", office_id),
        valid_from=valid_from.isoformat(),
        week=shown,
    )
    await audit.record(session, now, done)


def _check(week: Sequence[OpenHours], valid_from: date, now: datetime) -> None:
    if valid_from < local(now).date():
        raise PastDay(where="valid_from")
    ordered = sorted(week)
    for one, other in pairwise(ordered):
        if one.weekday == other.weekday and other.opens < one.closes:
            raise HoursOutOfOrder(where="hours")


def _row(office_id: int, hours: OpenHours, valid_from: date) -> dict[str, object]:
    return {
        "place_id": office_id,
        "weekday": hours.weekday,
        "opens": hours.opens,
        "closes": hours.closes,
        "audience": Audience.ANYONE,
        "valid_from": valid_from,
    }


async def close_day(
    session: AsyncSession, keeper: Keeper, office_id: int, *, day: date, reason: str, now: datetime
) -> DayClosure:
    """Write down that the office is closed on a day; its bookings are the visits' own affair.

    Raises:
        PastDay: the day lies before today.
        AlreadyClosed: somebody closed it before.
        ReasonNeeded: no reason was stated.
    """
    need_manager(keeper, office_id)
    if day < local(now).date():
        raise PastDay(where="day")
    said = stated(reason)
    await _lock_office(session, office_id)
    if await _closure(session, office_id, day) is not None:
        raise AlreadyClosed
    closure = DayClosure(
        place_id=office_id, day=day, reason=said, entered_by=keeper.person_id, entered_at=now
    )
    session.add(closure)
    done = act(
        keeper, office_id, "office.day_closed", ("office", office_id), day=str(day), reason=said
    )
    await audit.record(session, now, done)
    await session.flush()
    return closure


async def reopen_day(
    session: AsyncSession, keeper: Keeper, office_id: int, day: date, now: datetime
) -> DayClosure:
    """Take a closed day back, and return what stood.

    Raises:
        NotFound: the office is not closed on this day by its own order.
    """
    need_manager(keeper, office_id)
    await _lock_office(session, office_id)
    closure = await _closure(session, office_id, day)
    if closure is None:
        raise NotFound
    await session.delete(closure)
    done = act(keeper, office_id, "office.day_reopened", ("office", office_id), day=str(day))
    await audit.record(session, now, done)
    await session.flush()
    return closure


async def _closure(session: AsyncSession, office_id: int, day: date) -> DayClosure | None:
    found = select(DayClosure).where(DayClosure.place_id == office_id, DayClosure.day == day)
    return (await session.scalars(found.limit(1))).first()


async def _lock_office(session: AsyncSession, office_id: int) -> None:
    if await session.get(Office, office_id, with_for_update=True) is None:
        raise NotFound
