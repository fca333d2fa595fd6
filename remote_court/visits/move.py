"""Move a visit to another time, office or room, or settle a hold where it is.

The new places first, or nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.audit import Act, record
from remote_court.clock import local
from remote_court.errors import Conflict, Forbidden, RuleRefused, WrongState
from remote_court.notices.messages import MessageKind
from remote_court.people import Actor, Role
from remote_court.policy import Policy
from remote_court.scheduling import hold
from remote_court.scheduling.wish import Claim, Wish
from remote_court.visits import letters
from remote_court.visits.book import Booked, as_booked
from remote_court.visits.cancel import VISITORS, place_of
from remote_court.visits.door import Opened, begun, look, open_visit, side_of
from remote_court.visits.matter import Matter, gather, wish_of
from remote_court.visits.models import VisitVisitor
from remote_court.visits.request import Request, times
from remote_court.visits.status import Status, check
from remote_court.visits.whereabouts import prison_of

MOVABLE = frozenset({Status.REQUESTED, Status.BOOKED, Status.DISPLACED})


class HoldLapsed(Conflict):
    """The time was kept for a few minutes only, and they have passed. Please choose again."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a visit should go; what is left out stays as it is."""

    starts_at: datetime
    office_id: int | None = None
    room_id: int | None = None


async def move(
    session: AsyncSession, actor: Actor, visit_id: int, to: Target, now: datetime, rule: Policy
) -> Booked:
    """Move a visit, under the same rules as a new one; a displaced visit finds a place so.

    Raises:
        NotFound: no such visit for this person, or no such office.
        WrongState: it has begun or ended already.
        SlotTaken: a place is taken then; the visit stays where it was.
        RuleRefused: the law does not allow it there.
    """
    seen = await look(session, visit_id)
    settling = await settle(session, actor, seen, to, now, rule, MOVABLE)
    await start_anew(session, settling)
    await tell(session, actor, settling, "visit.moved", MessageKind.MOVED)
    return settling.booked


async def start_anew(session: AsyncSession, settled: Settled) -> None:
    """Forget who came to another desk or on another day, and what was decided of another request.

    Whoever was received here today is still here.
    """
    visit = settled.opened.visit
    if settled.booked.status is Status.REQUESTED:
        visit.decided_at = visit.decided_by = visit.decision_reason = None
    if visit.checked_in_at is None or settled.left.desk == Left.of(settled.opened).desk:
        return
    visit.checked_in_at = visit.checked_in_by = None
    sightings = update(VisitVisitor).where(VisitVisitor.visit_id == visit.id)
    unseen = sightings.values(sighted_at=None, sighted_by=None, sighted_document=None)
    await session.execute(unseen)


async def confirm(
    session: AsyncSession,
    actor: Actor,
    visit_id: int,
    now: datetime,
    rule: Policy,
    *,
    consent: str | None = None,
) -> Booked:
    """Book what was held, if the law still allows it and the places are still free for it.

    ``consent`` says how somebody agreed for whom a clerk books.

    Raises:
        SlotTaken: the hold lapsed and somebody else took a place.
        HoldLapsed: it lapsed long enough ago to be given up.
        Forbidden: an officer of the prison does not book for families.
        RuleRefused, WrongState, NotFound: as ``move``.
    """
    seen = await look(session, visit_id)
    if side_of(actor, seen) is Role.PRISON_OFFICER:
        raise Forbidden
    if seen.status is Status.LAPSED:
        raise HoldLapsed
    to = Target(seen.session.starts_at, room_id=seen.visit.room_id)
    settling = await settle(session, actor, seen, to, now, rule, frozenset({Status.HELD}))
    settling.opened.visit.consent = consent
    status = settling.booked.status
    await tell(session, actor, settling, f"visit.{status}", letters.LETTER_OF[status])
    return settling.booked


@dataclass(frozen=True, slots=True)
class Left:
    """Where a visit stood before."""

    office_id: int
    prison_id: int
    day: date

    @classmethod
    def of(cls, opened: Opened) -> Self:
        """Where a visit stands."""
        visit = opened.visit
        return cls(visit.office_id, visit.prison_id, local(opened.session.starts_at).date())

    @property
    def desk(self) -> tuple[int, date]:
        """The office and the day at which people are received."""
        return self.office_id, self.day


@dataclass(frozen=True, slots=True)
class Settled:
    """A visit at its new place."""

    opened: Opened
    matter: Matter
    booked: Booked
    left: Left


