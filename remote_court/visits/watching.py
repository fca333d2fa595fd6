"""The visits of a prison that somebody may have to watch now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Text, exists, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calls.models import HELP, Attendance, Call, CallStatus, SupervisionAct
from remote_court.people import Person
from remote_court.places import Office, Unit
from remote_court.scheduling.models import Session
from remote_court.visits.models import Visit, VisitKind
from remote_court.visits.status import Status

SOON = timedelta(minutes=45)
JUST_NOW = timedelta(minutes=10)
HELP_SHOWN = timedelta(minutes=3)
SHOWN = (Status.BOOKED, Status.IN_PROGRESS, Status.COMPLETED)


@dataclass(frozen=True, slots=True)
class Watched:
    """One visit on the watch; ``call_status`` is none while nobody has asked to enter."""

    id: int
    kind: VisitKind
    inmate: str
    office: Mapping[str, str]
    booth: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime
    call_status: CallStatus | None
    reason: str | None
    here: frozenset[str]
    checked_in: bool
    help_wanted: bool

    @property
    def stage(self) -> str:
        """What the tile shows: expected, waiting, live, paused or closed."""
        if self.call_status is None:
            return "expected"
        if self.call_status is CallStatus.WAITING and not self.here:
            return "expected"
        return self.call_status.value


async def watched(session: AsyncSession, prison_id: int, now: datetime) -> Sequence[Watched]:
    """Visits that run, come soon or ended just now, running ones first."""
    here = (
        select(func.array_agg(Attendance.role.distinct(), type_=ARRAY(Text)))
        .where(Attendance.session_id == Visit.id, Attendance.left_at.is_(None))
        .scalar_subquery()
    )
    helped = (
        exists()
        .where(SupervisionAct.session_id == Visit.id)
        .where(SupervisionAct.verb == HELP, SupervisionAct.at > now - HELP_SHOWN)
    )
    ends_at = func.coalesce(Call.ends_at, Session.ends_at)
    closed_at = func.coalesce(Call.closed_at, ends_at)
    query = (
        select(Visit, Session, Person, Office, Unit, Call, here, helped)
        .join(Session, Session.id == Visit.id)
        .join(Person, Person.id == Visit.inmate_id)
        .join(Office, Office.id == Visit.office_id)
        .outerjoin(Unit, Unit.id == Visit.booth_id)
        .outerjoin(Call, Call.session_id == Visit.id)
        .where(
            Visit.prison_id == prison_id,
            Session.status.in_(SHOWN),
            Session.starts_at.between(now - timedelta(hours=6), now + SOON),
            or_(
                Session.status == Status.IN_PROGRESS,
                (Session.status == Status.BOOKED) & (ends_at > now),
                closed_at > now - JUST_NOW,
            ),
        )
        .order_by(Session.starts_at, Visit.id)
        .execution_options(populate_existing=True)
    )
    found = [line(*row) for row in await session.execute(query)]
    return sorted(found, key=lambda one: ORDER[one.stage])


ORDER = {"paused": 0, "live": 0, "waiting": 1, "expected": 2, "closed": 3}


def line(
    visit: Visit,
    told: Session,
    inmate: Person,
    office: Office,
    booth: Unit | None,
    call: Call | None,
    here: Sequence[str] | None,
    help_wanted: bool,
) -> Watched:
    """One row of the query as a tile."""
    return Watched(
        id=visit.id,
        kind=visit.kind,
        inmate=inmate.name,
        office={"fa": office.name_fa, "en": office.name_en},
        booth={"fa": booth.name_fa, "en": booth.name_en} if booth else {"fa": "", "en": ""},
        starts_at=told.starts_at,
        ends_at=call.ends_at if call else told.ends_at,
        call_status=call.status if call else None,
        reason=call.reason if call else None,
        here=frozenset(here or ()),
        checked_in=visit.checked_in_at is not None,
        help_wanted=help_wanted,
    )
