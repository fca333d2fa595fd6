"""Close rooms or booths and give every booking they had another place, or list it for rebooking.

Nothing is lost: a visit that finds no other room of the same office at the same time becomes
*displaced*, its family is told, and it stays on the office's list until somebody rebooks it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox
from remote_court.audit import Act
from remote_court.calendars.interval import Interval, without
from remote_court.calls.announce import look_again
from remote_court.errors import Conflict
from remote_court.notices.messages import MessageKind
from remote_court.people import Actor, Role
from remote_court.places import Unit, UnitKind
from remote_court.scheduling.blocks import BLOCK, block
from remote_court.scheduling.hold import lock, release
from remote_court.scheduling.models import Session
from remote_court.scheduling.queries import Touched, sessions_touching, taken
from remote_court.scheduling.rehouse import clear_lapsed, locked, rehouse
from remote_court.scheduling.wish import day_key, days
from remote_court.visits.letters import VISIT, letter, live
from remote_court.visits.models import Visit
from remote_court.visits.rooming import Guest, Host, rooming
from remote_court.visits.status import KEEPS_PLACES, Status, check

KEEPER_OF: Mapping[UnitKind, Role] = {
    UnitKind.ROOM: Role.OFFICE_MANAGER,
    UnitKind.BOOTH: Role.PRISON_OFFICER,
}
WAITING = KEEPS_PLACES - {Status.IN_PROGRESS}


class OtherSession(Conflict):
    """Something that is not a visit stands there at this time; have it moved first."""


@dataclass(frozen=True, slots=True)
class Closing:
    """What is closed: units of one pool, when, and the reason that families will read."""

    pool_id: int
    unit_ids: tuple[int, ...]
    interval: Interval
    reason: str
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a closing does to each session it touches.

    ``moves``: goes to another unit; ``lost``: finds none; ``staying``: is under way and ends
    first; ``blocks``: closings that stand already.
    """

    moves: Sequence[tuple[Touched, int]] = ()
    lost: Sequence[Touched] = ()
    staying: Sequence[Touched] = ()
    blocks: Sequence[Touched] = ()

    @property
    def touched(self) -> int:
        """How many visits are moved or lose their place."""
        return len(self.moves) + len(self.lost)


async def preview(session: AsyncSession, closing: Closing, now: datetime) -> Plan:
    """What the closing would do at this moment; changes nothing.

    Raises:
        OtherSession: it would touch something that is not a visit.
    """
    found = await sessions_touching(session, closing.unit_ids, closing.interval, now)
    if any(t.kind not in {VISIT, BLOCK} for t in found):
        raise OtherSession
    standing = [t for t in found if t.kind == VISIT and t.status in WAITING]
    moves, lost = await fates(session, closing.pool_id, standing, set(closing.unit_ids), now)
    staying = [t for t in found if t.kind == VISIT and t.status == Status.IN_PROGRESS]
    return Plan(moves, lost, staying, [t for t in found if t.kind == BLOCK])


async def fates(
    session: AsyncSession,
    pool_id: int,
    standing: Sequence[Touched],
    closed: Collection[int],
    now: datetime,
) -> tuple[Sequence[tuple[Touched, int]], Sequence[Touched]]:
    """Split visits into those that another open unit of the pool takes, and the rest."""
    if not standing:
        return (), ()
    query = select(Unit).where(Unit.pool_id == pool_id, Unit.in_service, Unit.id.not_in(closed))
    # In order, so that what is shown before the act is what the act does.
    units = list(await session.scalars(query.order_by(Unit.number)))
    hosts = [Host(u.id, frozenset(u.features)) for u in units]
    window = Interval(
        min(t.reserved.start for t in standing), max(t.reserved.end for t in standing)
    )
    busy = await taken(session, [host.unit_id for host in hosts], window, now)
    # A visitor's needs are the office room's affair; the booth is the inmate's.
    rooms_only = any(u.kind is UnitKind.ROOM for u in units)
    needs = await needs_of(session, [t.session_id for t in standing]) if rooms_only else {}
    guests = [
        Guest(t.session_id, t.reserved, needs.get(t.session_id, frozenset())) for t in standing
    ]
    rooms = rooming(guests, hosts, busy)
    moves = [(t, room) for t in standing if (room := rooms[t.session_id]) is not None]
    return moves, [t for t in standing if rooms[t.session_id] is None]


