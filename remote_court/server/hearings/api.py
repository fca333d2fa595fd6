"""Sittings for court systems: when, list, look, move, adjourn, cancel, another judge, clashes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from remote_court.clock import local
from remote_court.errors import Invalid, NotFound, Refusal
from remote_court.hearings.adjourn import Adjournment, adjourn
from remote_court.hearings.cancel import cancel
from remote_court.hearings.clashes import clashes
from remote_court.hearings.door import look
from remote_court.hearings.entering import COURT
from remote_court.hearings.find_times import Times, find_times, times
from remote_court.hearings.forums import Forum
from remote_court.hearings.list_hearing import list_series
from remote_court.hearings.move import Target, move, plan_of
from remote_court.hearings.plan import Plan, seats_of
from remote_court.hearings.reassign import reassign
from remote_court.hearings.roles import Mode, Seat
from remote_court.hearings.search import OFFERS
from remote_court.hearings.sitting_queries import sitting
from remote_court.scheduling.hold import SlotTaken
from remote_court.server.deps import Now, Work
from remote_court.server.guards import Signed
from remote_court.server.hearings.answers import clashes_out, hearing_out, slots_out
from remote_court.server.hearings.shapes import (
    AdjournedOut,
    AdjournIn,
    CancelHearingIn,
    ClashOut,
    HearingOut,
    ListedOut,
    ListIn,
    MoveHearingIn,
    PartyText,
    ReassignIn,
    SlotsOut,
    coming_from,
    coming_of,
)
from remote_court.server.idempotency import Key, OnceRoute
from remote_court.server.listing import Id, Listing
from remote_court.server.locale import locale_of
from remote_court.server.visits.api import FARTHEST, near
from remote_court.server.visits.shapes import IdText

router = APIRouter(prefix="/api/v1", tags=["hearings"], route_class=OnceRoute)
MOST_CLASH_DAYS = 62


@router.get("/hearings/slots")
async def hearing_slots(
    request: Request,
    actor: Signed,
    work: Work,
    now: Now,
    case_id: IdText,
    presiding_judge_id: IdText,
    associate_judge_id: Annotated[list[IdText] | None, Query(max_length=6)] = None,
    adviser_id: Annotated[list[IdText] | None, Query(max_length=6)] = None,
    forum: Annotated[Forum | None, Query(description="must be that of the case's branch")] = None,
    mode: Mode = Mode.REMOTE,
    minutes: Annotated[int | None, Query(description="default: as policy has it")] = None,
    party: Annotated[
        list[PartyText] | None,
        Query(max_length=60, description="`id`, `id:site` or `id:office:place`; default: all"),
    ] = None,
    hearing_id: Annotated[IdText | None, Query(description="a sitting that would move")] = None,
    first: Annotated[date | None, Query(alias="from", description="default: the first")] = None,
    last: Annotated[date | None, Query(alias="to", description="default: thirty days on")] = None,
    limit: int = OFFERS,
) -> SlotsOut:
    """The earliest lawful times for a sitting, each with why nothing is earlier."""
    bench = [(int(presiding_judge_id), Seat.PRESIDING)]
    bench += [(int(one), Seat.ASSOCIATE) for one in associate_judge_id or ()]
    bench += [(int(one), Seat.ADVISER) for one in adviser_id or ()]
    plan = Plan(
        case_id=int(case_id),
        bench=seats_of(bench),
        mode=mode,
        minutes=minutes,
        coming=coming_from(party),
    )
    moving = await own_sitting(work, int(hearing_id), plan) if hearing_id else None
    asked = Times(first=first, last=last, limit=limit, moving=moving)
    found = await find_times(work, actor, plan, asked, now)
    if forum is not None and forum is not found.matter.court.forum:
        raise Invalid(where="forum")
    return slots_out(request, found)


async def own_sitting(session: AsyncSession, hearing_id: int, plan: Plan) -> int:
    """A sitting of the same case.

    Raises:
        NotFound: it is another's: when its judge is taken is nobody else's to learn so.
    """
    opened = await look(session, hearing_id)
    if opened.hearing.case_id != plan.case_id:
        raise NotFound
    return hearing_id


@router.get("/hearings/clashes")
async def hearing_clashes(
    actor: Signed,
    work: Work,
    now: Now,
    branch_id: IdText,
    first: Annotated[date | None, Query(alias="from", description="default: today")] = None,
    last: Annotated[date | None, Query(alias="to", description="default: a month on")] = None,
    near_min: Annotated[int, Query(ge=0, le=240, description="time between two")] = 15,
) -> Listing[ClashOut]:
    """Judges, lawyers, interpreters and experts who are expected twice at one hour."""
    actor.need_at(int(branch_id), *COURT)
    today = local(now).date()
    start = first or today
    if abs(start - today) > FARTHEST:
        raise Invalid(where="from")
    end = last or start + timedelta(days=30)
    if not 0 <= (end - start).days <= MOST_CLASH_DAYS:
        raise Invalid(where="to")
    apart = timedelta(minutes=near_min)
    return Listing(items=clashes_out(await clashes(work, [int(branch_id)], start, end, apart)))


@router.post("/hearings", status_code=201)
async def list_sitting(
    request: Request, actor: Signed, work: Work, now: Now, wish: ListIn, _key: Key
) -> ListedOut:
    """List a sitting, or a series of them; it is provisional until everybody is served."""
    plan = wish.plan()
    starts = [near(start, now) for start in (wish.starts_at, *wish.also_at)]
    try:
        listed = await list_series(work, actor, plan, starts, now)
    except SlotTaken as taken:
        taken.remedy = alternatives(taken, plan, None, now)
        raise
    shown = [await shown_to_court(request, work, one.id) for one in listed]
    return ListedOut(**shown[0].model_dump(), series=shown[1:])


@router.get("/hearings/{hearing_id}")
async def one_hearing(request: Request, actor: Signed, work: Work, hearing_id: Id) -> HearingOut:
    """A sitting of my branch, on whose bench I am, or in whose case I have a part."""
    view = await sitting(work, hearing_id)
    locale = locale_of(request)
    judges = {seat.person_id for seat, _ in view.bench}
    if actor.person_id in judges or actor.holds_at(view.opened.hearing.branch_id, *COURT):
        return hearing_out(view, locale)
    if actor.person_id in view.people:
        return hearing_out(view, locale, only=actor.person_id)
    raise NotFound


@router.post("/hearings/{hearing_id}/move")
async def move_hearing(
    request: Request,
    actor: Signed,
    work: Work,
    now: Now,
    hearing_id: Id,
    to: MoveHearingIn,
    _key: Key,
) -> HearingOut:
    """Give a sitting a new date, of which everybody is served anew."""
    target = Target(near(to.starts_at, now), to.minutes, coming_of(to.parties))
    try:
        await move(work, actor, hearing_id, target, to.reason, now)
    except SlotTaken as taken:
        taken.remedy = other_times(taken, hearing_id, target, now)
        raise
    return await shown_to_court(request, work, hearing_id)


@router.post("/hearings/{hearing_id}/cancel")
async def cancel_hearing(
    request: Request,
    actor: Signed,
    work: Work,
    now: Now,
    hearing_id: Id,
    why: CancelHearingIn,
    _key: Key,
) -> HearingOut:
    """Cancel a sitting; its places are free at once, and everybody is told."""
    await cancel(work, actor, hearing_id, why.reason, now)
    return await shown_to_court(request, work, hearing_id)


@router.post("/hearings/{hearing_id}/adjourn")
async def adjourn_hearing(
    request: Request,
    actor: Signed,
    work: Work,
    now: Now,
    hearing_id: Id,
    why: AdjournIn,
    _key: Key,
) -> AdjournedOut:
    """Adjourn a sitting, and list the next one in the same stroke."""
    following = near(why.next_starts_at, now) if why.next_starts_at else None
    try:
        done = await adjourn(
            work, actor, hearing_id, Adjournment(why.code, why.note, following), now
        )
    except SlotTaken as taken:
        if following is not None:
            taken.remedy = other_times(taken, hearing_id, Target(following), now)
        raise
    shown = await shown_to_court(request, work, hearing_id)
    after = await shown_to_court(request, work, done.following.id) if done.following else None
    return AdjournedOut(**shown.model_dump(), following=after, latest=done.latest)


@router.post("/hearings/{hearing_id}/reassign")
async def reassign_hearing(
    request: Request,
    actor: Signed,
    work: Work,
    now: Now,
    hearing_id: Id,
    who: ReassignIn,
    _key: Key,
) -> HearingOut:
    """Put another judge in a seat of the bench."""
    await reassign(work, actor, hearing_id, int(who.old), int(who.new), who.reason, now)
    return await shown_to_court(request, work, hearing_id)


async def shown_to_court(request: Request, session: AsyncSession, hearing_id: int) -> HearingOut:
    """A sitting as its own court sees it, after it was changed."""
    await session.flush()
    return hearing_out(await sitting(session, hearing_id), locale_of(request))


Remedy = Callable[[AsyncSession], Awaitable[None]]


def alternatives(taken: SlotTaken, plan: Plan, moving: int | None, now: datetime) -> Remedy:
    """Look for the earliest lawful times once the locks of the lost race are gone."""

    async def search(session: AsyncSession) -> None:
        try:
            answer = await times(session, plan, Times(moving=moving), now)
        except Refusal:  # what the rules allow at no time has no other time
            return
        taken.alternatives = [
            {
                "starts_at": local(offer.starts_at).isoformat(),
                "ends_at": local(offer.ends_at).isoformat(),
                "places": [
                    {"party_id": str(seat.party_id), "office_id": str(seat.place_id)}
                    for seat in offer.seats
                    if seat.place_id is not None
                ],
            }
            for offer in answer.found.offers
        ]

    return search


def other_times(taken: SlotTaken, hearing_id: int, to: Target, now: datetime) -> Remedy:
    """The same for a sitting that is there already."""

    async def search(session: AsyncSession) -> None:
        plan = await plan_of(session, await look(session, hearing_id), to)
        await alternatives(taken, plan, hearing_id, now)(session)

    return search
