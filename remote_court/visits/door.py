"""A visit on its way to another state: locked, checked against the table, and moved there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.errors import NotFound
from remote_court.people import Actor, Role
from remote_court.scheduling.models import Session
from remote_court.visits.models import Visit, VisitVisitor
from remote_court.visits.status import Status, check

DESK = (Role.OFFICE_CLERK, Role.OFFICE_MANAGER)


@dataclass(frozen=True, slots=True)
class Opened:
    """A visit, its session and its visitors; ``open_visit`` locks the first two."""

    visit: Visit
    session: Session
    visitor_ids: tuple[int, ...]

    @property
    def status(self) -> Status:
        """Where the visit is in its life."""
        return Status(self.session.status)

    def move_to(self, status: Status) -> None:
        """Go to another state.

        Raises:
            WrongState: the table of states has no such step.
        """
        self.session.status = check(self.status, status)
        if status is not Status.REQUESTED:
            self.session.hold_until = None


async def open_visit(session: AsyncSession, visit_id: int) -> Opened:
    """Lock a visit and load it, as committed by now, with its visitors.

    Raises:
        NotFound: there is none by this id.
    """
    return await _load(session, visit_id, BY_ID.with_for_update())


async def look(session: AsyncSession, visit_id: int) -> Opened:
    """Load a visit without locking it; look again under a lock before deciding anything.

    Raises:
        NotFound: there is none by this id.
    """
    return await _load(session, visit_id, BY_ID)


BY_ID = (
    select(Session, Visit)
    .join(Visit, Visit.id == Session.id)
    .where(Session.id == bindparam("visit_id"))
    .execution_options(populate_existing=True)
)
VISITORS_OF = (
    select(VisitVisitor.person_id)
    .where(VisitVisitor.visit_id == bindparam("visit_id"))
    .order_by(VisitVisitor.person_id)
)


async def _load(session: AsyncSession, visit_id: int, query: Select[Session, Visit]) -> Opened:
    row = (await session.execute(query, {"visit_id": visit_id})).one_or_none()
    if row is None:
        raise NotFound
    visitors = await session.scalars(VISITORS_OF, {"visit_id": visit_id})
    return Opened(row.Visit, row.Session, tuple(visitors))


def begun(opened: Opened, now: datetime) -> bool:
    """Whether a booked visit's time has come, so that staying away is missing it."""
    return opened.status is Status.BOOKED and opened.session.starts_at <= now


def side_of(actor: Actor, opened: Opened) -> Role:
    """In which role somebody may change this visit.

    Raises:
        NotFound: in none; what is another's is not seen.
    """
    visit = opened.visit
    if actor.person_id == visit.booked_for:
        return Role.LAWYER if visit.kind == "lawyer" else Role.FAMILY
    if actor.holds_at(visit.office_id, *DESK):
        return Role.OFFICE_CLERK
    if actor.holds_at(visit.prison_id, Role.PRISON_OFFICER):
        return Role.PRISON_OFFICER
    raise NotFound
