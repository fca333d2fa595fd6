"""A criminal-one hearing with its whole cast, ready for its call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.interval import Interval
from remote_court.calls import arrivals, workers
from remote_court.calls.admit import note
from remote_court.calls.arrivals import Arrival
from remote_court.calls.kinds import Admission, Asker, PairedDevice
from remote_court.calls.models import Device
from remote_court.calls.plan import Standing
from remote_court.calls.workers import Load, Worker
from remote_court.hearings.forums import Forum
from remote_court.hearings.in_call import HEARING, register_calls
from remote_court.hearings.models import CaseParty, Hearing, HearingPart, HearingSeat
from remote_court.hearings.roles import Mode, PartyRole, Seat, Site
from remote_court.people import Actor, Role
from remote_court.scheduling.hold import hold
from remote_court.scheduling.wish import Pool, Wish
from tests.hearings.court import CourtWorld, make_court
from tests.world import LONG_AGO, NOON, World

register_calls()
MINUTE = timedelta(minutes=1)
WORKER = Worker("w-test", "ws://127.0.0.1:8080/ws/call", 8081)


@dataclass
class SittingScene:
    """A hearing at ``start``: three judges, a clerk, the accused in prison with a guard, a lawyer
    at an office, two witnesses and a stranger who wants to watch."""

    court: CourtWorld
    hearing_id: int
    start: datetime
    president: Actor
    second: Actor
    third: Actor
    clerk: Actor
    accused: CaseParty
    lawyer: CaseParty
    witnesses: tuple[CaseParty, CaseParty]
    stranger: Actor
    booth_id: int
    connections: int = 0

    @property
    def session(self) -> AsyncSession:
        return self.court.session

    @property
    def officer(self) -> Actor:
        """The officer of the prison."""
        return self.court.world.officer

    def own(self, party: CaseParty) -> Actor:
        """A party with their own account."""
        return Actor(party.person_id, "x", "fa", frozenset({(Role.FAMILY, None)}))

    async def come(self, asker: Asker, person_id: int, role: str, at: datetime) -> Standing:
        """Somebody's connection is in."""
        self.connections += 1
        arrival = Arrival(self.hearing_id, person_id, role, f"c{self.connections}", WORKER.id)
        admission = Admission(person_id=person_id, role=role, name="", label="")
        entry = await note(self.session, asker, admission, self.hearing_id, at)
        await self.session.flush()
        return await arrivals.arrived(self.session, arrival, entry, at)

    async def bench_comes(self, *judges: Actor) -> None:
        """Judges come, each in their role."""
        for judge in judges:
            role = "presiding_judge" if judge is self.president else "associate_judge"
            await self.come(judge, judge.person_id, role, self.start)

    async def party_comes(self, party: CaseParty) -> None:
        """A party comes: the accused by the prison's officer, others by themselves."""
        asker = self.officer if party is self.accused else self.own(party)
        role = {PartyRole.ACCUSED: "party"}.get(party.role, party.role.value)
        await self.come(asker, party.person_id, role, self.start)

    async def booth(self) -> PairedDevice:
        """The device of the booth."""
        device = Device(
            unit_id=self.booth_id, credential_hash=b"b" * 32, label="booth",
            paired_by=self.officer.person_id, paired_at=LONG_AGO,
        )  # fmt: skip
        self.session.add(device)
        await self.session.flush()
        return PairedDevice(device.id, device.unit_id)


async def make_sitting(world: World, *, start: datetime = NOON) -> SittingScene:
    """List the hearing as the court's diary would, everybody in place."""
    court = await make_court(world, forum=Forum.CRIMINAL_ONE)
    session = court.session
    case = await court.new_case(subject="سرقت", grave=True)
    second, third = await court.new_judge(), await court.new_judge()
    accused = await court.prisoner(case=case)
    lawyer = await court.party(PartyRole.LAWYER, case=case, speaks_for=accused)
    witnesses = (
        await court.party(PartyRole.WITNESS, case=case, site=Site.OWN_DEVICE),
        await court.party(PartyRole.WITNESS, case=case, site=Site.OWN_DEVICE),
    )
    people = [court.judge, second, third]
    told = Interval(start, start + 90 * MINUTE)
    reserved = Interval(start, start + 120 * MINUTE)
    wish = Wish(
        kind=HEARING, status="confirmed", told=told, reserved=reserved,
        pools=(Pool(world.office.id), Pool(world.prison.id)),
        people=(*(p.person_id for p in people), accused.person_id),
        created_by=court.clerk.person_id,
    )  # fmt: skip
    claim = await hold(session, wish, start)
    session.add(
        Hearing(
            id=claim.session_id,
            case_id=case.id,
            branch_id=court.branch.id,
            forum=Forum.CRIMINAL_ONE,
            mode=Mode.REMOTE,
            number=1,
            minutes=90,
            remote_order="به دلیل بُعد مسافت",
            remote_ordered_by=court.judge.person_id,
            listed_by=court.clerk.person_id,
            listed_at=LONG_AGO,
            dated_at=LONG_AGO,
        )
    )
    await session.flush()
    for judge, seat in zip(people, (Seat.PRESIDING, Seat.ASSOCIATE, Seat.ASSOCIATE), strict=True):
        session.add(HearingSeat(hearing_id=claim.session_id, person_id=judge.person_id, seat=seat))
    _, booth = claim.unit_ids

    def part(party: CaseParty, site: Site, place: int | None = None, unit: int | None = None):
        session.add(
            HearingPart(
                hearing_id=claim.session_id,
                party_id=party.id,
                site=site,
                place_id=place,
                unit_id=unit,
            )
        )

    part(accused, Site.PRISON, world.prison.id, booth)
    part(lawyer, Site.OWN_DEVICE)
    for witness in witnesses:
        part(witness, Site.OWN_DEVICE)
    await session.flush()
    await workers.report(session, WORKER, Load(), start)
    return SittingScene(
        court=court, hearing_id=claim.session_id, start=start, president=court.judge,
        second=second, third=third, clerk=court.clerk, accused=accused, lawyer=lawyer,
        witnesses=witnesses, stranger=world.actor(await world.person("کامران", "غریبه")),
        booth_id=booth,
    )  # fmt: skip
