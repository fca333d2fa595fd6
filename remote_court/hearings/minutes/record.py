"""What the record itself says of a sitting; nobody writes these lines by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.audit.entries import AuditEntry
from remote_court.calls import queries as calls
from remote_court.calls.models import Attendance, Recording, Stay, SupervisionAct
from remote_court.hearings.bench import JUDGES, Bench, bench_of
from remote_court.hearings.forums import law_of
from remote_court.hearings.in_call import HEARING, rule_of
from remote_court.hearings.in_call_facts import HearingFacts
from remote_court.people import Person

DOORS = ("hearing.doors_closed", "hearing.doors_opened")


@dataclass(frozen=True, slots=True)
class Door:
    """The doors were closed, for a reason, or opened again (no reason)."""

    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """The course of a sitting as it was written down when it happened."""

    bench: Bench
    connections: Sequence[tuple[Attendance, str]]
    stays: Sequence[tuple[Stay, str]]
    doors: Sequence[Door]
    recordings: Sequence[Recording]
    acts: Sequence[SupervisionAct]

    @property
    def connected(self) -> frozenset[int]:
        """Who was ever connected."""
        return frozenset(row.person_id for row, _ in self.connections)

    def judges(self, facts: HearingFacts) -> int:
        """How many judges of the bench were ever connected."""
        return sum(facts.seats.get(person) in JUDGES for person in self.connected)


async def record_of(session: AsyncSession, facts: HearingFacts) -> Record:
    """Everything the record has of a sitting."""
    rule = await rule_of(session, facts)
    connections = await calls.attendance(session, facts.id)
    stays = select(Stay).where(Stay.session_id == facts.id).order_by(Stay.since, Stay.id)
    kept = (await session.scalars(stays)).all()
    recordings = select(Recording).where(Recording.session_id == facts.id)
    names = await names_of(
        session, {row.person_id for row in connections} | {stay.person_id for stay in kept}
    )
    return Record(
        bench=bench_of(law_of(facts.forum, grave=facts.grave), rule),
        connections=[(row, names[row.person_id]) for row in connections],
        stays=[(stay, names[stay.person_id]) for stay in kept],
        doors=await doors(session, facts.id),
        recordings=(await session.scalars(recordings.order_by(Recording.id))).all(),
        acts=await calls.acts(session, facts.id),
    )


async def doors(session: AsyncSession, hearing_id: int) -> list[Door]:
    """When the doors were closed and opened, from the record of acts."""
    query = select(AuditEntry.at, AuditEntry.detail).where(
        AuditEntry.subject_kind == HEARING,
        AuditEntry.subject_id == hearing_id,
        AuditEntry.act.in_(DOORS),
    )
    rows = await session.execute(query.order_by(AuditEntry.id))
    return [Door(at, detail.get("reason")) for at, detail in rows]


async def names_of(session: AsyncSession, people: set[int]) -> dict[int, str]:
    """Names of people."""
    rows = await session.scalars(select(Person).where(Person.id.in_(people)))
    return {person.id: person.name for person in rows}
