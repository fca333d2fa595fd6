"""What a hearing decides about its call: who enters as what, and what becomes of the session."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit, outbox, policy
from remote_court.audit import Act
from remote_court.calls import queries as calls
from remote_court.calls.kinds import (
    Admission,
    Asker,
    Frame,
    Outcome,
    RecordingRight,
    Signboard,
    register,
)
from remote_court.clock import local
from remote_court.errors import Forbidden, NotFound, Reason, RuleRefused
from remote_court.hearings.bench import presiding
from remote_court.hearings.cast import ENTRANCES, PRIVATE, TABLE, Cast
from remote_court.hearings.in_call_facts import HearingFacts, load
from remote_court.hearings.in_call_roles import admitted, concerns, entrances
from remote_court.hearings.models import Hearing
from remote_court.hearings.powers import verbs_of
from remote_court.hearings.status import Status, check
from remote_court.people import Actor, Role
from remote_court.policy import Policy
from remote_court.scheduling.models import Session

HEARING = "hearing"
EXPECTED = frozenset({Status.PROVISIONAL, Status.CONFIRMED, Status.IN_PROGRESS})
SEEN_AT_ONCE = 9
"""How many others somebody sees at once; who spoke last comes first."""
CLERKS = 2
GALLERY_FULL = Reason(
    "gallery-full",
    "As many watch this session as its line can carry. Please try again later.",
    "hearing.observers_max",
)


class HearingRules:
    """What a hearing decides about its call."""

    expected = frozenset(status.value for status in EXPECTED)

    async def frame(self, session: AsyncSession, session_id: int) -> Frame:
        """The call's frame, by the policy of the sitting's day."""
        facts = await load(session, session_id)
        return frame_of(facts, await rule_of(session, facts))

    async def admit(
        self, session: AsyncSession, asker: Asker, as_: str, session_id: int
    ) -> Admission:
        """Whether somebody may enter in a role.

        Raises:
            NotFound: the hearing is nothing to the asker.
            Forbidden: not in this role.
            RuleRefused: as many watch as may.
        """
        facts = await load(session, session_id)
        found = admitted(facts, asker, as_)
        if found.role == Cast.OBSERVER:
            await need_room_to_watch(session, facts, found.person_id)
        return found

    async def roles(self, session: AsyncSession, asker: Asker, session_id: int) -> tuple[str, ...]:
        """Roles in which somebody may ever enter, the usual one first.

        Raises:
            NotFound, Forbidden: in none.
        """
        facts = await load(session, session_id)
        found = tuple(dict.fromkeys(one.role for one in entrances(facts, asker)))
        if not found:
            raise Forbidden if concerns(facts, asker) else NotFound
        return found

    async def signboard(self, session: AsyncSession, session_id: int) -> Signboard:
        """What a page says of the call: which branch sits; nothing of the case."""
        facts = await load(session, session_id)
        return Signboard(
            who="",
            place=facts.complex_names,
            room={},
            supervised=False,
            home=dict.fromkeys(Cast, "/"),
        )

    async def supervise(
        self, session: AsyncSession, actor: Actor, session_id: int
    ) -> tuple[str, int | None]:
        """Who presides leads the session.

        Raises:
            NotFound, Forbidden: it is nothing to the actor, or another presides.
        """
        facts = await load(session, session_id)
        need_presiding(facts, actor, await present(session, facts))
        return Role.JUDGE.value, facts.branch_id

    async def recording(
        self, session: AsyncSession, actor: Actor, session_id: int
    ) -> RecordingRight:
        """Who presides may order a recording.

        Raises:
            NotFound, Forbidden: it is nothing to the actor, or another presides.
        """
        role, branch_id = await self.supervise(session, actor, session_id)
        rule = await rule_of(session, await load(session, session_id))
        keep = rule.years("hearing.recording.retention_years")
        return RecordingRight(role=role, place_id=branch_id, keep=keep)

    async def opened(self, session: AsyncSession, session_id: int, now: datetime) -> None:
        """The session is under way."""
        hearing, told = await both(session, session_id)
        told.status = check(Status(told.status), Status.IN_PROGRESS)
        hearing.opened_at = now
        await outbox.put(session, *boards(hearing.branch_id, hearing.id, now))

    async def closed(
        self, session: AsyncSession, session_id: int, outcome: Outcome, now: datetime
    ) -> None:
        """The session was held, or its time passed without it."""
        hearing, told = await both(session, session_id)
        status = Status.HELD if outcome.opened else Status.NOT_HELD
        told.status = check(Status(told.status), status)
        hearing.ended_at = now
        act = Act(f"hearing.{status}", HEARING, hearing.id, place_id=hearing.branch_id)
        await audit.record(session, now, act)
        await outbox.put(session, *boards(hearing.branch_id, hearing.id, now))


async def rule_of(session: AsyncSession, facts: HearingFacts) -> Policy:
    """The policy of the sitting's day in the branch's province."""
    return await policy.current(session, local(facts.told.start).date(), facts.province_code)


async def present(session: AsyncSession, facts: HearingFacts) -> frozenset[int]:
    """Who of the bench is connected now."""
    rows = await calls.attendance(session, facts.id)
    return frozenset(row.person_id for row in rows if row.left_at is None) & set(facts.seats)


def leader(facts: HearingFacts, here: frozenset[int]) -> int | None:
    """Who presides: the president, or the senior member of those who are here without them."""
    return presiding(facts.seats, here or frozenset(facts.seats))


def need_presiding(facts: HearingFacts, actor: Actor, here: frozenset[int]) -> None:
    """Go on only for who presides: the president, else the senior member who is there.

    Raises:
        NotFound: the hearing is nothing to the actor.
        Forbidden: another presides.
    """
    if leader(facts, here) == actor.person_id:
        return
    raise Forbidden if concerns(facts, actor) else NotFound


async def need_room_to_watch(session: AsyncSession, facts: HearingFacts, person_id: int) -> None:
    """Go on only while fewer others watch than may: nobody who has a part is kept out by them.

    Raises:
        RuleRefused: as many watch as may.
    """
    most = (await rule_of(session, facts)).integer("hearing.observers_max")
    rows = await calls.attendance(session, facts.id)
    watching = {r.person_id for r in rows if r.left_at is None and r.role == Cast.OBSERVER}
    if len(watching - {person_id}) >= most:
        raise RuleRefused([GALLERY_FULL])


async def both(session: AsyncSession, hearing_id: int) -> tuple[Hearing, Session]:
    """The hearing and its session, to be changed."""
    hearing = await session.get(Hearing, hearing_id, populate_existing=True)
    told = await session.get(Session, hearing_id, populate_existing=True)
    if hearing is None or told is None:
        raise NotFound
    return hearing, told


def boards(branch_id: int, hearing_id: int, now: datetime) -> list[outbox.Row]:
    """Tell who watches the branch's diary or the hearing."""
    return [
        outbox.live(name, now, event="hearing", id=hearing_id)
        for name in (f"branch:{branch_id}", f"hearing:{hearing_id}")
    ]


