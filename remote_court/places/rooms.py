"""Add and edit the rooms of an office, and write down that one is out of service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.errors import Invalid, NotFound
from remote_court.places.edit_office import EmptyName
from remote_court.places.features import features
from remote_court.places.keeper import Keeper, act, need_manager
from remote_court.places.offices import Office
from remote_court.places.units import Unit, UnitKind


class ReasonNeeded(Invalid):
    """Say why: those whose visits are touched will read it."""


@dataclass(frozen=True, slots=True)
class RoomDraft:
    """What a manager enters of a room."""

    name_fa: str
    name_en: str
    features: Sequence[str] = ()

    def __post_init__(self) -> None:
        for where in ("name_fa", "name_en"):
            if not getattr(self, where).strip():
                raise EmptyName(where=where)
        object.__setattr__(self, "features", features(self.features))


def stated(reason: str) -> str:
    """Return a reason without blanks around it, or raise `ReasonNeeded`."""
    if not (said := reason.strip()):
        raise ReasonNeeded(where="reason")
    return said


async def add_room(
    session: AsyncSession, keeper: Keeper, office_id: int, draft: RoomDraft, now: datetime
) -> Unit:
    """Add a room to the office, with the next free number."""
    need_manager(keeper, office_id)
    # The office's row is the queue: two managers adding at once get two numbers.
    if await session.get(Office, office_id, with_for_update=True) is None:
        raise NotFound
    last = await session.scalar(select(func.max(Unit.number)).where(Unit.pool_id == office_id))
    room = Unit(
        kind=UnitKind.ROOM,
        pool_id=office_id,
        number=(last or 0) + 1,
        name_fa=draft.name_fa.strip(),
        name_en=draft.name_en.strip(),
        features=list(draft.features),
        in_service=True,
    )
    session.add(room)
    await session.flush()
    done = act(keeper, office_id, "room.added", ("unit", room.id), features=room.features)
    await audit.record(session, now, done)
    return room


async def edit_room(
    session: AsyncSession, keeper: Keeper, room_id: int, draft: RoomDraft, now: datetime
) -> Unit:
    """Write a room's names and features."""
    room = await managed_room(session, keeper, room_id)
    before = list(room.features)
    room.name_fa, room.name_en = draft.name_fa.strip(), draft.name_en.strip()
    room.features = list(draft.features)
    lost = sorted(set(before) - set(room.features))
    gained = sorted(set(room.features) - set(before))
    done = act(keeper, room.pool_id, "room.edited", ("unit", room.id), lost=lost, gained=gained)
    await audit.record(session, now, done)
    await session.flush()
    return room


async def take_out(
    session: AsyncSession, keeper: Keeper, room_id: int, reason: str, now: datetime
) -> Unit:
    """Write down that a room is out of service; its bookings are the visits' own affair."""
    room = await managed_room(session, keeper, room_id)
    room.in_service = False
    room.out_of_service_reason = stated(reason)
    done = act(keeper, room.pool_id, "room.withdrawn", ("unit", room.id), reason=reason.strip())
    await audit.record(session, now, done)
    await session.flush()
    return room


async def put_back(session: AsyncSession, keeper: Keeper, room_id: int, now: datetime) -> Unit:
    """Write down that a room serves again."""
    room = await managed_room(session, keeper, room_id)
    room.in_service = True
    room.out_of_service_reason = None
    done = act(keeper, room.pool_id, "room.returned", ("unit", room.id))
    await audit.record(session, now, done)
    await session.flush()
    return room


async def managed_room(session: AsyncSession, keeper: Keeper, room_id: int) -> Unit:
    """Lock and return a room of an office that the keeper manages."""
    room = await session.get(Unit, room_id, with_for_update=True)
    if room is None or room.kind is not UnitKind.ROOM:
        raise NotFound
    need_manager(keeper, room.pool_id)
    return room
