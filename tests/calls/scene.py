"""A visit and its surroundings, ready for a call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import TypeVar

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.interval import Interval
from remote_court.calendars.week import Week
from remote_court.calls import arrivals, workers
from remote_court.calls.admit import note
from remote_court.calls.arrivals import Arrival
from remote_court.calls.kinds import Admission, PairedDevice
from remote_court.calls.models import Call, Device
from remote_court.calls.plan import Standing
from remote_court.calls.workers import Load, Worker
from remote_court.clock import local
from remote_court.people import Actor, Gender, Person, Role
from remote_court.scheduling.hold import hold
from remote_court.scheduling.models import Session
from remote_court.scheduling.wish import Pool, Wish
from remote_court.visits.in_call import register_visits
from remote_court.visits.models import Visit, VisitKind, VisitVisitor
from tests.world import NOON, World, grant, make_person, make_world

register_visits()
T = TypeVar("T")
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
WORKER = Worker("w-test", "ws://127.0.0.1:8080/ws/call", 8081)


@dataclass
class Scene:
    """A world with one visit at ``start``; everybody who may or may not enter it."""

    session: AsyncSession
    world: World
    visit_id: int
    start: datetime
    lawyer: Person | None
    outsider: Actor
    other_officer: Actor

    @property
    def end(self) -> datetime:
        """When it ends, as told."""
        return self.start + 20 * MINUTE

    @property
    def mother(self) -> Actor:
        """The visitor."""
        return self.world.actor(self.world.mother)

    @property
    def officer(self) -> Actor:
        """The officer of the visit's prison."""
        return self.world.officer

    async def visit(self) -> Visit:
        return await fresh(self.session, Visit, self.visit_id)

    async def told(self) -> Session:
        return await fresh(self.session, Session, self.visit_id)

    async def call(self) -> Call:
        return await fresh(self.session, Call, self.visit_id)

    async def room_device(self) -> PairedDevice:
        visit = await self.visit()
        assert visit.room_id
        return await self.device(visit.room_id)

    async def booth_device(self) -> PairedDevice:
        visit = await self.visit()
        assert visit.booth_id
        return await self.device(visit.booth_id)

    async def device(self, unit_id: int) -> PairedDevice:
        made = Device(
            unit_id=unit_id,
            credential_hash=token_bytes(32),
            label="نمایشگر",
            paired_by=self.officer.person_id,
            paired_at=self.start,
        )
        self.session.add(made)
        await self.session.flush()
        return PairedDevice(made.id, unit_id)

    async def change(self, **values: object) -> None:
        await self.session.execute(update(Visit).where(Visit.id == self.visit_id).values(values))

    async def set_status(self, status: str) -> None:
        where = update(Session).where(Session.id == self.visit_id)
        await self.session.execute(where.values(status=status))

    async def work(self, now: datetime, worker: Worker = WORKER, peers: int = 0) -> None:
        await workers.report(self.session, worker, Load(peers=peers), now)

    async def arrive(self, role: str, at: datetime, connection: str | None = None) -> Standing:
        visitor = self.lawyer or self.world.mother
        interpreter = (await self.visit()).interpreter_id
        person = {
            "visitor": visitor.id,
            "inmate": self.world.inmate.id,
            "interpreter": interpreter or 0,
        }.get(role, self.officer.person_id)
        themselves = {"visitor", "interpreter"}
        actor = Actor(person, "") if role in themselves else self.officer
        as_whom = Admission(person_id=person, role=role, name="", label="")
        entry = await note(self.session, actor, as_whom, self.visit_id, at)
        arrival = Arrival(self.visit_id, person, role, connection or f"c-{role}")
        return await arrivals.arrived(self.session, arrival, entry, at)

    async def leave(
        self, role: str, at: datetime, reason: str = "left", connection: str | None = None
    ) -> bool:
        person = self.world.mother.id if role == "visitor" else self.world.inmate.id
        return await arrivals.left(
            self.session, self.visit_id, person, connection or f"c-{role}", reason=reason, now=at
        )

    async def open(self, at: datetime) -> Standing:
        """Both sides are in."""
        await self.arrive("visitor", at)
        return await self.arrive("inmate", at)


async def fresh(session: AsyncSession, kind: type[T], key: int) -> T:
    await session.flush()
    found = await session.get(kind, key, populate_existing=True)
    assert found is not None
    return found


async def make_scene(
    session: AsyncSession,
    *,
    kind: VisitKind = VisitKind.FAMILY,
    start: datetime = NOON,
    status: str = "booked",
    checked_in: bool = True,
    needs_interpreter: bool = False,
) -> Scene:
    world = await make_world(session)
    lawyer = None
    if kind is VisitKind.LAWYER:
        lawyer = await world.person("پریسا", "وکیلی")
    visitor = lawyer or world.mother
    visit_id = await make_visit(
        session, world, visitor, kind=kind, start=start, status=status, checked_in=checked_in
    )
    if needs_interpreter:
        needed = update(Visit).where(Visit.id == visit_id)
        await session.execute(needed.values(needs_interpreter=True))
    person = await make_person(session, 60, "بهرام", "دیگری", Gender.MALE)
    stranger = await make_person(session, 61, "کامران", "غریبه", Gender.MALE)
    await session.flush()
    return Scene(
        session=session,
        world=world,
        visit_id=visit_id,
        start=start,
        lawyer=lawyer,
        outsider=world.actor(stranger),
        other_officer=await grant(
            session, person, Role.PRISON_OFFICER, world.prison.id + 1_000_000
        ),
    )


async def make_visit(
    session: AsyncSession,
    world: World,
    visitor: Person,
    *,
    inmate: Person | None = None,
    kind: VisitKind = VisitKind.FAMILY,
    start: datetime = NOON,
    status: str = "booked",
    checked_in: bool = True,
    code: str = "7K3M9QX2VAT",
) -> int:
    """A visit at the world's office and prison; its id."""
    seen = inmate or world.inmate
    told = Interval.lasting(start, 20 * MINUTE)
    wish = Wish(
        kind="visit",
        status=status,
        told=told,
        reserved=Interval.lasting(start, 30 * MINUTE),
        pools=(Pool(world.office.id), Pool(world.prison.id)),
        people=(seen.id, visitor.id),
        created_by=visitor.id,
    )
    claim = await hold(session, wish, start)
    session.add(
        Visit(
            id=claim.session_id,
            kind=kind,
            tracking_code=code,
            inmate_id=seen.id,
            prison_id=world.prison.id,
            office_id=world.office.id,
            room_id=claim.unit_ids[0],
            booth_id=claim.unit_ids[1],
            week=Week.of(local(start).date()).first,
            booked_for=visitor.id,
            checked_in_at=start - 5 * MINUTE if checked_in else None,
        )
    )
    await session.flush()
    company = VisitVisitor(visit_id=claim.session_id, person_id=visitor.id, adult=True)
    company.sighted_at = start - 5 * MINUTE if checked_in else None
    session.add(company)
    await session.flush()
    return claim.session_id
