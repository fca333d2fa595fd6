"""Move a sitting to another date: the new places first, or nothing changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox
from remote_court.errors import Conflict, WrongState
from remote_court.hearings import queries
from remote_court.hearings.door import Opened, act, look, open_hearing, said, seen
from remote_court.hearings.letters import Serving
from remote_court.hearings.list_hearing import Listed, audience_of, listed_as, write_parts
from remote_court.hearings.models import HearingPart
from remote_court.hearings.plan import UNCALLED, Coming, Plan
from remote_court.hearings.settle import Settled, When, line_up, settle
from remote_court.hearings.status import AHEAD, Status, check
from remote_court.hearings.telling import announce, live, remind
from remote_court.people import Actor


@dataclass(frozen=True, slots=True)
class Target:
    """Where a sitting should go; what is left out stays as it is."""

    starts_at: datetime
    minutes: int | None = None
    coming: tuple[Coming, ...] | None = None


async def move(
    session: AsyncSession, actor: Actor, hearing_id: int, to: Target, reason: str, now: datetime
) -> Listed:
    """Give a sitting a new date, of which everybody is served anew; it is provisional again.

    A displaced one finds a place so.

    Raises:
        Forbidden, NotFound: it is not their branch's.
        WhyNeeded: no reason is given.
        WrongState: it has begun or ended already.
        SlotTaken, UnlawfulDate, ListingRefused, BadLength: as ``list_hearing``.
    """
    found = await seen(session, actor, hearing_id)
    return await move_seen(session, actor, found, to, said(reason), now)


async def move_by_itself(
    session: AsyncSession, hearing_id: int, to: Target, reason: str, now: datetime
) -> Listed:
    """The same, when nobody but the law moves it.

    Raises:
        As ``move``.
    """
    return await move_seen(session, None, await look(session, hearing_id), to, reason, now)


async def move_seen(
    session: AsyncSession,
    actor: Actor | None,
    found: Opened,
    to: Target,
    reason: str,
    now: datetime,
) -> Listed:
    """Move what was seen, if it is still so under the locks."""
    hearing_id = found.hearing.id
    plan = await plan_of(session, found, to)
    when = When(starts_at=to.starts_at, moving=hearing_id)
    locked = await line_up(session, plan, [when])
    opened = await open_hearing(session, hearing_id)
    passed = opened.status is not Status.DISPLACED and opened.session.starts_at <= now
    if opened.status not in AHEAD or passed:
        raise WrongState
    if await plan_of(session, opened, to) != plan:
        raise Conflict
    left = opened.places
    was = opened.session.starts_at
    settled = await settle(session, plan, when, locked, now, actor.person_id if actor else None)
    await _write(session, opened, settled, now)
    await _tell(session, actor, opened, settled, left, was, reason, now)
    return listed_as(opened.hearing, settled)


async def plan_of(session: AsyncSession, found: Opened, to: Target) -> Plan:
    """The sitting as a plan for its new date: who left the case is gone, who joined it comes."""
    plan = found.plan
    if to.minutes is not None:
        plan = replace(plan, minutes=to.minutes)
    if to.coming is not None:
        return replace(plan, coming=to.coming)
    current = {party.id: party for party in await queries.parties(session, plan.case_id)}
    known = {one.party_id: one for one in plan.coming or ()}
    joined = await queries.joined_since(session, plan.case_id, found.hearing.dated_at)
    coming = [one for who, one in known.items() if who in current]
    coming += [
        Coming(who) for who in joined if who not in known and current[who].role not in UNCALLED
    ]
    return replace(plan, coming=tuple(coming))


async def _write(session: AsyncSession, opened: Opened, settled: Settled, now: datetime) -> None:
    if opened.status is not Status.PROVISIONAL:
        check(opened.status, Status.PROVISIONAL)
    hearing = opened.hearing
    hearing.minutes = settled.matter.told // timedelta(minutes=1)
    hearing.date_no += 1
    hearing.dated_at = now
    hearing.confirmed_at = hearing.displaced_at = hearing.displaced_reason = None
    await session.flush()
    await session.refresh(opened.session)
    await session.execute(delete(HearingPart).where(HearingPart.hearing_id == hearing.id))
    await write_parts(session, hearing.id, settled)


async def _tell(
    session: AsyncSession,
    actor: Actor | None,
    opened: Opened,
    settled: Settled,
    left: tuple[int, ...],
    was: datetime,
    reason: str,
    now: datetime,
) -> None:
    hearing = opened.hearing
    audience, matter = audience_of(settled), settled.matter
    await announce(session, hearing, audience, Serving.MOVED, now, was=was)
    rule = matter.rule(matter.day)
    await remind(session, hearing, audience.people, settled.starts_at, now, rule)
    places = {*left, *(one.place_id for one in settled.seats)}
    await outbox.put(session, *live(hearing, places, now))
    done = act(
        actor,
        "moved",
        hearing.id,
        hearing.branch_id,
        starts_at=settled.starts_at.isoformat(),
        date_no=hearing.date_no,
        was=was.isoformat(),
        reason=reason,
    )
    await audit.record(session, now, done)
