"""A visit's call: who may enter as what, who hears and sees whom, and what it leaves behind.

Registered with ``calls.kinds`` by ``app.py``; ``calls`` knows no visits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import product

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox, policy
from remote_court.audit import Act
from remote_court.calls.kinds import (
    Admission,
    Asker,
    Frame,
    Outcome,
    Pairs,
    RecordingRight,
    Signboard,
    register,
)
from remote_court.calls.refusals import NotCheckedIn
from remote_court.clock import local
from remote_court.errors import Forbidden, NotFound, Reason, RuleRefused
from remote_court.people import Actor, Role
from remote_court.policy import Policy
from remote_court.scheduling.models import Session
from remote_court.visits.in_call_facts import VisitFacts, load
from remote_court.visits.in_call_roles import (
    INMATE,
    INTERPRETER,
    SUPERVISOR,
    USUAL,
    VISITOR,
    admitted,
    concerns,
    entrance,
    seen_at_desk,
)
from remote_court.visits.letters import VISIT, live, missed
from remote_court.visits.models import Visit, VisitKind
from remote_court.visits.status import Status, check

EXPECTED = frozenset({Status.BOOKED, Status.IN_PROGRESS})
TALKERS = frozenset({VISITOR, INMATE, INTERPRETER})
SUPERVISORS = 3
TALKING: Pairs = frozenset(product(TALKERS, TALKERS)) - {(INMATE, INMATE)}
WATCHING: Pairs = frozenset((SUPERVISOR, talker) for talker in TALKERS)
HEARS: Mapping[VisitKind, Pairs] = {
    VisitKind.FAMILY: TALKING | WATCHING,
    VisitKind.LAWYER: TALKING,
    VisitKind.CONSULAR: TALKING | WATCHING,
}
"""Nobody hears a lawyer but the client. A supervisor sends nothing, and so is in no pair's end."""
SEES: Pairs = TALKING | WATCHING
SLOTS: Mapping[str, int] = {VISITOR: 3, INMATE: 4, SUPERVISOR: 4, INTERPRETER: 4}
VERBS: Mapping[str, frozenset[str]] = {
    VISITOR: frozenset({"help"}),
    INMATE: frozenset({"help"}),
    INTERPRETER: frozenset({"help"}),
    SUPERVISOR: frozenset({"pause", "resume", "end", "extend", "mute"}),
}


class VisitRules:
    """What a visit decides about its call."""

    expected = frozenset(status.value for status in EXPECTED)

    async def frame(self, session: AsyncSession, session_id: int) -> Frame:
        """The call's frame, by the policy of the visit's day."""
        facts = await load(session, session_id)
        day = local(facts.told.start).date()
        return frame_of(facts, await policy.current(session, day, facts.province_code))

    async def admit(
        self, session: AsyncSession, asker: Asker, as_: str, session_id: int
    ) -> Admission:
        """Whether somebody may enter in a role.

        Raises:
            NotFound: the visit is nothing to the asker.
            Forbidden: not in this role.
            NotCheckedIn: nobody has been to the desk, or not the one who asks.
            RuleRefused: an interpreter is needed and none is named.
        """
        facts = await load(session, session_id)
        admission = admitted(facts, asker, as_)
        if facts.status not in EXPECTED:
            return admission  # that the visit is off or over is what they are to be told
        if as_ in {VISITOR, INMATE} and facts.needs_interpreter and not facts.interpreter_id:
            raise RuleRefused([INTERPRETER_MISSING])
        if as_ == VISITOR and not (facts.checked_in and seen_at_desk(facts, asker)):
            raise NotCheckedIn
        return admission

    async def roles(self, session: AsyncSession, asker: Asker, session_id: int) -> tuple[str, ...]:
        """Roles in which somebody may ever enter, the usual one first.

        Raises:
            NotFound, Forbidden: in none.
        """
        facts = await load(session, session_id)
        found = tuple(role for role in USUAL if entrance(facts, asker, role))
        if not found:
            raise Forbidden if concerns(facts, asker) else NotFound
        return found

    async def signboard(self, session: AsyncSession, session_id: int) -> Signboard:
        """What a page says of the visit's call."""
        facts = await load(session, session_id)
        return Signboard(
            who=facts.inmate_name,
            place=facts.prison_names,
            room=facts.room_names,
            supervised=facts.kind is not VisitKind.LAWYER,
            home=dict.fromkeys(USUAL, f"/visits/{facts.id}")
            | dict.fromkeys((SUPERVISOR, INMATE), f"/watch/{facts.prison_id}"),
        )

    async def supervise(
        self, session: AsyncSession, actor: Actor, session_id: int
    ) -> tuple[str, int | None]:
        """The officers of the prison supervise.

        Raises:
            NotFound, Forbidden: it is another prison's visit, or the actor is no officer.
        """
        visit = await session.get(Visit, session_id)
        if visit is None:
            raise NotFound
        actor.need_at(visit.prison_id, Role.PRISON_OFFICER)
        return Role.PRISON_OFFICER.value, visit.prison_id

    async def recording(
        self, session: AsyncSession, actor: Actor, session_id: int
    ) -> RecordingRight:
        """The officers of the prison, where policy lets a visit be recorded; never a lawyer's.

        Raises:
            NotFound, Forbidden: it is another prison's visit, or the actor is no officer.
            RuleRefused: this visit may not be recorded.
        """
        role, prison_id = await self.supervise(session, actor, session_id)
        facts = await load(session, session_id)
        day = local(facts.told.start).date()
        rule = await policy.current(session, day, facts.province_code)
        if refused := unrecordable(facts.kind, rule):
            raise RuleRefused([refused])
        keep = rule.days("visit.recording.retention_days")
        return RecordingRight(role=role, place_id=prison_id, keep=keep)

    async def opened(self, session: AsyncSession, session_id: int, now: datetime) -> None:
        """The visit is under way."""
        visit, told = await both(session, session_id)
        told.status = check(Status(told.status), Status.IN_PROGRESS)
        visit.opened_at = now
        await outbox.put(session, *live(visit.id, visit.office_id, visit.prison_id, now))

    async def closed(
        self, session: AsyncSession, session_id: int, outcome: Outcome, now: datetime
    ) -> None:
        """The visit is completed, or somebody did not come; what was lost is written down."""
        visit, told = await both(session, session_id)
        status = Status.COMPLETED if outcome.opened else Status.NO_SHOW
        told.status = check(Status(told.status), status)
        visit.closed_at = now
        visit.lost_seconds = round(outcome.lost.total_seconds())
        visit.lost_reason = outcome.cause if outcome.opened else why_not(visit, outcome)
        if not outcome.opened:
            visit.counts_as_used = visit.lost_reason == "visitor_absent"
        detail = {"lost_seconds": visit.lost_seconds, "lost_reason": visit.lost_reason}
        line = Act(f"visit.{status}", VISIT, visit.id, place_id=visit.prison_id, detail=detail)
        await audit.record(session, now, line)
        rows = live(visit.id, visit.office_id, visit.prison_id, now)
        if not outcome.opened:
            rows.append(missed(visit, now, await self._rule(session, visit.id)))
        await outbox.put(session, *rows)

    async def _rule(self, session: AsyncSession, visit_id: int) -> Policy:
        """The policy of the visit's day."""
        facts = await load(session, visit_id)
        day = local(facts.told.start).date()
        return await policy.current(session, day, facts.province_code)