async def settle(
    session: AsyncSession,
    actor: Actor,
    seen: Opened,
    to: Target,
    now: datetime,
    rule: Policy,
    allowed: frozenset[Status],
) -> Settled:
    """Claim the places of a request for a visit that exists, giving up its old ones.

    Locks of the day come before the visit's row, here as everywhere, so that nobody waits in
    a ring; what was seen before them is looked at again.
    """
    side = side_of(actor, seen)
    request = request_of(seen, to)
    when = times(request.kind, request.starts_at, rule)
    prison_id = await prison_of(session, request.inmate_id, request.visitor_ids)
    wish = wish_of(request, when, prison_id, actor.person_id)
    old_keys = await hold.keys_of(session, seen.visit.id)
    await hold.lock(session, sorted({*wish.lock_keys(), *old_keys}))
    opened = await open_visit(session, seen.visit.id)
    if opened.status not in allowed or (side in VISITORS and begun(opened, now)):
        raise WrongState
    if opened.status is Status.HELD:
        to = replace(to, room_id=opened.visit.room_id)  # where a closure may have put it
    now_asked = request_of(opened, to)
    matter = await gather(session, now_asked, when, rule, now, except_visit=opened.visit.id)
    same = replace(now_asked, room_id=request.room_id) == request
    if matter.found.inmate.prison_id != prison_id or not same:
        raise Conflict
    wish = wish_of(now_asked, when, prison_id, actor.person_id)
    left = Left.of(opened)
    # Who lost their place, or comes by the desk's leave, need not wait for the booking window.
    standing = opened.status is Status.DISPLACED or side not in VISITORS
    matter = replace(matter, standing=standing)
    claimed = await reclaim(session, opened, wish, matter)
    booked = as_booked(claimed, opened.visit.tracking_code, opened.status, matter)
    return Settled(opened, matter, booked, left)


async def reclaim(session: AsyncSession, opened: Opened, wish: Wish, matter: Matter) -> Claim:
    """Take the new places in the visit's name and write them into it."""
    status, until = matter.outcome()
    if status is not opened.status:
        check(opened.status, status)
    settled = replace(wish, status=status, hold_until=until)
    visit = opened.visit
    claimed = await hold.claim(session, settled, matter.now, session_id=visit.id)
    if reasons := matter.refusals():
        raise RuleRefused(reasons)
    visit.room_id, visit.booth_id = claimed.unit_ids
    visit.office_id, visit.week = matter.request.office_id, matter.when.week
    visit.prison_id = matter.found.inmate.prison_id
    visit.displaced_at = visit.displaced_reason = None
    await session.flush()
    await session.refresh(opened.session)
    return claimed


def request_of(opened: Opened, to: Target) -> Request:
    """The visit as a request for its new place."""
    visit = opened.visit
    return Request(
        kind=visit.kind,
        inmate_id=visit.inmate_id,
        office_id=to.office_id or visit.office_id,
        starts_at=to.starts_at,
        visitor_ids=opened.visitor_ids,
        booked_for=visit.booked_for,
        step_free=visit.needs_step_free,
        makeup_of=visit.makeup_of,
        room_id=to.room_id,
        interpreter_id=visit.interpreter_id,
    )


async def tell(
    session: AsyncSession, actor: Actor, settled: Settled, act: str, kind: MessageKind
) -> None:
    """Tell whoever holds the booking, remind them anew, move the boards, write it down."""
    visit, matter, booked = settled.opened.visit, settled.matter, settled.booked
    now, side = matter.now, side_of(actor, settled.opened)
    rows = letters.live(visit.id, visit.office_id, visit.prison_id, now)
    left = settled.left
    if (left.office_id, left.prison_id) != (visit.office_id, visit.prison_id):
        rows += letters.live(visit.id, left.office_id, left.prison_id, now)
    rows.append(letters.letter(kind, visit.booked_for, visit.id, now))
    if booked.status is Status.BOOKED:
        rows += letters.reminders(visit.booked_for, visit.id, booked.starts_at, now, matter.rule)
    await outbox.put(session, *rows)
    done = Act(
        act,
        letters.VISIT,
        visit.id,
        actor_id=actor.person_id,
        role=side,
        place_id=place_of(side, settled.opened),
        detail={"office": visit.office_id, "starts_at": booked.starts_at.isoformat()},
    )
    await record(session, now, done)
