"""A hearing on its way to another state: locked, checked against the table, and moved there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.audit import Act
from remote_court.errors import Invalid, NotFound
from remote_court.hearings.entering import COURT
from remote_court.hearings.letters import HEARING
from remote_court.hearings.models import Hearing, HearingPart, HearingSeat
from remote_court.hearings.plan import Coming, Plan, seats_of
from remote_court.hearings.status import Status, check
from remote_court.people import Actor
from remote_court.scheduling.models import Session

LONGEST_REASON = 500


class WhyNeeded(Invalid):
    """Say in a few words why; it stands in the record."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A hearing, its session, its bench and who attends; ``open_hearing`` locks the first two."""

    hearing: Hearing
    session: Session
    seats: tuple[HearingSeat, ...]
    parts: tuple[HearingPart, ...]

    @property
    def status(self) -> Status:
        """Where the hearing is in its life."""
        return Status(self.session.status)

    @property
    def places(self) -> tuple[int, ...]:
        """The offices and prisons from which somebody attends."""
        return tuple(sorted({part.place_id for part in self.parts if part.place_id is not None}))

    @property
    def plan(self) -> Plan:
        """The sitting as a plan, for another date: the same people from the same kind of place."""
        return Plan(
            case_id=self.hearing.case_id,
            bench=seats_of([(one.person_id, one.seat) for one in self.seats]),
            mode=self.hearing.mode,
            order=self.hearing.remote_order,
            ordered_by=self.hearing.remote_ordered_by,
            minutes=self.hearing.minutes,
            coming=tuple(
                Coming(part.party_id, part.site, agenda=part.agenda) for part in self.parts
            ),
            closed_reason=self.hearing.closed_reason,
        )

    def move_to(self, status: Status) -> None:
        """Go to another state.

        Raises:
            WrongState: the table of states has no such step.
        """
        self.session.status = check(self.status, status)


async def open_hearing(session: AsyncSession, hearing_id: int) -> Opened:
    """Lock a hearing and load it, as committed by now.

    Raises:
        NotFound: there is none by this id.
    """
    return await _load(session, hearing_id, BY_ID.with_for_update(of=[Session, Hearing]))


async def look(session: AsyncSession, hearing_id: int) -> Opened:
    """Load a hearing without locking it; look again under a lock before deciding anything.

    Raises:
        NotFound: there is none by this id.
    """
    return await _load(session, hearing_id, BY_ID)


BY_ID = (
    select(Session, Hearing)
    .join(Hearing, Hearing.id == Session.id)
    .where(Session.id == bindparam("hearing_id"))
    .execution_options(populate_existing=True)
)


async def _load(session: AsyncSession, hearing_id: int, query: Select[Session, Hearing]) -> Opened:
    row = (await session.execute(query, {"hearing_id": hearing_id})).one_or_none()
    if row is None:
        raise NotFound
    seats = select(HearingSeat).where(HearingSeat.hearing_id == hearing_id)
    parts = select(HearingPart).where(HearingPart.hearing_id == hearing_id)
    fresh = {"populate_existing": True}
    found = await session.scalars(seats.order_by(HearingSeat.person_id), execution_options=fresh)
    here = await session.scalars(parts.order_by(HearingPart.party_id), execution_options=fresh)
    return Opened(row.Hearing, row.Session, tuple(found), tuple(here))


async def seen(session: AsyncSession, actor: Actor, hearing_id: int) -> Opened:
    """A hearing of one's own branch, not locked.

    Raises:
        Forbidden: neither judge nor court clerk is asking.
        NotFound: there is none, or it is another branch's.
    """
    actor.need(*COURT)
    found = await look(session, hearing_id)
    actor.need_at(found.hearing.branch_id, *COURT)
    return found


async def opened_by(session: AsyncSession, actor: Actor, hearing_id: int) -> Opened:
    """A hearing of one's own branch, locked.

    Raises:
        Forbidden, NotFound: as ``seen``.
    """
    actor.need(*COURT)
    found = await open_hearing(session, hearing_id)
    actor.need_at(found.hearing.branch_id, *COURT)
    return found


def said(reason: str) -> str:
    """The reason without blanks around it.

    Raises:
        WhyNeeded: there is none, or it is too long.
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise WhyNeeded(where="reason")
    return reason


def act(actor: Actor | None, name: str, hearing_id: int, branch_id: int, **detail: object) -> Act:
    """The line of the record; nobody: the hearing did it by itself."""
    return Act(
        f"hearing.{name}",
        HEARING,
        hearing_id,
        actor_id=actor.person_id if actor else None,
        role=actor.role_at(branch_id, *COURT) if actor else None,
        place_id=branch_id,
        detail=detail,
    )


def begun(opened: Opened, now: datetime) -> bool:
    """Whether its time has come."""
    return opened.session.starts_at <= now
