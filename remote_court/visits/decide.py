"""The prison answers a request to visit: approved, rejected, or lapsed without an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox
from remote_court.audit import Act
from remote_court.clock import local
from remote_court.errors import Conflict, RuleRefused, WrongState
from remote_court.notices.messages import MessageKind
from remote_court.people import Actor
from remote_court.people.inmates import Inmate
from remote_court.policy import Policy
from remote_court.scheduling import hold
from remote_court.scheduling.models import Reservation, Session
from remote_court.visits import letters, permit_entry
from remote_court.visits.door import Opened, open_visit
from remote_court.visits.entering import Stand, as_officer, inmate_of, stated
from remote_court.visits.models import Visit
from remote_court.visits.permits import PermitIssuer
from remote_court.visits.rules import cited
from remote_court.visits.status import Status
from remote_court.visits.touching import strangers_to

BATCH = 100


class RequestLapsed(Conflict):
    """This request was not answered in time; its places are free again."""


@dataclass(frozen=True, slots=True)
class Approval:
    """By whose permit the visit is approved, and the permit's number and date."""

    issuer: PermitIssuer
    reference: str


async def approve(
    session: AsyncSession,
    actor: Actor,
    visit_id: int,
    approval: Approval,
    *,
    now: datetime,
    policy: Policy,
) -> Opened:
    """Approve a request: each visitor who has no right of their own is permitted for that day.

    Raises:
        NotFound: no such visit in one's own prison.
        WrongState: it is not a request any more.
        RequestLapsed: the time to answer is over.
        RuleRefused: this authority may not permit it.
        ReferenceNeeded: there is no document.
    """
    opened, inmate, stand = await _open(session, actor, visit_id, now)
    if reasons := list(permit_entry.refusals(approval.issuer, inmate.on_remand, policy)):
        raise RuleRefused([cited(reason, policy) for reason in reasons])
    opened.move_to(Status.BOOKED)
    day = local(opened.session.starts_at).date()
    for visitor_id in await strangers_to(session, opened.visit, day, policy):
        draft = permit_entry.Draft(visitor_id, approval.issuer, approval.reference, day, day)
        await permit_entry.write(session, stand, inmate, draft, now)
    visit = opened.visit
    visit.decided_by, visit.decided_at = actor.person_id, now
    rows = letters.live(visit.id, visit.office_id, visit.prison_id, now)
    rows.append(letters.letter(MessageKind.APPROVED, visit.booked_for, visit.id, now))
    starts_at = opened.session.starts_at
    rows += letters.reminders(visit.booked_for, visit.id, starts_at, now, policy)
    await outbox.put(session, *rows)
    act = stand.act("visit.approved", (letters.VISIT, visit.id), issuer=approval.issuer)
    await audit.record(session, now, act)
    await session.flush()
    return opened


async def reject(
    session: AsyncSession, actor: Actor, visit_id: int, reason: str, *, now: datetime
) -> Opened:
    """Reject a request with a reason that its holder reads, and say where they can appeal.

    Raises:
        NotFound: no such visit in one's own prison.
        WrongState: it is not a request any more.
        RequestLapsed: the time to answer is over.
        ReasonMissing: no reason was given.
    """
    opened, _, stand = await _open(session, actor, visit_id, now)
    said = stated(reason)
    opened.move_to(Status.REJECTED)
    await hold.release(session, visit_id)
    visit = opened.visit
    visit.decided_by, visit.decided_at, visit.decision_reason = actor.person_id, now, said
    visit.counts_as_used = False
    refused = letters.letter(
        MessageKind.REFUSED, visit.booked_for, visit_id, now, reason=said, appeal=True
    )
    rows = letters.live(visit_id, visit.office_id, visit.prison_id, now)
    await outbox.put(session, *rows, refused)
    await audit.record(session, now, stand.act("visit.rejected", (letters.VISIT, visit_id)))
    await session.flush()
    return opened


async def lapse_requests(session: AsyncSession, now: datetime, limit: int = BATCH) -> int:
    """Lapse requests that nobody answered in the policy's time; return how many."""
    found = await session.execute(
        select(Session, Visit)
        .join(Visit, Visit.id == Session.id)
        .where(Session.status == Status.REQUESTED, Session.hold_until <= now)
        .order_by(Session.id)
        .limit(limit)
        .with_for_update(of=Session, skip_locked=True)
    )
    due = [Opened(row.Visit, row.Session, ()) for row in found]
    for opened in due:
        visit = opened.visit
        opened.move_to(Status.LAPSED)
        opened.visit.decided_at = now  # by nobody, which tells it from a hold that was let go
        visit.counts_as_used = False
        await hold.release(session, visit.id)
        told = letters.letter(MessageKind.LAPSED, visit.booked_for, visit.id, now, unanswered=True)
        rows = letters.live(visit.id, visit.office_id, visit.prison_id, now)
        await outbox.put(session, *rows, told)
        await audit.record(session, now, Act("visit.lapsed", letters.VISIT, visit.id))
    await session.flush()
    return len(due)


async def _open(
    session: AsyncSession, actor: Actor, visit_id: int, now: datetime
) -> tuple[Opened, Inmate, Stand]:
    # Days before the row: else whoever clears a lapsed request away could do so while it is
    # being approved, and leave a booked visit without its places.
    await hold.lock(session, await hold.keys_of(session, visit_id))
    opened = await open_visit(session, visit_id)
    inmate = await inmate_of(session, opened.visit.inmate_id)
    stand = as_officer(actor, inmate)
    if opened.status is not Status.REQUESTED:
        raise WrongState
    until = opened.session.hold_until
    if (until is not None and until <= now) or not await _stands(session, opened):
        raise RequestLapsed
    return opened, inmate, stand


async def _stands(session: AsyncSession, opened: Opened) -> bool:
    """Whether room, booth, inmate and every visitor are still held for it."""
    query = select(Reservation.resource_id).where(Reservation.session_id == opened.visit.id)
    kept = set(await session.scalars(query))
    visit = opened.visit
    return kept >= {visit.room_id, visit.booth_id, visit.inmate_id, *opened.visitor_ids}
