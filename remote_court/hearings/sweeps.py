"""What hearings do by themselves; each sweep is safe twice and says how many rows it dealt with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Date, Select, and_, cast, exists, func, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox
from remote_court.calendars.deadlines import Standing
from remote_court.clock import TEHRAN
from remote_court.hearings.cancel import audience_of
from remote_court.hearings.confirm import CLOSED, by_service, move_or_displace
from remote_court.hearings.door import act, look, open_hearing
from remote_court.hearings.letters import HEARING, Serving
from remote_court.hearings.models import CaseParty, Hearing, HearingPart
from remote_court.hearings.roles import SERVED
from remote_court.hearings.status import Status, check
from remote_court.hearings.telling import live, serve
from remote_court.notices.service import Method, Notice
from remote_court.places import Branch, CourtComplex, DayClosure, Office, Prison
from remote_court.scheduling.hold import release
from remote_court.scheduling.models import Session

BATCH, MOVES = 100, 20
STANDING = (Status.PROVISIONAL, Status.CONFIRMED)

AHEAD_OF_NOW = (
    select(Hearing.id).join(Session, Session.id == Hearing.id).where(Session.kind == HEARING)
)
MUST_BE_SERVED = (
    CaseParty.case_id == Hearing.case_id,
    CaseParty.left_at.is_(None),
    CaseParty.role.in_(SERVED),
)
OF_THIS_DATE = (
    Notice.session_id == Hearing.id,
    Notice.date_no == Hearing.date_no,
    Notice.person_id == CaseParty.person_id,
)
WAS_SERVED = or_(
    and_(Notice.method != Method.PUBLICATION, Notice.delivered_at.is_not(None)),
    and_(Notice.method == Method.PUBLICATION, Notice.published_on.is_not(None)),
)
SOMEBODY_NOT_SERVED = exists().where(
    *MUST_BE_SERVED, ~exists().where(*OF_THIS_DATE, WAS_SERVED).correlate(Hearing, CaseParty)
)
SOMEBODY_NOT_SUMMONED = exists().where(
    *MUST_BE_SERVED, ~exists().where(*OF_THIS_DATE).correlate(Hearing, CaseParty)
)

PLACES = (
    select(HearingPart.place_id)
    .where(HearingPart.hearing_id == Hearing.id, HearingPart.place_id.is_not(None))
    .correlate(Hearing)
)
COURT_OF = select(Branch.complex_id).where(Branch.id == Hearing.branch_id).correlate(Hearing)
PROVINCES = union_all(
    select(CourtComplex.province_code).where(CourtComplex.id.in_(COURT_OF)).correlate(Hearing),
    select(Office.province_code).where(Office.id.in_(PLACES)).correlate(Hearing),
    select(Prison.province_code).where(Prison.id.in_(PLACES)).correlate(Hearing),
)
CLOSED_SINCE = (
    exists()
    .where(
        DayClosure.day == cast(func.timezone(TEHRAN.key, Session.starts_at), Date),
        or_(
            and_(DayClosure.place_id.is_(None), DayClosure.province_code.is_(None)),
            DayClosure.place_id == Hearing.branch_id,
            DayClosure.place_id.in_(COURT_OF),
            DayClosure.place_id.in_(PLACES),
            DayClosure.province_code.in_(PROVINCES),
        ),
    )
    .correlate(Hearing, Session)
)


async def confirm_served(session: AsyncSession, now: datetime, limit: int = BATCH) -> int:
    """Confirm sittings whose last recipient was served, or move those that came too late for it.

    A move looks for times and takes locks of its own, so a run makes some twenty at most; where
    it meets somebody who moves the same sittings by hand, one of the two gives way and comes
    again.
    """
    due = _standing(now).where(Session.status == Status.PROVISIONAL, ~SOMEBODY_NOT_SERVED)
    dealt_with = moved = 0
    for hearing_id in await session.scalars(due.limit(limit)):
        standing = await by_service(session, hearing_id, now)
        dealt_with += 1
        moved += standing is Standing.TOO_EARLY
        if moved == MOVES:
            break
    return dealt_with


async def summon_newcomers(session: AsyncSession, now: datetime, limit: int = BATCH) -> int:
    """Serve who joined a case after its sitting was listed; till then it is provisional again."""
    due = _standing(now).where(SOMEBODY_NOT_SUMMONED).limit(limit)
    found = list(await session.scalars(due))
    for hearing_id in found:
        opened = await look(session, hearing_id)
        occasion = Serving.LISTED if opened.hearing.date_no == 1 else Serving.MOVED
        await serve(session, opened.hearing, await audience_of(session, opened), occasion, now)
        await by_service(session, hearing_id, now)
    return len(found)


async def leave_closed_days(session: AsyncSession, now: datetime, limit: int = MOVES) -> int:
    """Move sittings off days that were closed after they were listed, or displace them.

    A day is closed for a sitting if it is for its branch, for the building, or for an office or a
    prison from which somebody attends; for their provinces or for the country.
    """
    due = _standing(now).where(CLOSED_SINCE).limit(limit)
    found = list(await session.scalars(due))
    for hearing_id in found:
        await move_or_displace(session, await open_hearing(session, hearing_id), CLOSED, now)
    return len(found)


async def not_held(session: AsyncSession, now: datetime, limit: int = BATCH) -> int:
    """Write down that sittings were not held whose time passed unopened, and free their places."""
    due = (
        select(Session, Hearing)
        .join(Hearing, Hearing.id == Session.id)
        .where(
            Session.kind == HEARING,
            Session.status.in_(STANDING),
            Session.ends_at <= now,
            Hearing.opened_at.is_(None),
        )
        .order_by(Session.starts_at, Session.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Session)
        .execution_options(populate_existing=True)
    )
    passed = (await session.execute(due)).all()
    for owner, hearing in passed:
        owner.status = check(Status(owner.status), Status.NOT_HELD)
        await release(session, hearing.id)
        opened = await look(session, hearing.id)
        await outbox.put(session, *live(hearing, opened.places, now))
        await audit.record(session, now, act(None, "not_held", hearing.id, hearing.branch_id))
    await session.flush()
    return len(passed)


def _standing(now: datetime) -> Select[int]:
    return AHEAD_OF_NOW.where(Session.status.in_(STANDING), Session.starts_at > now).order_by(
        Session.starts_at, Hearing.id
    )
