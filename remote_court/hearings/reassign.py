"""Give a seat on the bench of a sitting to another judge."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox
from remote_court.calendars.interval import Interval
from remote_court.clock import local
from remote_court.errors import Conflict, Invalid, WrongState
from remote_court.hearings import rules
from remote_court.hearings.door import Opened, act, look, open_hearing, said, seen
from remote_court.hearings.matter import Matter, gather
from remote_court.hearings.models import HearingSeat
from remote_court.hearings.plan import Plan, seats_of
from remote_court.hearings.rules import ListingRefused
from remote_court.hearings.status import AHEAD, KEEPS_PLACES
from remote_court.hearings.telling import live
from remote_court.people import Actor
from remote_court.scheduling.hold import keys_of, lock
from remote_court.scheduling.rehouse import clear_lapsed, rehouse
from remote_court.scheduling.wish import day_key, days


class NotOnTheBench(Invalid):
    """This judge does not sit in this session."""


class SitsAlready(Invalid):
    """This judge sits in this session already."""


async def reassign(
    session: AsyncSession,
    actor: Actor,
    hearing_id: int,
    old_id: int,
    new_id: int,
    reason: str,
    now: datetime,
) -> Opened:
    """Put another judge in the seat of one who does not sit, at the same time.

    Raises:
        Forbidden, NotFound: it is not their branch's, or there is nobody by this name.
        WhyNeeded: no reason is given.
        WrongState: it has begun or ended already.
        NotOnTheBench, SitsAlready: as their names say.
        SlotTaken: the other judge is in another session then.
        ListingRefused: they may not sit in it.
    """
    why = said(reason)
    found = await seen(session, actor, hearing_id)
    plan = _with(found, old_id, new_id)
    matter = await gather(session, plan, local(found.session.starts_at).date())
    wanted = Interval(found.session.starts_at, found.session.starts_at + matter.reserved)
    new_keys = {day_key(new_id, day) for day in days(wanted)}
    await lock(session, sorted({*await keys_of(session, hearing_id), *new_keys}))
    opened = await open_hearing(session, hearing_id)
    if opened.status not in AHEAD:
        raise WrongState
    if opened.session.starts_at != found.session.starts_at:
        raise Conflict
    _refuse(matter)
    seat = update(HearingSeat).where(
        HearingSeat.hearing_id == hearing_id, HearingSeat.person_id == old_id
    )
    await session.execute(seat.values(person_id=new_id))
    if opened.status in KEEPS_PLACES:
        await clear_lapsed(session, [new_id], wanted, now)
        await rehouse(session, hearing_id, old_id, new_id)
    if opened.hearing.remote_ordered_by == old_id:
        # The order stands; whose it was stands in the record.
        opened.hearing.remote_ordered_by = new_id
    await session.flush()
    await outbox.put(session, *live(opened.hearing, (), now))
    branch_id = opened.hearing.branch_id
    done = act(actor, "reassigned", hearing_id, branch_id, was=old_id, now=new_id, reason=why)
    await audit.record(session, now, done)
    return await look(session, hearing_id)


def _with(found: Opened, old_id: int, new_id: int) -> Plan:
    """The sitting as a plan with another judge in a seat.

    Raises:
        NotOnTheBench, SitsAlready: as their names say.
    """
    seats = {one.person_id: one.seat for one in found.seats}
    if old_id not in seats:
        raise NotOnTheBench(where="from")
    if new_id in seats:
        raise SitsAlready(where="to")
    bench = [(new_id if who == old_id else who, seat) for who, seat in seats.items()]
    plan = found.plan
    ordered_by = new_id if plan.ordered_by == old_id else plan.ordered_by
    return replace(plan, bench=seats_of(bench), ordered_by=ordered_by)


def _refuse(matter: Matter) -> None:
    """Refuse a bench that is none.

    Raises:
        ListingRefused: as the rules of a bench say.
    """
    bench = (rules.bench_is_whole, rules.woman_beside_an_accused_girl)
    if reasons := rules.refusals(matter.asked, matter.court.policy(matter.day), bench):
        raise ListingRefused(reasons)
