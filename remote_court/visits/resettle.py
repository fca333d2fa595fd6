"""Give a visit its own time again, in the prison where the inmate now is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox
from remote_court.calendars.interval import Interval
from remote_court.errors import NotFound, RuleRefused
from remote_court.notices.messages import MessageKind
from remote_court.policy import Policy
from remote_court.scheduling import hold
from remote_court.scheduling.hold import SlotTaken
from remote_court.scheduling.queries import Touched
from remote_court.visits import letters
from remote_court.visits.displace import Plan, carry_out
from remote_court.visits.door import Opened, open_visit
from remote_court.visits.entering import Stand
from remote_court.visits.matter import Matter, gather, wish_of
from remote_court.visits.models import Visit
from remote_court.visits.move import Target, request_of
from remote_court.visits.request import times
from remote_court.visits.status import Status
from remote_court.visits.touching import Coming

PASSED_OVER = frozenset({"outside-booking-window"})
"""Rules for a new wish that do not bind a visit which only keeps its time."""


@dataclass(frozen=True, slots=True)
class Fates:
    """Which visits keep their time, and which lose their place and wait for rebooking."""

    kept: Sequence[int]
    displaced: Sequence[int]


async def resettle(
    session: AsyncSession,
    stand: Stand,
    visits: Sequence[Coming],
    prison_id: int,
    reason: str,
    *,
    now: datetime,
    policy: Policy,
) -> Fates:
    """Keep each visit's time with a booth of this prison where one is free, else displace it.

    Args:
        visits: with their sessions locked; the inmate is already in the prison.
        reason: what families of displaced visits read.
    """
    kept: list[int] = []
    lost: list[Coming] = []
    for visit in visits:
        ahead = visit.starts_at > now and visit.status is not Status.HELD
        if ahead and await _keep(session, stand, visit, prison_id, now=now, policy=policy):
            kept.append(visit.id)
        else:
            lost.append(visit)
    await displace(session, stand, lost, reason, now)
    ids = [visit.id for visit in lost]
    await session.execute(update(Visit).where(Visit.id.in_(ids)).values(prison_id=prison_id))
    return Fates(kept, ids)


async def displace(
    session: AsyncSession, stand: Stand, visits: Sequence[Coming], reason: str, now: datetime
) -> None:
    """Take the places of visits that stand; those already displaced stay so."""
    lost = [_as_touched(visit) for visit in visits if visit.status is not Status.DISPLACED]
    await carry_out(session, stand.actor, Plan(lost=lost), reason, now)


async def _keep(
    session: AsyncSession,
    stand: Stand,
    coming: Coming,
    prison_id: int,
    *,
    now: datetime,
    policy: Policy,
) -> bool:
    opened = await open_visit(session, coming.id)
    to = Target(coming.starts_at, room_id=coming.room_id)
    request = request_of(opened, to)
    when = times(request.kind, request.starts_at, policy)
    try:
        matter = await gather(session, request, when, policy, now, except_visit=coming.id)
    except (RuleRefused, NotFound):
        return False
    if any(reason.code not in PASSED_OVER for reason in matter.refusals()):
        return False
    status, until = _state(coming, matter)
    wish = wish_of(request, when, prison_id, stand.actor.person_id)
    try:
        async with session.begin_nested():
            settled = replace(wish, status=status, hold_until=until)
            claimed = await hold.claim(session, settled, now, session_id=coming.id)
    except SlotTaken:
        return False
    room_id, booth_id = claimed.unit_ids
    visit = opened.visit
    visit.room_id, visit.booth_id, visit.prison_id = room_id, booth_id, prison_id
    visit.displaced_at = visit.displaced_reason = None
    await session.flush()
    await _tell(session, stand, opened, coming, status=status, now=now)
    return True


def _state(coming: Coming, matter: Matter) -> tuple[Status, datetime | None]:
    if coming.status is Status.BOOKED:
        return Status.BOOKED, None
    if coming.status is Status.REQUESTED:
        return Status.REQUESTED, coming.hold_until
    return matter.outcome()


async def _tell(
    session: AsyncSession,
    stand: Stand,
    opened: Opened,
    coming: Coming,
    *,
    status: Status,
    now: datetime,
) -> None:
    visit = opened.visit
    rows = letters.live(visit.id, visit.office_id, visit.prison_id, now)
    rows += letters.live(visit.id, visit.office_id, coming.prison_id, now)[1:2]
    # Reminders of the same time still wait in the outbox, and ask then whether it stands.
    if visit.prison_id != coming.prison_id:
        told = letters.letter(
            MessageKind.MOVED, visit.booked_for, visit.id, now, prison_id=visit.prison_id
        )
    else:
        told = letters.letter(letters.LETTER_OF[status], visit.booked_for, visit.id, now)
    await outbox.put(session, *rows, told)
    act = stand.act(
        "visit.resettled",
        (letters.VISIT, visit.id),
        prison=visit.prison_id,
        booth=visit.booth_id,
    )
    await audit.record(session, now, act)


def _as_touched(visit: Coming) -> Touched:
    told = Interval(visit.starts_at, visit.ends_at)
    return Touched(visit.id, letters.VISIT, visit.status, visit.booth_id or 0, told, told)
