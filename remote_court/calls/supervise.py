"""What a supervisor may do in a call: pause with a reason, resume, extend, end with a reason."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.audit import Act
from remote_court.calls import queries
from remote_court.calls.announce import announce, tell_boards
from remote_court.calls.close import close, settle_pause
from remote_court.calls.kinds import Frame
from remote_court.calls.models import HELP, MUTE, UNMUTE, Call, CallStatus, SupervisionAct
from remote_court.calls.plan import Standing, standing
from remote_court.calls.prepare import Prepared, prepare, session_and_rules
from remote_court.calls.reasons import LONGEST_REASON, need_reason
from remote_court.calls.refusals import CallOver
from remote_court.calls.states import move
from remote_court.errors import Invalid, NotFound, Reason, RuleRefused, WrongState
from remote_court.people import Actor

HELP_EVERY = timedelta(seconds=10)
Change = Callable[[Prepared], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Supervised:
    """A call and who supervises it, in which role and where."""

    prepared: Prepared
    person_id: int
    role: str
    place_id: int | None


async def pause(
    session: AsyncSession, actor: Actor, session_id: int, reason: str, now: datetime
) -> Standing:
    """Hold all sound and picture; everybody is told why.

    Raises:
        ReasonNeeded, Forbidden, NotFound, WrongState: as their names say.
    """
    stated = need_reason(reason)

    async def change(prepared: Prepared) -> None:
        move(prepared.call, CallStatus.PAUSED, stated)
        prepared.call.paused_at = now

    return await act(session, actor, session_id, "pause", change, now=now, reason=stated)


async def resume(session: AsyncSession, actor: Actor, session_id: int, now: datetime) -> Standing:
    """Go on after a pause.

    Raises:
        Forbidden, NotFound, WrongState: as their names say.
    """

    async def change(prepared: Prepared) -> None:
        if prepared.call.status is not CallStatus.PAUSED:
            raise WrongState
        move(prepared.call, CallStatus.LIVE)
        settle_pause(prepared.call, now)

    return await act(session, actor, session_id, "resume", change, now=now)


async def extend(
    session: AsyncSession, actor: Actor, session_id: int, minutes: int, now: datetime
) -> Standing:
    """Move the end, as far as policy and the reservation of the places allow.

    Raises:
        Invalid: not a positive number of minutes.
        RuleRefused: more than is allowed; the reason says how many minutes are left.
        Forbidden, NotFound, WrongState: as their names say.
    """
    if minutes < 1:
        raise Invalid(where="minutes")

    async def change(prepared: Prepared) -> None:
        call = prepared.call
        if call.status not in {CallStatus.LIVE, CallStatus.PAUSED}:
            raise WrongState(call.status)
        if minutes > (left := minutes_left(call, prepared.frame)):
            raise RuleRefused([too_long(prepared, left)])
        call.ends_at += timedelta(minutes=minutes)
        call.extended_minutes += minutes
        call.revision += 1

    return await act(session, actor, session_id, "extend", change, now=now, minutes=minutes)


async def end(
    session: AsyncSession, actor: Actor, session_id: int, reason: str, now: datetime
) -> Standing:
    """End the call for everybody, with the reason stated.

    Raises:
        ReasonNeeded, Forbidden, NotFound, WrongState: as their names say.
    """
    stated = need_reason(reason)
    found = await supervised(session, actor, session_id, now)
    await write(session, found, "end", now, reason=stated)
    await close(session, found.prepared, stated, now)
    return standing(found.prepared.call)


async def mute(
    session: AsyncSession,
    actor: Actor,
    session_id: int,
    person_id: int,
    *,
    muted: bool,
    now: datetime,
) -> Standing:
    """Switch somebody's microphone off or on: the media plane drops what they send meanwhile.

    Raises:
        Forbidden, NotFound, WrongState: as their names say.
    """
    found = await supervised(session, actor, session_id, now)
    if not await queries.attended(session, session_id, person_id):
        raise NotFound
    verb = MUTE if muted else UNMUTE
    await write(session, found, verb, now, whom=person_id)
    return standing(found.prepared.call)


async def help_wanted(
    session: AsyncSession, session_id: int, person_id: int, text: str, now: datetime
) -> None:
    """Somebody in the call asks for help: it is written down, and the boards are told.

    Who asks again within seconds is heard already: nothing more is written.

    Raises:
        NotFound: no such session.
    """
    _, rules = await session_and_rules(session, session_id)
    if await queries.asked_for_help(session, session_id, person_id, now - HELP_EVERY):
        return
    frame = await rules.frame(session, session_id)
    said = text.strip()[:LONGEST_REASON] or None
    row = SupervisionAct(session_id=session_id, person_id=person_id, verb=HELP, reason=said, at=now)
    session.add(row)
    await session.flush()
    await audit.record(session, now, Act("call.help", "session", session_id, actor_id=person_id))
    await tell_boards(session, frame, session_id, now, "help")


async def act(
    session: AsyncSession,
    actor: Actor,
    session_id: int,
    verb: str,
    change: Change,
    *,
    now: datetime,
    reason: str | None = None,
    minutes: int | None = None,
) -> Standing:
    """Change a running call, write down who did it, and tell who watches."""
    found = await supervised(session, actor, session_id, now)
    await change(found.prepared)
    await write(session, found, verb, now, reason=reason, minutes=minutes)
    await announce(session, found.prepared.call, found.prepared.frame, now)
    return standing(found.prepared.call)


async def supervised(
    session: AsyncSession, actor: Actor, session_id: int, now: datetime
) -> Supervised:
    """The call, locked, if this actor supervises it and it is not over."""
    _, rules = await session_and_rules(session, session_id)
    role, place_id = await rules.supervise(session, actor, session_id)
    prepared = await prepare(session, session_id)
    if prepared.call.status is CallStatus.CLOSED or now >= prepared.call.ends_at:
        raise CallOver
    return Supervised(prepared, actor.person_id, role, place_id)


async def write(
    session: AsyncSession,
    found: Supervised,
    verb: str,
    now: datetime,
    *,
    reason: str | None = None,
    minutes: int | None = None,
    whom: int | None = None,
) -> None:
    """The row of the act and its line in the record; ``whom`` it was done to."""
    session_id = found.prepared.call.session_id
    stated = {"reason": reason, "minutes": minutes}
    row = SupervisionAct(
        session_id=session_id,
        person_id=found.person_id,
        verb=verb,
        whom_id=whom,
        at=now,
        **stated,
    )
    session.add(row)
    await session.flush()
    line = Act(
        f"call.{verb}",
        "session",
        session_id,
        actor_id=found.person_id,
        role=found.role,
        place_id=found.place_id,
        detail={name: value for name, value in {**stated, "whom": whom}.items() if value},
    )
    await audit.record(session, now, line)


def minutes_left(call: Call, frame: Frame) -> int:
    """By how many minutes a call can still be extended."""
    by_policy = frame.extend_max - timedelta(minutes=call.extended_minutes)
    by_places = frame.latest_end - call.ends_at
    return max(0, min(by_policy, by_places) // timedelta(minutes=1))


def too_long(prepared: Prepared, left: int) -> Reason:
    """Why an extension is refused, and what would be lawful."""
    return Reason(
        "extension-too-long",
        "This talk can be extended by %(minutes)s minutes at most.",
        prepared.frame.extend_rule,
        {"minutes": left},
    )