INTERPRETER_MISSING = Reason(
    "interpreter-missing",
    "Somebody in this visit does not speak Persian, so that an interpreter must be named first."
    " Please tell the office or the prison.",
    "visit.foreign.interpreter_unless_persian",
)


NEVER: Mapping[VisitKind, Reason] = {
    VisitKind.LAWYER: Reason(
        "recording-never-with-a-lawyer",
        "A talk with a lawyer is confidential: it is never recorded, whoever orders it.",
        "visit.monitor.lawyer",
    ),
    VisitKind.CONSULAR: Reason(
        "recording-never-with-a-consul",
        "A talk with a consul is never recorded, whoever orders it.",
        "visit.foreign.consular",
    ),
}
"""Kinds of visit of which no policy opens a recording."""
NOT_BY_POLICY = Reason(
    "recording-not-allowed",
    "Visits are not recorded. Only a change of this rule, made at headquarters, could allow it.",
    "visit.monitor.electronic",
)
ON_ORDER = "supervisor_view_record_on_order"
"""The word of policy with which a prison's officer may have a family's visit recorded."""


def unrecordable(kind: VisitKind, rule: Policy) -> Reason | None:
    """Why a visit of this kind may not be recorded."""
    if kind in NEVER:
        return NEVER[kind]
    return None if rule.word("visit.monitor.electronic") == ON_ORDER else NOT_BY_POLICY


async def both(session: AsyncSession, visit_id: int) -> tuple[Visit, Session]:
    """The visit and its session, to be changed."""
    visit = await session.get(Visit, visit_id, populate_existing=True)
    told = await session.get(Session, visit_id, populate_existing=True)
    if visit is None or told is None:
        raise NotFound
    return visit, told


def why_not(visit: Visit, outcome: Outcome) -> str:
    """Why a call never opened: whose absence, or the line of who stood at the desk in time."""
    if VISITOR in outcome.absent and visit.checked_in_at is None:
        return "visitor_absent"
    if INMATE in outcome.absent:
        return "inmate_absent"
    if INTERPRETER in outcome.absent:
        return "interpreter_absent"
    return "network"


def frame_of(facts: VisitFacts, rule: Policy) -> Frame:
    """What this visit's call is like."""
    needed = {VISITOR, INMATE} | ({INTERPRETER} if facts.needs_interpreter else set())
    return Frame(
        kind=facts.kind.value,
        told=facts.told,
        latest_end=facts.reserved_until,
        opens_before=rule.minutes("visit.join_open_before_min"),
        grace=rule.minutes("visit.reconnect_grace_min"),
        extend_max=rule.minutes("visit.extend_max_min"),
        extend_rule="visit.extend_max_min",
        required=frozenset(needed),
        hears=HEARS[facts.kind],
        sees=SEES,
        slots=SLOTS,
        headcount=len(facts.guests) + len({INMATE, INTERPRETER}) + SUPERVISORS,
        verbs=verbs_of(facts.kind, rule),
        channels=(f"office:{facts.office_id}", f"prison:{facts.prison_id}", f"visit:{facts.id}"),
    )


def verbs_of(kind: VisitKind, rule: Policy) -> Mapping[str, frozenset[str]]:
    """What each role may ask for; a recording only where one may be."""
    if unrecordable(kind, rule):
        return VERBS
    return {**VERBS, SUPERVISOR: VERBS[SUPERVISOR] | {"record", "stop_recording"}}


def register_visits() -> None:
    """Let calls know what a visit's call is like."""
    register(VISIT, VisitRules())
