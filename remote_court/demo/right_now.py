"""A visit for right now: a mother in Zahedan, her son in Tehran, at any hour of any day.

It keeps no opening hours and no booking window. While nobody has come it moves along, so that
whoever looks finds most of it still ahead; when it is over, the next one begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox, policy
from remote_court.audit import Act
from remote_court.calendars.interval import Interval
from remote_court.calendars.week import Week
from remote_court.calls.models import Attendance
from remote_court.clock import local
from remote_court.demo.marker import DemoSeed
from remote_court.identifiers import mint_tracking_code
from remote_court.people import Grant, Role
from remote_court.people.demo import DemoAccount
from remote_court.people.inmates import Inmate
from remote_court.scheduling import hold
from remote_court.scheduling.hold import SlotTaken
from remote_court.scheduling.models import Session
from remote_court.scheduling.wish import Pool, Wish
from remote_court.visits.enter import enter
from remote_court.visits.kinships import Kinship, KinshipKind
from remote_court.visits.letters import VISIT, live
from remote_court.visits.models import Visit, VisitKind, VisitVisitor
from remote_court.visits.request import lengths
from remote_court.visits.status import Status

STALE = timedelta(minutes=3)
RANDOM = SystemRandom()


@dataclass(frozen=True, slots=True)
class Scene:
    """Who and where."""

    mother_id: int
    son_id: int
    prison_id: int
    office_id: int
    clerk_id: int


async def keep(session: AsyncSession, now: datetime) -> int:
    """See that there is a visit to enter now; returns how many were made or moved."""
    seed = await session.scalar(select(DemoSeed).with_for_update(skip_locked=True))
    if seed is None:
        return 0
    present = await session.get(Session, seed.visit_id) if seed.visit_id else None
    if present is not None and present.status in {Status.BOOKED, Status.IN_PROGRESS}:
        return await move_along(session, present, now)
    if present is not None:
        await hold.release(session, present.id)
    made = await make(session, now)
    if made is not None:
        seed.visit_id = made
    return int(made is not None)


async def move_along(session: AsyncSession, present: Session, now: datetime) -> int:
    """Let the visit begin now, if it has begun and nobody has come."""
    if present.starts_at > now - STALE or await attended(session, present.id):
        return 0
    scene = await scene_of(session)
    try:
        claimed = await hold.claim(
            session, await wish(session, scene, now), now, session_id=present.id
        )
    except SlotTaken:
        return 0
    room_id, booth_id = claimed.unit_ids
    week = Week.of(local(now).date()).first
    values = {"room_id": room_id, "booth_id": booth_id, "week": week, "checked_in_at": now}
    await session.execute(update(Visit).where(Visit.id == present.id).values(values))
    await outbox.put(session, *live(present.id, scene.office_id, scene.prison_id, now))
    return 1


async def attended(session: AsyncSession, visit_id: int) -> bool:
    """Whether somebody has ever been in this visit's call."""
    return bool(
        await session.scalar(
            select(Attendance.id).where(Attendance.session_id == visit_id).limit(1)
        )
    )


async def make(session: AsyncSession, now: datetime) -> int | None:
    """Book a visit that begins now, with the mother received at the desk; its id.

    None while one of the two, or every room or booth, is taken by something else.
    """
    scene = await scene_of(session)
    wanted = await wish(session, scene, now)
    await hold.lock(session, wanted.lock_keys())
    try:
        visit_id = await write_down(session, scene, wanted, now)
    except SlotTaken:
        return None
    await received(session, scene, visit_id, now)
    return visit_id


async def wish(session: AsyncSession, scene: Scene, now: datetime) -> Wish:
    """The places of a family's visit from this minute on."""
    start = now.replace(second=0, microsecond=0)
    rule = await policy.current(session, local(now).date())
    told, reserved = lengths(VisitKind.FAMILY, rule)
    return Wish(
        kind=VISIT,
        status=Status.BOOKED,
        told=Interval.lasting(start, told),
        reserved=Interval.lasting(start, reserved),
        pools=(Pool(scene.office_id), Pool(scene.prison_id)),
        people=(scene.son_id, scene.mother_id),
        created_by=scene.mother_id,
    )


async def write_down(session: AsyncSession, scene: Scene, wanted: Wish, now: datetime) -> int:
    """Enter the visit with its audit line, like any other; its id.

    Raises:
        SlotTaken: a place is taken now.
    """
    visit_id = await hold.draw(session)
    await enter(
        session,
        wanted,
        visit_id,
        {
            "visit_kind": VisitKind.FAMILY,
            "tracking_code": mint_tracking_code(RANDOM),
            "inmate_id": scene.son_id,
            "prison_id": scene.prison_id,
            "office_id": scene.office_id,
            "booked_for": scene.mother_id,
            "operator_id": None,
            "consent": None,
            "needs_interpreter": False,
            "needs_step_free": False,
            "makeup_of": None,
            "interpreter_id": None,
            "week": Week.of(local(now).date()).first,
        },
        visitors=[(scene.mother_id, True)],
        leaving=live(visit_id, scene.office_id, scene.prison_id, now),
        act=Act(
            "visit.booked", VISIT, visit_id, scene.mother_id, Role.FAMILY, detail={"demo": True}
        ),
        now=now,
    )
    return visit_id


async def received(session: AsyncSession, scene: Scene, visit_id: int, now: datetime) -> None:
    """The clerk has seen the mother's card."""
    await session.execute(
        update(Visit)
        .where(Visit.id == visit_id)
        .values(checked_in_at=now, checked_in_by=scene.clerk_id)
    )
    sighted = {
        "sighted_at": now,
        "sighted_by": scene.clerk_id,
        "sighted_document": "national_card",
    }
    await session.execute(
        update(VisitVisitor).where(VisitVisitor.visit_id == visit_id).values(sighted)
    )


async def scene_of(session: AsyncSession) -> Scene:
    """The first account of each role plays: the mother, her son, the clerk."""
    mother_id = await first(session, Role.FAMILY)
    clerk_id = await first(session, Role.OFFICE_CLERK)
    son = (
        await session.execute(
            select(Inmate.person_id, Inmate.prison_id)
            .join(Kinship, Kinship.inmate_id == Inmate.person_id)
            .where(Kinship.visitor_id == mother_id, Kinship.kind == KinshipKind.MOTHER)
            .order_by(Inmate.person_id)
            .limit(1)
        )
    ).one()
    office_id = await session.scalar(
        select(Grant.place_id).where(
            Grant.person_id == clerk_id,
            Grant.role == Role.OFFICE_CLERK,
            Grant.revoked_at.is_(None),
        )
    )
    assert office_id is not None, "the first listed clerk works at an office"
    return Scene(mother_id, son.person_id, son.prison_id, office_id, clerk_id)


async def first(session: AsyncSession, role: Role) -> int:
    """The first listed account of a role."""
    query = select(DemoAccount.person_id).where(DemoAccount.role == role, DemoAccount.ordinal == 0)
    return (await session.execute(query)).scalar_one()
