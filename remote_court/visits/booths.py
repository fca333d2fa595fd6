"""The booths of a prison: added, withdrawn with what becomes of their visits, and returned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.calendars.interval import Interval
from remote_court.errors import NotFound
from remote_court.people import Actor, Role
from remote_court.places import Prison, Unit, UnitKind
from remote_court.places.rooms import RoomDraft
from remote_court.scheduling import blocks
from remote_court.scheduling.rehouse import standing_blocks
from remote_court.visits.closures import FORESEEABLE, WITHDRAWN
from remote_court.visits.displace import Closing, Plan, close
from remote_court.visits.entering import Stand, stated

UNIT = "unit"


async def add(
    session: AsyncSession, actor: Actor, prison_id: int, draft: RoomDraft, now: datetime
) -> Unit:
    """Add a booth to the prison, with the next free number."""
    stand = _officer(actor, prison_id)
    # The prison's row is the queue: two officers adding at once get two numbers.
    if await session.get(Prison, prison_id, with_for_update=True) is None:
        raise NotFound
    last = await session.scalar(select(func.max(Unit.number)).where(Unit.pool_id == prison_id))
    booth = Unit(
        kind=UnitKind.BOOTH,
        pool_id=prison_id,
        number=(last or 0) + 1,
        name_fa=draft.name_fa.strip(),
        name_en=draft.name_en.strip(),
        features=list(draft.features),
        in_service=True,
    )
    session.add(booth)
    await session.flush()
    act = stand.act("booth.added", (UNIT, booth.id), features=booth.features)
    await audit.record(session, now, act)
    return booth


async def withdrawal(session: AsyncSession, actor: Actor, booth_id: int, now: datetime) -> Closing:
    """What withdrawing a booth would mean, for `displace.preview`."""
    # Without its row's lock: closing takes the days first, as everybody who books does.
    booth = await booth_of(session, actor, booth_id, lock=False)
    interval = Interval(now, now + FORESEEABLE)
    return Closing(booth.pool_id, (booth_id,), interval, "", WITHDRAWN)


async def withdraw(
    session: AsyncSession, actor: Actor, booth_id: int, reason: str, now: datetime
) -> Plan:
    """Take a booth out of service: each of its visits goes to another booth, or is displaced.

    Raises:
        NotFound: no such booth in one's own prison.
        ReasonMissing: no reason was stated.
    """
    closing = replace(await withdrawal(session, actor, booth_id, now), reason=stated(reason))
    plan = await close(session, actor, closing, now)
    booth = await booth_of(session, actor, booth_id)
    booth.in_service, booth.out_of_service_reason = False, closing.reason
    act = _officer(actor, booth.pool_id).act(
        "booth.withdrawn", (UNIT, booth_id), reason=closing.reason, touched=plan.touched
    )
    await audit.record(session, now, act)
    await session.flush()
    return plan


async def put_back(session: AsyncSession, actor: Actor, booth_id: int, now: datetime) -> Unit:
    """Let a withdrawn booth serve again."""
    booth = await booth_of(session, actor, booth_id)
    booth.in_service, booth.out_of_service_reason = True, None
    for block, _ in await standing_blocks(session, [booth_id], now, WITHDRAWN):
        await blocks.lift(session, block.id, lifted_by=actor.person_id, now=now)
    act = _officer(actor, booth.pool_id).act("booth.returned", (UNIT, booth_id))
    await audit.record(session, now, act)
    await session.flush()
    return booth


async def booth_of(
    session: AsyncSession, actor: Actor, booth_id: int, *, lock: bool = True
) -> Unit:
    """Return a booth of one's own prison, locked unless it is only looked at.

    Raises:
        NotFound: there is no such booth there.
    """
    booth = await session.get(Unit, booth_id, with_for_update=True if lock else None)
    if booth is None or booth.kind is not UnitKind.BOOTH:
        raise NotFound
    _officer(actor, booth.pool_id)
    return booth


async def booths(session: AsyncSession, prison_id: int) -> Sequence[Unit]:
    """Every booth of a prison, in service or not, by number."""
    query = select(Unit).where(Unit.pool_id == prison_id, Unit.kind == UnitKind.BOOTH)
    return (await session.scalars(query.order_by(Unit.number))).all()


def _officer(actor: Actor, prison_id: int) -> Stand:
    actor.need_at(prison_id, Role.PRISON_OFFICER)
    return Stand(actor, Role.PRISON_OFFICER, prison_id)