def frame_of(facts: HearingFacts, rule: Policy) -> Frame:
    """What this hearing's call is like."""
    watchers = rule.integer("hearing.observers_max")
    return Frame(
        kind=HEARING,
        told=facts.told,
        latest_end=facts.reserved_until,
        opens_before=rule.minutes("hearing.join_open_before_min"),
        grace=rule.minutes("hearing.reconnect_grace_min"),
        extend_max=rule.minutes("hearing.extend_max_min"),
        extend_rule="hearing.extend_max_min",
        required=frozenset(),
        hears=TABLE,
        sees=TABLE,
        slots=dict.fromkeys(map(str, Cast), SEEN_AT_ONCE),
        headcount=len(facts.seats) + 2 * len(facts.parts) + CLERKS + watchers,
        verbs={role.value: verbs_of(role) for role in Cast}
        | {Cast.ASSOCIATE.value: verbs_of(Cast.PRESIDING)},  # who presides is asked each time
        channels=(
            f"branch:{facts.branch_id}",
            f"hearing:{facts.id}",
            *sorted({f"{part.site}:{part.place_id}" for part in facts.parts if part.place_id}),
        ),
        entrances={str(role): where for role, where in ENTRANCES.items()},
        unrecorded=PRIVATE,
        opens_itself=False,
    )


def register_calls() -> None:
    """Let the calls know hearings."""
    register(HEARING, HearingRules())
