"""A sitting for right now: the first judge hears a claim, at any hour of any day.

Like the visit of right now it moves along while nobody has come, and the next one is listed when
it is over. The parties attend from devices of their own, as the judge has allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, policy
from remote_court.audit import Act
from remote_court.calendars.interval import Interval
from remote_court.clock import local
from remote_court.demo.marker import DemoSeed
from remote_court.demo.right_now import RANDOM, STALE, attended, first
from remote_court.hearings.forums import Forum, law_of
from remote_court.hearings.letters import HEARING
from remote_court.hearings.models import (
    CaseParty,
    CourtCase,
    Hearing,
    HearingPart,
    HearingSeat,
    Representation,
)
from remote_court.hearings.roles import Mode, PartyRole, Seat, Site
from remote_court.hearings.status import Status
from remote_court.identifiers import mint_tracking_code
from remote_court.notices.service import Method, Notice
from remote_court.people import Grant, Role
from remote_court.people.demo import DemoAccount
from remote_court.places import Branch
from remote_court.scheduling import hold
from remote_court.scheduling.hold import SlotTaken
from remote_court.scheduling.models import Session
from remote_court.scheduling.wish import Wish

CASE_NUMBER = "140599000000000001"
SUBJECT = "مطالبهٔ وجه یک فقره سفته"
ORDER = "به دلیل دوری محل سکونت طرفین، جلسه از راه دور برگزار شود."
PAPER = "وکالت‌نامهٔ نمایشی ۱"
SERVED_BEFORE = timedelta(days=40)
"""How long ago everybody was served: longer than any term of a sitting."""

PLAYED = ((PartyRole.PLAINTIFF, 1), (PartyRole.DEFENDANT, 2))
"""Which listed families are the parties."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The branch, its judge, and the parties: id of the party by id of the person."""

    branch: Branch
    judge_id: int
    case_id: int
    parties: dict[int, int]


async def keep(session: AsyncSession, now: datetime) -> int:
    """See that there is a sitting to open now; returns how many were listed or moved."""
    seed = await session.scalar(select(DemoSeed).with_for_update(skip_locked=True))
    if seed is None:
        return 0
    present = await session.get(Session, seed.hearing_id) if seed.hearing_id else None
    if present is not None and present.status in {Status.CONFIRMED, Status.IN_PROGRESS}:
        return await move_along(session, present, now)
    if present is not None:
        await hold.release(session, present.id)
    made = await make(session, now)
    if made is not None:
        seed.hearing_id = made
    return int(made is not None)


async def move_along(session: AsyncSession, present: Session, now: datetime) -> int:
    """Let the sitting begin now, if it has begun and nobody has come."""
    if present.starts_at > now - STALE or await attended(session, present.id):
        return 0
    cast = await cast_of(session, now)
    try:
        await hold.claim(session, await wish(session, cast, now), now, session_id=present.id)
    except SlotTaken:
        return 0
    return 1


async def make(session: AsyncSession, now: datetime) -> int | None:
    """List a sitting that begins now, with everybody served; its id.

    None while somebody or something of it is taken.
    """
    cast = await cast_of(session, now)
    wanted = await wish(session, cast, now)
    try:
        claimed = await hold.hold(session, wanted, now)
    except SlotTaken:
        return None
    await write_down(session, cast, claimed.session_id, wanted, now)
    return claimed.session_id


async def wish(session: AsyncSession, cast: Cast, now: datetime) -> Wish:
    """The judge, the branch and the parties from this minute on."""
    rule = await policy.current(session, local(now).date())
    length = rule.minutes(law_of(Forum(cast.branch.forum)).duration)
    start = now.replace(second=0, microsecond=0)
    return Wish(
        kind=HEARING,
        status=Status.CONFIRMED,
        told=Interval.lasting(start, length),
        reserved=Interval.lasting(start, length + rule.minutes("hearing.grace_min")),
        pools=(),
        people=(cast.judge_id, cast.branch.id, *cast.parties),
        created_by=cast.judge_id,
    )


