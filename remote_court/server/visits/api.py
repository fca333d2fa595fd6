"""Visits for programs: whom, where, when; book, look, move, cancel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from remote_court import policy
from remote_court.clock import local
from remote_court.errors import Invalid, NotFound
from remote_court.people import Actor, Role
from remote_court.policy import Policy
from remote_court.scheduling.hold import SlotTaken
from remote_court.server.deps import Now, Work
from remote_court.server.guards import Signed
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id, Listing, WindowDep
from remote_court.server.locale import locale_of
from remote_court.server.people.lookups import looked_up
from remote_court.server.visits.shapes import (
    BookedOut,
    BookIn,
    CancelIn,
    IdText,
    InmateOut,
    MoveIn,
    SlotOut,
    VisitOut,
    booked_out,
    inmate_out,
    slot_out,
    visit_out,
)
from remote_court.visits import door, queries
from remote_court.visits.book import DESK, book
from remote_court.visits.cancel import cancel
from remote_court.visits.models import VisitKind
from remote_court.visits.move import Target, move, request_of
from remote_court.visits.request import Request as Wanted
from remote_court.visits.slots import Search, nearest, slots

router = APIRouter(prefix="/api/v1", tags=["visits"], route_class=OnceRoute)
FARTHEST = timedelta(days=400)
STAFF = (*DESK, Role.PRISON_OFFICER)


async def rule_of(session: AsyncSession, day: date, now: datetime) -> Policy:
    """The policy of a visit's day; a day gone by is judged by today's."""
    return await policy.current(session, max(day, local(now).date()))


@router.get("/inmates")
async def inmates(
    request: Request,
    actor: Signed,
    work: Work,
    now: Now,
    national_id: Annotated[str | None, Query(max_length=20)] = None,
) -> Listing[InmateOut]:
    """The inmates I may visit; staff find one by national ID."""
    if national_id is None:
        found = list(await queries.inmates_of(work, actor.person_id))
    else:
        actor.need(*STAFF)
        one = await queries.inmate_by_code(work, national_id)
        # An officer is not told that another prison holds somebody.
        mine = one is not None and (
            actor.holds(*DESK) or actor.holds_at(one.prison_id, Role.PRISON_OFFICER)
        )
        found = [one] if one is not None and mine else []
        place = next(iter(actor.places_of(*STAFF)), None)
        await looked_up(request, actor, STAFF, place, national_id, *(held.id for held in found))
    today, locale = local(now).date(), locale_of(request)
    adult_age = (await policy.current(work, today)).integer("visit.adult_age")
    items = [inmate_out(one, actor.person_id, today, adult_age, locale) for one in found]
    return Listing(items=items)


@router.get("/visits/slots")
async def free_slots(
    actor: Signed,
    work: Work,
    now: Now,
    inmate_id: IdText,
    office_id: IdText,
    first: Annotated[date | None, Query(alias="from", description="default: the first")] = None,
    last: Annotated[date | None, Query(alias="to", description="default: the last")] = None,
    kind: VisitKind = VisitKind.FAMILY,
    visitor_id: Annotated[list[IdText] | None, Query(description="default: me")] = None,
) -> Listing[SlotOut]:
    """Free starts in an office for a visit to an inmate, on the quarter hour, soonest first."""
    today = local(now).date()
    if first and last and last < first:
        raise Invalid(where="to")
    search = Search(
        inmate_id=int(inmate_id),
        office_id=int(office_id),
        visitor_ids=tuple(map(int, visitor_id or [str(actor.person_id)])),
        first=first or today,
        last=last or today + FARTHEST,
        kind=kind,
        holder=actor.person_id,
    )
    if actor.person_id not in search.visitor_ids:
        actor.need_at(search.office_id, *DESK)
    found = await slots(work, search, now, await rule_of(work, today, now))
    return Listing(items=[slot_out(slot) for slot in found if slot.free])


@router.post("/visits", status_code=201)
async def book_visit(
    request: Request, actor: Signed, work: Work, now: Now, wish: BookIn, _key: Key
) -> BookedOut:
    """Book a visit at once; it is ``requested`` where the prison must decide."""
    wanted = wanted_by(actor, wish, now)
    rule = await rule_of(work, local(wanted.starts_at).date(), now)
    try:
        booked = await book(work, actor, wanted, now, rule)
    except SlotTaken as taken:
        taken.remedy = alternatives(taken, wanted, now, rule)
        raise
    return booked_out(booked, wanted.kind, locale_of(request))


@router.get("/visits")
async def my_visits(
    request: Request, actor: Signed, work: Work, now: Now, window: WindowDep
) -> Listing[VisitOut]:
    """The visits I hold or take part in, newest booking first."""
    before = window.id
    found = await queries.visits_of(work, actor.person_id, before=before, limit=window.limit + 1)
    found = [visit.at(now) for visit in found]
    shown, following = window.cut(found, lambda visit: (visit.id,))
    locale = locale_of(request)
    return Listing(items=[visit_out(visit, locale) for visit in shown], next=following)


@router.get("/visits/{visit_id}")
async def one_visit(
    request: Request, actor: Signed, work: Work, now: Now, visit_id: Id
) -> VisitOut:
    """A visit that concerns me."""
    return visit_out(await seen(work, actor, visit_id, now), locale_of(request))


@router.post("/visits/{visit_id}/cancel")
async def cancel_visit(
    request: Request, actor: Signed, work: Work, now: Now, visit_id: Id, why: CancelIn, _key: Key
) -> VisitOut:
    """Cancel a visit; its places are free at once."""
    rule = await rule_of(work, local(now).date(), now)
    await cancel(work, actor, visit_id, why.reason, now, rule)
    await work.flush()
    return visit_out(await seen(work, actor, visit_id, now), locale_of(request))


@router.post("/visits/{visit_id}/move")
async def move_visit(
    request: Request, actor: Signed, work: Work, now: Now, visit_id: Id, to: MoveIn, _key: Key
) -> BookedOut:
    """Move a visit to another time, at the same office or another."""
    target = Target(near(to.starts_at, now), int(to.office_id) if to.office_id else None)
    rule = await rule_of(work, local(target.starts_at).date(), now)
    standing = await door.look(work, visit_id)
    wanted = request_of(standing, target)
    try:
        moved = await move(work, actor, visit_id, target, now, rule)
    except SlotTaken as taken:
        taken.remedy = alternatives(taken, wanted, now, rule)
        raise
    return booked_out(moved, wanted.kind, locale_of(request))


def wanted_by(actor: Actor, wish: BookIn, now: datetime) -> Wanted:
    """The request of a caller; staff who are no visitors book for the first named."""
    visitors = tuple(dict.fromkeys(int(v) for v in wish.visitor_ids))
    return Wanted(
        kind=wish.kind,
        inmate_id=int(wish.inmate_id),
        office_id=int(wish.office_id),
        starts_at=near(wish.starts_at, now),
        visitor_ids=visitors,
        booked_for=actor.person_id if actor.person_id in visitors else visitors[0],
        consent=wish.consent,
        step_free=wish.step_free,
        makeup_of=int(wish.makeup_of) if wish.makeup_of else None,
        interpreter_id=int(wish.interpreter_id) if wish.interpreter_id else None,
    )


def near(starts_at: datetime, now: datetime) -> datetime:
    """A start that calendars can be asked about.

    Raises:
        Invalid: it is more than a year away.
    """
    if abs(starts_at - now) > FARTHEST:
        raise Invalid(where="starts_at")
    return starts_at


async def seen(
    session: AsyncSession, actor: Actor, visit_id: int, now: datetime
) -> queries.VisitView:
    """A visit as it stands now, for its people, its office's desk and its prison's officers.

    Raises:
        NotFound: there is none, or it is not theirs to see.
    """
    visit = await queries.visit(session, visit_id)
    if visit is None:
        raise NotFound
    own = actor.person_id in {visit.booked_for, *(one.id for one in visit.visitors)}
    desk = actor.holds_at(visit.office_id, *DESK)
    if not own and not desk and not actor.holds_at(visit.prison_id, Role.PRISON_OFFICER):
        raise NotFound
    return visit.at(now)


def alternatives(
    taken: SlotTaken, wanted: Wanted, now: datetime, rule: Policy
) -> Callable[[AsyncSession], Awaitable[None]]:
    """Look for the nearest free starts once the locks of the lost race are gone."""

    async def look(session: AsyncSession) -> None:
        found = await nearest(session, wanted, now, rule)
        taken.alternatives = [
            {
                "starts_at": local(slot.starts_at).isoformat(),
                "ends_at": local(slot.ends_at).isoformat(),
                "office_id": str(wanted.office_id),
            }
            for slot in found
        ]

    return look
