"""List a sitting: every place at once, or none, and only on a date that can become lawful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox
from remote_court.errors import Invalid, NotFound
from remote_court.hearings import queries
from remote_court.hearings.board import Seating
from remote_court.hearings.door import act
from remote_court.hearings.entering import COURT
from remote_court.hearings.letters import Serving
from remote_court.hearings.models import CourtCase, Hearing, HearingPart, HearingSeat
from remote_court.hearings.plan import Plan
from remote_court.hearings.settle import Settled, When, line_up, settle
from remote_court.hearings.status import Status
from remote_court.hearings.telling import Audience, announce, live, remind
from remote_court.people import Actor

MOST_SESSIONS = 10


class TooManySessions(Invalid):
    """At most ten sessions can be listed at once."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A sitting that was listed or moved. ``ends_at`` is what people are told."""

    id: int
    case_id: int
    number: int
    date_no: int
    status: Status
    starts_at: datetime
    ends_at: datetime
    seats: Sequence[Seating]


async def list_hearing(
    session: AsyncSession, actor: Actor, plan: Plan, starts_at: datetime, now: datetime
) -> Listed:
    """List a sitting over a case of one's own branch; it is provisional until all are served.

    Raises:
        Forbidden: neither judge nor court clerk is asking.
        NotFound: there is no such case in their branch, or nobody by a name on the bench.
        BadLength: it is too short or too long.
        SlotTaken: somebody or something is taken then; this wins over what the rules may say.
        UnlawfulDate: it is inside somebody's clear days.
        ListingRefused: every other reason for which the rules do not allow it.
    """
    (listed,) = await list_series(session, actor, plan, [starts_at], now)
    return listed


async def list_series(
    session: AsyncSession,
    actor: Actor,
    plan: Plan,
    starts: Sequence[datetime],
    now: datetime,
) -> list[Listed]:
    """List several sittings over one case at once, each following the one before; all or none.

    Raises:
        TooManySessions: more than ten, or none.
        And as ``list_hearing``.
    """
    await need_court_of(session, actor, plan.case_id)
    if not 0 < len(starts) <= MOST_SESSIONS:
        raise TooManySessions(where="starts_at")
    whens = [When(starts_at=start) for start in sorted(starts)]
    locked = await line_up(session, plan, whens)
    # The case's row is where sittings get their numbers.
    await session.get(CourtCase, plan.case_id, with_for_update=True)
    listed: list[Listed] = []
    before: int | None = None
    for when in whens:
        listed.append(await enter_next(session, actor, plan, when, locked, before, now))
        before = listed[-1].id
    return listed


async def enter_next(
    session: AsyncSession,
    actor: Actor,
    plan: Plan,
    when: When,
    locked: frozenset[int],
    follows_id: int | None,
    now: datetime,
) -> Listed:
    """List the next sitting of a case whose row is locked, under locks that were lined up for.

    Raises:
        SlotTaken, UnlawfulDate, ListingRefused: as ``list_hearing``.
    """
    settled = await settle(session, plan, when, locked, now, actor.person_id)
    return await _enter(session, actor, plan, settled, follows_id, now)


async def need_court_of(session: AsyncSession, actor: Actor, case_id: int) -> int:
    """The branch of a case, for its judges and clerks.

    Raises:
        Forbidden: neither judge nor court clerk is asking.
        NotFound: there is no such case, or it is another branch's.
    """
    actor.need(*COURT)
    branch_id = await queries.branch_of(session, case_id)
    if branch_id is None:
        raise NotFound
    actor.need_at(branch_id, *COURT)
    return branch_id


async def _enter(
    session: AsyncSession,
    actor: Actor,
    plan: Plan,
    settled: Settled,
    follows_id: int | None,
    now: datetime,
) -> Listed:
    matter = settled.matter
    assert plan.judge_id is not None, "a bench without a president was refused"
    hearing = Hearing(
        id=settled.id,
        case_id=plan.case_id,
        branch_id=matter.court.branch_id,
        forum=matter.court.forum,
        mode=plan.mode,
        number=matter.case.last_number + 1,
        follows_id=follows_id,
        minutes=matter.told // timedelta(minutes=1),
        closed_reason=plan.closed_reason,
        remote_order=plan.order.strip(),
        remote_ordered_by=plan.judge_id,
        listed_by=actor.person_id,
        listed_at=now,
        dated_at=now,
        date_no=1,
    )
    session.add(hearing)
    await session.flush()
    seats = [
        {"hearing_id": hearing.id, "person_id": who, "seat": seat}
        for who, seat in plan.bench.items()
    ]
    await session.execute(insert(HearingSeat), seats)
    await write_parts(session, hearing.id, settled)
    audience = audience_of(settled)
    await announce(session, hearing, audience, Serving.LISTED, now)
    rule = matter.rule(matter.day)
    await remind(session, hearing, audience.people, settled.starts_at, now, rule)
    await outbox.put(session, *live(hearing, (one.place_id for one in settled.seats), now))
    done = act(
        actor,
        "listed",
        hearing.id,
        hearing.branch_id,
        case=hearing.case_id,
        number=hearing.number,
        starts_at=settled.starts_at.isoformat(),
    )
    await audit.record(session, now, done)
    return listed_as(hearing, settled)


def audience_of(settled: Settled) -> Audience:
    """Whom a sitting in its claimed places concerns."""
    attending = frozenset(one.party_id for one in settled.seats)
    return Audience(settled.matter.case.parties, attending)


async def write_parts(session: AsyncSession, hearing_id: int, settled: Settled) -> None:
    """Write down who attends, and from which room."""
    agenda = {one.party.id: one.agenda for one in settled.matter.cast.attendees}
    parts = [
        {
            "hearing_id": hearing_id,
            "party_id": one.party_id,
            "site": one.site,
            "place_id": one.place_id,
            "unit_id": one.unit_id,
            "agenda": agenda[one.party_id],
        }
        for one in settled.seats
    ]
    await session.execute(insert(HearingPart), parts)


def listed_as(hearing: Hearing, settled: Settled) -> Listed:
    """A hearing in its claimed places."""
    return Listed(
        id=hearing.id,
        case_id=hearing.case_id,
        number=hearing.number,
        date_no=hearing.date_no,
        status=Status.PROVISIONAL,
        starts_at=settled.starts_at,
        ends_at=settled.ends_at,
        seats=settled.seats,
    )
