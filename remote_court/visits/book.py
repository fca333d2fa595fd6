"""Book a visit: every place at once, or none, and only if the law allows it."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.audit import Act
from remote_court.errors import Conflict, Forbidden, NotFound, RuleRefused
from remote_court.identifiers import mint_tracking_code
from remote_court.people import Actor, Role
from remote_court.policy import Policy
from remote_court.scheduling import hold
from remote_court.scheduling.hold import SlotTaken
from remote_court.scheduling.opening import Opening
from remote_court.scheduling.wish import Claim
from remote_court.visits import company, letters
from remote_court.visits.drop_holds import NONE, Holds, drop_holds, holds_of
from remote_court.visits.enter import enter
from remote_court.visits.letters import VISIT
from remote_court.visits.matter import Matter, gather, wish_of
from remote_court.visits.models import VisitKind
from remote_court.visits.request import Request, Times, times
from remote_court.visits.status import Status
from remote_court.visits.whereabouts import whereabouts

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
        SlotTaken: a place is taken then; this wins over what the rules may say too.
        RuleRefused: every reason for which the law does not allow this visit.
    """
    operator_id = authorise(actor, request)
    when = times(request.kind, request.starts_at, rule)
    old = await holds_of(session, request.booked_for) if request.held else NONE
    prison_id = await at_liberty(session, request, when, old, now)
    wish = wish_of(request, when, prison_id, actor.person_id)
    await hold.lock(session, sorted({*wish.lock_keys(), *old.keys}))
    await drop_holds(session, old)
    matter = await gather(session, request, when, rule, now)
    if matter.found.inmate.prison_id != prison_id:
        raise Conflict
    status, until = matter.outcome()
    claimed = await hold.claim(session, replace(wish, status=status, hold_until=until), now)
    if reasons := matter.refusals():
        raise RuleRefused(reasons)
    code = mint_tracking_code(SECURE)
    booked = as_booked(claimed, code, status, matter)
    await write_down(session, actor, matter, booked, operator_id)
    return booked


async def at_liberty(
    session: AsyncSession, request: Request, when: Times, own: Holds, now: datetime
) -> int:
    """Return the inmate's prison, if no session has the inmate then.

    Only a glance before the locks: most of those who come too late learn it here, and do not
    stand in line for a place that is gone. One's own holds are given up by choosing again.

    Raises:
        NotFound: no such inmate, or none this visitor is tied to.
        SlotTaken: the inmate is in another session then.
    """
    found = await whereabouts(
        session, request.inmate_id, request.visitor_ids, when.reserved, now, own.ids
    )
    if found is None:
        raise NotFound
    if found.taken and found.all_tied:
        raise SlotTaken(request.inmate_id)
    return found.prison_id


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
    session: AsyncSession, actor: Actor, matter: Matter, booked: Booked, operator_id: int | None
) -> None:
    """Enter the visit with its letters, its live updates and its audit line."""
    request = matter.request
    await enter(
        session,
        {
            "id": booked.id,
            "kind": request.kind,
            "tracking_code": booked.tracking_code,
            "inmate_id": request.inmate_id,
            "prison_id": booked.prison_id,
            "office_id": booked.office_id,
            "room_id": booked.room_id,
            "booth_id": booked.booth_id,
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
        leaving=leaving(booked, request.booked_for, matter),
        act=Act(
            f"visit.{booked.status}",
            VISIT,
            booked.id,
            actor_id=actor.person_id,
            role=Role.OFFICE_CLERK if operator_id else as_visitor(request.kind),
            place_id=booked.office_id if operator_id else None,
            detail={"office": booked.office_id, "prison": booked.prison_id},
        ),
        now=matter.now,
    )


def as_visitor(kind: VisitKind) -> Role:
    """The role in which one books one's own visit."""
    return Role.LAWYER if kind is VisitKind.LAWYER else Role.FAMILY


def leaving(booked: Booked, person_id: int, matter: Matter) -> list[outbox.Row]:
    """Tell whoever booked, remind them before the day, and move the boards."""
    now = matter.now
    rows = letters.live(booked.id, booked.office_id, booked.prison_id, now)
    if kind := letters.LETTER_OF.get(booked.status):
        rows.append(letters.letter(kind, person_id, booked.id, now))
    if booked.status is Status.BOOKED:
        rows += letters.reminders(person_id, booked.id, booked.starts_at, now, matter.rule)
    return rows