async def write_down(
    session: AsyncSession, cast: Cast, hearing_id: int, wanted: Wish, now: datetime
) -> None:
    """Enter the sitting, its bench, who attends, and how they were served."""
    before = select(Hearing.number).where(Hearing.case_id == cast.case_id)
    last = await session.scalar(before.order_by(Hearing.number.desc()).limit(1))
    session.add(
        Hearing(
            id=hearing_id,
            case_id=cast.case_id,
            branch_id=cast.branch.id,
            forum=Forum(cast.branch.forum),
            mode=Mode.REMOTE,
            number=(last or 0) + 1,
            minutes=round(wanted.told.length.total_seconds() / 60),
            remote_order=ORDER,
            remote_ordered_by=cast.judge_id,
            listed_by=cast.judge_id,
            listed_at=now - SERVED_BEFORE,
            dated_at=now - SERVED_BEFORE,
            confirmed_at=now,
        )
    )
    await session.flush()
    session.add(HearingSeat(hearing_id=hearing_id, person_id=cast.judge_id, seat=Seat.PRESIDING))
    for person_id, party_id in cast.parties.items():
        session.add(HearingPart(hearing_id=hearing_id, party_id=party_id, site=Site.OWN_DEVICE))
        session.add(
            Notice(
                number=mint_tracking_code(RANDOM),
                session_id=hearing_id,
                person_id=person_id,
                occasion="listed",
                date_no=1,
                method=Method.SANA,
                queued_at=now - SERVED_BEFORE,
                delivered_at=now - SERVED_BEFORE,
            )
        )
    act = Act(
        "hearing.listed",
        HEARING,
        hearing_id,
        actor_id=cast.judge_id,
        role=Role.JUDGE,
        place_id=cast.branch.id,
        detail={"demo": True},
    )
    await audit.record(session, now, act)
    await session.flush()


async def cast_of(session: AsyncSession, now: datetime) -> Cast:
    """The first listed judge and lawyer, and two of the listed families; the case is made once."""
    judge_id = await first(session, Role.JUDGE)
    branch = await branch_of(session, judge_id)
    found = select(CourtCase).where(CourtCase.case_number == CASE_NUMBER)
    case = await session.scalar(found)
    if case is None:
        case = await file_case(session, branch, judge_id, now)
    parties = await session.execute(
        select(CaseParty.person_id, CaseParty.id)
        .where(CaseParty.case_id == case.id, CaseParty.left_at.is_(None))
        .order_by(CaseParty.id)
    )
    return Cast(branch, judge_id, case.id, {row.person_id: row.id for row in parties})


async def file_case(
    session: AsyncSession, branch: Branch, judge_id: int, now: datetime
) -> CourtCase:
    """A claim of one family against another, the plaintiff with a lawyer."""
    case = CourtCase(
        case_number=CASE_NUMBER,
        sub_row="1",
        archive_number="0500001",
        branch_id=branch.id,
        subject=SUBJECT,
        registered_by=judge_id,
        registered_at=now - SERVED_BEFORE,
    )
    session.add(case)
    await session.flush()
    people = [(role, await listed(session, Role.FAMILY, at)) for role, at in PLAYED]
    people.append((PartyRole.LAWYER, await first(session, Role.LAWYER)))
    parties = [
        CaseParty(
            case_id=case.id,
            person_id=person_id,
            role=role,
            site=Site.OWN_DEVICE,
            own_device_by=judge_id,
            own_device_at=now - SERVED_BEFORE,
            entered_by=judge_id,
            joined_at=now - SERVED_BEFORE,
        )
        for role, person_id in people
    ]
    session.add_all(parties)
    await session.flush()
    plaintiff, _, lawyer = parties
    session.add(
        Representation(
            speaker_id=lawyer.id,
            client_id=plaintiff.id,
            paper=PAPER,
            entered_by=judge_id,
            entered_at=now - SERVED_BEFORE,
        )
    )
    await session.flush()
    return case


async def branch_of(session: AsyncSession, judge_id: int) -> Branch:
    """Where a judge sits."""
    query = (
        select(Branch)
        .join(Grant, Grant.place_id == Branch.id)
        .where(Grant.person_id == judge_id, Grant.role == Role.JUDGE, Grant.revoked_at.is_(None))
    )
    return (await session.scalars(query)).one()


async def listed(session: AsyncSession, role: Role, at: int) -> int:
    """A listed account of a role, by its number."""
    query = select(DemoAccount.person_id).where(DemoAccount.role == role, DemoAccount.ordinal == at)
    return (await session.execute(query)).scalar_one()