async def needs_of(session: AsyncSession, ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """The features that a visit's room must have, for those visits that need any."""
    query = select(Visit.id).where(Visit.id.in_(ids), Visit.needs_step_free)
    return dict.fromkeys(await session.scalars(query), frozenset({"step_free"}))


async def close(session: AsyncSession, actor: Actor, closing: Closing, now: datetime) -> Plan:
    """Close units for an interval, in one stroke with the fate of every visit they held.

    Raises:
        Forbidden, NotFound: the actor does not keep this place.
        OtherSession: something that is not a visit stands there.
        SlotTaken: a booking came in between at a moment that locks do not cover; try again.
    """
    units = list(await session.scalars(select(Unit).where(Unit.id.in_(closing.unit_ids))))
    for unit in units:
        actor.need_at(unit.pool_id, KEEPER_OF[unit.kind])
    await take_locks(session, closing.pool_id, closing.interval)
    # A cancellation takes no lock of the day: hold the sessions' rows before looking again.
    found = await sessions_touching(session, closing.unit_ids, closing.interval, now)
    await locked(session, [t.session_id for t in found])
    plan = await preview(session, closing, now)
    await carry_out(session, actor, plan, closing.reason, now)
    await _block(session, actor, closing, plan, now)
    return plan


async def take_locks(session: AsyncSession, pool_id: int, interval: Interval) -> None:
    """Stop every booking of a pool on the days of an interval until the transaction ends."""
    await lock(session, sorted(day_key(pool_id, day) for day in days(interval)))


async def _block(
    session: AsyncSession, actor: Actor, closing: Closing, plan: Plan, now: datetime
) -> None:
    await clear_lapsed(session, closing.unit_ids, closing.interval, now)
    in_service = select(Unit.id).where(Unit.id.in_(closing.unit_ids), Unit.in_service)
    for unit_id in sorted(await session.scalars(in_service)):
        kept = [t.reserved for t in (*plan.staying, *plan.blocks) if t.unit_id == unit_id]
        for piece in without([closing.interval], kept):
            entered = await block(
                session,
                closing.pool_id,
                unit_id,
                piece,
                reason=closing.reason,
                entered_by=actor.person_id,
                now=now,
            )
            entered.cause = closing.cause
    await session.flush()


async def carry_out(
    session: AsyncSession, actor: Actor, plan: Plan, reason: str, now: datetime
) -> None:
    """Move and displace as planned, tell the families, write it down."""
    ids = [t.session_id for t, _ in plan.moves] + [t.session_id for t in plan.lost]
    if not ids:
        return
    owners = await locked(session, ids)
    visits = {v.id: v for v in await session.scalars(select(Visit).where(Visit.id.in_(ids)))}
    acts: list[Act] = []
    rows: list[outbox.Row] = []
    for touched, into in plan.moves:
        visit = visits[touched.session_id]
        await clear_lapsed(session, [into], touched.reserved, now)
        await rehouse(session, visit.id, touched.unit_id, into)
        rows += _moved(visit, touched.unit_id, into, now)
        acts.append(_act(actor, "visit.rehoused", visit, was=touched.unit_id, into=into))
    for touched in plan.lost:
        visit = visits[touched.session_id]
        rows += await _displaced(session, owners[visit.id], visit, reason, now)
        acts.append(_act(actor, "visit.displaced", visit, unit=touched.unit_id, reason=reason))
    await session.flush()
    await outbox.put(session, *rows)
    await audit.record(session, now, *acts)


def _moved(visit: Visit, unit_id: int, into: int, now: datetime) -> list[outbox.Row]:
    rows = live(visit.id, visit.office_id, visit.prison_id, now)
    if visit.room_id == unit_id:
        visit.room_id = into
        rows.append(letter(MessageKind.MOVED, visit.booked_for, visit.id, now, room_id=into))
    else:
        # Which booth the inmate sits in is the prison's affair; the family need not know.
        visit.booth_id = into
    return rows


async def _displaced(
    session: AsyncSession, owner: Session, visit: Visit, reason: str, now: datetime
) -> list[outbox.Row]:
    old = Status(owner.status)
    lapsed = old is Status.HELD
    owner.status = check(old, Status.LAPSED if lapsed else Status.DISPLACED)
    owner.hold_until = None
    await release(session, visit.id)
    visit.room_id = visit.booth_id = None
    visit.displaced_at, visit.displaced_reason = now, reason
    return [
        *live(visit.id, visit.office_id, visit.prison_id, now),
        look_again(visit.id, now),
        letter(
            MessageKind.LAPSED if lapsed else MessageKind.DISPLACED,
            visit.booked_for,
            visit.id,
            now,
            reason=reason,
            starts_at=owner.starts_at.isoformat(),
        ),
    ]


def _act(actor: Actor, name: str, visit: Visit, **detail: object) -> Act:
    role = (
        Role.OFFICE_MANAGER
        if actor.holds_at(visit.office_id, Role.OFFICE_MANAGER)
        else Role.PRISON_OFFICER
    )
    place = visit.office_id if role is Role.OFFICE_MANAGER else visit.prison_id
    return Act(
        name,
        VISIT,
        visit.id,
        actor_id=actor.person_id,
        role=role,
        place_id=place,
        detail=detail,
    )
