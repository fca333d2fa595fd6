"""Book a visit: every place at once, or none, and only if the law allows it."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.audit import Act
from remote_court.errors import Conflict, Forbidden, RuleRefused
from remote_court.identifiers import mint_tracking_code
from remote_court.people import Actor, Role
from remote_court.policy import Policy
from remote_court.scheduling import hold
from remote_court.scheduling.opening import Opening
from remote_court.scheduling.wish import Claim, Wish
from remote_court.visits import company, letters
from remote_court.visits.drop_holds import NONE, drop_holds, holds_of
from remote_court.visits.enter import enter
from remote_court.visits.letters import VISIT
from remote_court.visits.matter import Matter, gather, wish_of
from remote_court.visits.models import VisitKind
from remote_court.visits.name_interpreter import need_interpreter
from remote_court.visits.request import Request, times
from remote_court.visits.status import Status
from remote_court.visits.whereabouts import line_up

SECURE = random.SystemRandom()
DESK = (Role.OFFICE_CLERK, Role.OFFICE_MANAGER)


@dataclass(frozen=True, slots=True)
class Booked:
    """What was booked. ``ends_at`` is what people are told, without the padding."""

    id: int
    tracking_code: str
    status: Status
    starts_at: datetime
    ends_at: datetime
    office_id: int
    prison_id: int
    room_id: int
    booth_id: int
    office: Opening
    prison: Opening


async def book(
    session: AsyncSession, actor: Actor, request: Request, now: datetime, rule: Policy
) -> Booked:
    """Book at once; where the prison must decide, the places are held meanwhile.

    A request that is only to be held gives up what the same person held before.

    Raises:
        NotFound: no such office or inmate, or none this visitor is tied to.
        Forbidden: the caller is neither among the visitors nor a clerk of the office.
        NoInterpreter, NotTheirOwn: who is named to follow the visit cannot.
        SlotTaken: a place is taken then; this wins over what the rules may say too.
        RuleRefused: every reason for which the law does not allow this visit.
    """
    operator_id = authorise(actor, request)
    if request.interpreter_id is not None:
        part = {request.inmate_id, *request.visitor_ids}
        await need_interpreter(session, request.interpreter_id, part)
    when = times(request.kind, request.starts_at, rule)
    old = await holds_of(session, request.booked_for) if request.held else NONE
    place = await line_up(session, request, when, old, now)
    await drop_holds(session, old)
    matter = await gather(session, request, when, rule, now)
    if matter.found.inmate.prison_id != place.prison_id:
        raise Conflict
    status, until = matter.outcome()
    wish = wish_of(request, when, place.prison_id, actor.person_id)
    wish = replace(wish, status=status, hold_until=until)
    if reasons := matter.refusals():
        await hold.claim(session, wish, now)  # a taken place is told rather than a rule
        raise RuleRefused(reasons)
    code = mint_tracking_code(SECURE)
    claimed = await write_down(session, actor, matter, wish, place.visit_id, code, operator_id)
    return as_booked(claimed, code, status, matter)


def as_booked(claimed: Claim, tracking_code: str, status: Status, matter: Matter) -> Booked:
    """A visit in its claimed places."""
    room_id, booth_id = claimed.unit_ids
    return Booked(
        id=claimed.session_id,
        tracking_code=tracking_code,
        status=status,
        starts_at=matter.when.told.start,
        ends_at=matter.when.told.end,
        office_id=matter.request.office_id,
        prison_id=matter.found.inmate.prison_id,
        room_id=room_id,
        booth_id=booth_id,
        office=matter.office,
        prison=matter.prison,
    )


def authorise(actor: Actor, request: Request) -> int | None:
    """Return the operator who books for another, or none for one's own booking.

    Raises:
        Forbidden: neither a visitor nor a clerk of the office is asking, or a visitor names
            an interpreter.
    """
    if request.interpreter_id and not actor.holds_at(request.office_id, *DESK):
        raise Forbidden
    if request.booked_for == actor.person_id and actor.person_id in request.visitor_ids:
        return None
    if actor.holds_at(request.office_id, *DESK) and request.booked_for in request.visitor_ids:
        return actor.person_id
    raise Forbidden


async def write_down(
    session: AsyncSession,
    actor: Actor,
    matter: Matter,
    wish: Wish,
    visit_id: int,
    tracking_code: str,
    operator_id: int | None,
) -> Claim:
    """Claim the places, and enter the visit with its letters, live updates and audit line.

    Raises:
        SlotTaken: a place is taken then.
    """
    request, status = matter.request, Status(wish.status)
    prison_id = matter.found.inmate.prison_id
    return await enter(
        session,
        wish,
        visit_id,
        {
            "visit_kind": request.kind,
            "tracking_code": tracking_code,
            "inmate_id": request.inmate_id,
            "prison_id": prison_id,
            "office_id": request.office_id,
            "booked_for": request.booked_for,
            "operator_id": operator_id,
            "consent": request.consent,
            "needs_interpreter": company.needs_interpreter(request.kind, matter.found),
            "interpreter_id": request.interpreter_id,
            "needs_step_free": request.step_free,
            "makeup_of": request.makeup_of,
            "week": matter.when.week,
        },
        visitors=matter.visitors(),
        leaving=leaving(visit_id, status, matter),
        act=Act(
            f"visit.{status}",
            VISIT,
            visit_id,
            actor_id=actor.person_id,
            role=Role.OFFICE_CLERK if operator_id else as_visitor(request.kind),
            place_id=request.office_id if operator_id else None,
            detail={"office": request.office_id, "prison": prison_id},
        ),
        now=matter.now,
    )


def as_visitor(kind: VisitKind) -> Role:
    """The role in which one books one's own visit."""
    return Role.LAWYER if kind is VisitKind.LAWYER else Role.FAMILY


def leaving(visit_id: int, status: Status, matter: Matter) -> list[outbox.Row]:
    """Tell whoever booked, remind them before the day, and move the boards."""
    now, person_id = matter.now, matter.request.booked_for
    rows = letters.live(visit_id, matter.request.office_id, matter.found.inmate.prison_id, now)
    if kind := letters.LETTER_OF.get(status):
        rows.append(letters.letter(kind, person_id, visit_id, now))
    if status is Status.BOOKED:
        starts_at = matter.when.told.start
        rows += letters.reminders(person_id, visit_id, starts_at, now, matter.rule)
    return rows
