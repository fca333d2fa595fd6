"""Adjourn a sitting, with the reason in the court's words, and at once set the next date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.errors import Reason
from remote_court.hearings import queries
from remote_court.hearings.adjournment import PARTIES_OWN, Code
from remote_court.hearings.cancel import audience_of, end
from remote_court.hearings.courts import court
from remote_court.hearings.door import Opened, act, open_hearing, seen
from remote_court.hearings.entering import cited
from remote_court.hearings.list_hearing import Listed, enter_next
from remote_court.hearings.matter import today_of
from remote_court.hearings.models import CourtCase
from remote_court.hearings.plan import Plan
from remote_court.hearings.rules import ListingRefused
from remote_court.hearings.settle import When, line_up
from remote_court.hearings.status import Status
from remote_court.hearings.telling import tell
from remote_court.notices.messages import MessageKind
from remote_court.people import Actor
from remote_court.policy import Policy

REHEARING = "rehearing_max_days_when_not_parties_fault"
JOINT = "joint_postponement_max"


@dataclass(frozen=True, slots=True)
class Adjournment:
    """Why a sitting is adjourned; ``next_start`` of the sitting that follows, if it is set now.

    ``note`` says more for the record; ``plan`` is how the next one is held, none: as this one.
    """

    code: Code
    note: str = ""
    next_start: datetime | None = None
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class Adjourned:
    """A sitting that was adjourned, the one that follows, and until when one must."""

    opened: Opened
    following: Listed | None
    latest: date | None


async def adjourn(
    session: AsyncSession, actor: Actor, hearing_id: int, why: Adjournment, now: datetime
) -> Adjourned:
    """Adjourn a sitting of one's own branch, before, during or after its time.

    Where the parties do not answer for the delay, the next must be soon, but never inside
    anybody's clear days.

    Raises:
        Forbidden, NotFound: it is not their branch's.
        WrongState: it has ended already.
        ListingRefused: the parties have postponed as often as they may, or the next is too late.
        SlotTaken, UnlawfulDate: the next date, as ``list_hearing``.
    """
    found = await seen(session, actor, hearing_id)
    plan = why.plan or replace(found.plan, coming=None)
    sits = await court(session, found.hearing.branch_id, today_of(now))
    assert sits is not None, "a hearing is before a branch"
    rule = sits.policy(today_of(now))
    latest = None if why.code in PARTIES_OWN else today_of(now) + rule.days(REHEARING)
    locked: frozenset[int] = frozenset()
    when: When | None = None
    if why.next_start is not None:
        when = When(starts_at=why.next_start, latest=latest)
        locked = await line_up(session, plan, [when])
    await session.get(CourtCase, found.hearing.case_id, with_for_update=True)
    opened = await open_hearing(session, hearing_id)
    await _not_too_often(session, opened, why.code, rule)
    opened.move_to(Status.ADJOURNED)
    opened.hearing.adjournment = why.code
    await end(session, actor, opened, why.note.strip() or None, now)
    people = (await audience_of(session, opened)).people
    was = opened.session.starts_at
    await tell(session, opened.hearing, people, MessageKind.ADJOURNED, now, was=was)
    following = None
    if when is not None:
        following = await enter_next(session, actor, plan, when, locked, hearing_id, now)
    done = act(
        actor,
        "adjourned",
        hearing_id,
        opened.hearing.branch_id,
        code=why.code,
        next=following.id if following else None,
    )
    await audit.record(session, now, done)
    return Adjourned(opened, following, latest)


async def _not_too_often(session: AsyncSession, opened: Opened, code: Code, rule: Policy) -> None:
    if code is not Code.JOINT_REQUEST:
        return
    case = await queries.case(session, opened.hearing.case_id)
    most = rule.integer(JOINT)
    if case is not None and case.postponed >= most:
        reason = Reason(
            "postponed-already",
            "The parties may jointly ask for another date %(most)s time only.",
            JOINT,
            {"most": most},
        )
        raise ListingRefused([cited(reason, rule)])
