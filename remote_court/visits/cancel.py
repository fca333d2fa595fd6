"""Cancel a visit: its places are free at once, and everybody concerned is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.audit import Act, record
from remote_court.calls.announce import look_again
from remote_court.errors import Invalid, WrongState
from remote_court.notices.messages import MessageKind
from remote_court.people import Actor, Role
from remote_court.policy import Policy
from remote_court.scheduling.hold import release
from remote_court.visits import letters
from remote_court.visits.door import Opened, begun, open_visit, side_of
from remote_court.visits.status import Status

LONGEST_REASON = 500
VISITORS = (Role.FAMILY, Role.LAWYER)


class ReasonNeeded(Invalid):
    """Say in a few words why."""


async def cancel(
    session: AsyncSession, actor: Actor, visit_id: int, reason: str, now: datetime, rule: Policy
) -> Opened:
    """Cancel a visit, as its holder, as a clerk of its office, or as an officer of its prison.

    A visitor who cancels a booked visit late keeps the week's visit as used; anybody else's
    cancelling, an early one, and one of a visit that stood nowhere give it back. From its start
    on a visitor cannot cancel any more: who stays away has missed it.

    Raises:
        NotFound: no such visit for this person.
        WrongState: it has begun or ended already.
        ReasonNeeded: staff gave no reason, or it is too long.
    """
    opened = await open_visit(session, visit_id)
    side = side_of(actor, opened)
    reason = said(reason, needed=side not in VISITORS)
    if side in VISITORS and begun(opened, now):
        raise WrongState
    was = opened.status
    opened.move_to(Status.CANCELLED)
    await release(session, visit_id)
    visit = opened.visit
    free_until = opened.session.starts_at - rule.hours("visit.cancel_free_before_h")
    late = was is Status.BOOKED and now > free_until
    visit.counts_as_used = late and side in VISITORS
    visit.cancelled_by, visit.cancelled_as = actor.person_id, side
    visit.cancelled_at, visit.cancel_reason = now, reason
    leaving = letters.live(visit_id, visit.office_id, visit.prison_id, now)
    leaving.append(look_again(visit_id, now))
    if was is not Status.HELD:
        told = letters.letter(MessageKind.CANCELLED, visit.booked_for, visit_id, now, by=side)
        leaving.append(told)
    await outbox.put(session, *leaving)
    act = Act(
        "visit.cancelled",
        letters.VISIT,
        visit_id,
        actor_id=actor.person_id,
        role=side,
        place_id=place_of(side, opened),
        detail={"late": late},
    )
    await record(session, now, act)
    return opened


def said(reason: str, *, needed: bool) -> str:
    """The reason without blanks around it.

    Raises:
        ReasonNeeded: it is needed and missing, or too long.
    """
    reason = reason.strip()
    if (needed and not reason) or len(reason) > LONGEST_REASON:
        raise ReasonNeeded(where="reason")
    return reason


def place_of(side: Role, opened: Opened) -> int | None:
    """The place whose staff acted, if staff did."""
    if side is Role.OFFICE_CLERK:
        return opened.visit.office_id
    return opened.visit.prison_id if side is Role.PRISON_OFFICER else None
