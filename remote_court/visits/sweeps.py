"""What visits do by themselves; each sweep is safe twice and says how many rows it dealt with."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox, policy
from remote_court.audit import Act
from remote_court.calendars.opening_hours import whole_day
from remote_court.calls.models import Attendance
from remote_court.clock import local
from remote_court.notices.messages import MessageKind
from remote_court.scheduling.hold import release
from remote_court.scheduling.models import Session
from remote_court.visits.check_in import last_arrival
from remote_court.visits.letters import VISIT, letter, live, missed
from remote_court.visits.models import Visit
from remote_court.visits.status import Status, check

BATCH = 100
LOOK_BACK = timedelta(days=2)
ABSENT = "visitor_absent"
DISPLACED = "displaced"


async def lapse_holds(session: AsyncSession, now: datetime, limit: int = BATCH) -> int:
    """Write down that holds nobody confirmed have lapsed, and tell who held them.

    They held nothing since their minute came; without this their rows would stay for ever.
    """
    due = (
        select(Session, Visit)
        .join(Visit, Visit.id == Session.id)
        .where(Session.status == Status.HELD, Session.hold_until <= now)
        .order_by(Session.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Session)
        .execution_options(populate_existing=True)
    )
    rows: list[outbox.Row] = []
    acts: list[Act] = []
    for owner, visit in (await session.execute(due)).all():
        owner.status, owner.hold_until = check(Status(owner.status), Status.LAPSED), None
        visit.counts_as_used = False
        await release(session, visit.id)
        rows += live(visit.id, visit.office_id, visit.prison_id, now)
        rows.append(letter(MessageKind.LAPSED, visit.booked_for, visit.id, now))
        acts.append(Act("visit.lapsed", VISIT, visit.id))
    if acts:
        await outbox.put(session, *rows)
        await audit.record(session, now, *acts)
    await session.flush()
    return len(acts)


async def no_shows(session: AsyncSession, now: datetime, limit: int = BATCH) -> int:
    """Give up the places of visits whose grace has passed and to which nobody came."""
    came = exists().where(Attendance.session_id == Session.id, Attendance.role == "visitor")
    due = (
        select(Session, Visit)
        .join(Visit, Visit.id == Session.id)
        .where(
            Session.kind == VISIT,
            Session.status == Status.BOOKED,
            Session.starts_at.between(now - LOOK_BACK, now),
            Visit.checked_in_at.is_(None),
            ~came,
        )
        .order_by(Session.starts_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Session)
        .execution_options(populate_existing=True)
    )
    given_up = 0
    for owner, visit in (await session.execute(due)).all():
        rule = await policy.current(session, local(owner.starts_at).date())
        if now <= last_arrival(owner.starts_at, rule):
            continue
        owner.status = check(Status(owner.status), Status.NO_SHOW)
        visit.lost_reason = ABSENT
        await release(session, visit.id)
        rows = live(visit.id, visit.office_id, visit.prison_id, now)
        await outbox.put(session, *rows, missed(visit, now, rule))
        await audit.record(session, now, Act("visit.no_show", VISIT, visit.id))
        given_up += 1
    await session.flush()
    return given_up


async def lapse_displaced(session: AsyncSession, now: datetime, limit: int = BATCH) -> int:
    """Lapse visits that lost their place and found no other before their day had passed.

    They leave the lists of what is to be rebooked, count against no week, and whoever holds the
    booking reads why it was not held and how to book anew.
    """
    due = (
        select(Session, Visit)
        .join(Visit, Visit.id == Session.id)
        .where(
            Visit.displaced_at.is_not(None),
            Session.status == Status.DISPLACED,
            Session.starts_at < whole_day(local(now).date()).start,
        )
        .order_by(Session.starts_at, Session.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Session)
        .execution_options(populate_existing=True)
    )
    rows: list[outbox.Row] = []
    acts: list[Act] = []
    for owner, visit in (await session.execute(due)).all():
        owner.status = check(Status(owner.status), Status.LAPSED)
        # By nobody, which tells it from a hold that was let go.
        visit.decided_at, visit.counts_as_used = now, False
        told = {"displaced": True, "reason": visit.displaced_reason}
        rows += live(visit.id, visit.office_id, visit.prison_id, now)
        rows.append(letter(MessageKind.LAPSED, visit.booked_for, visit.id, now, **told))
        detail = {"cause": DISPLACED, "reason": visit.displaced_reason}
        acts.append(Act("visit.lapsed", VISIT, visit.id, detail=detail))
    if acts:
        await outbox.put(session, *rows)
        await audit.record(session, now, *acts)
    await session.flush()
    return len(acts)
