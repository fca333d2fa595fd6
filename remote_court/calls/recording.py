"""The recording of a call: ordered, announced, stopped; and what workers tell of it.

It is off unless somebody who may orders it, and each kind of session says who may, if anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.audit import Act
from remote_court.calls import queries
from remote_court.calls.announce import announce
from remote_court.calls.end_recording import end_recording
from remote_court.calls.kinds import RecordingRight
from remote_court.calls.models import CallStatus, Recording, SupervisionAct
from remote_court.calls.plan import Standing, standing
from remote_court.calls.prepare import Prepared, prepare, session_and_rules
from remote_court.calls.reasons import need_reason
from remote_court.calls.refusals import (
    AlreadyRecorded,
    CallOver,
    NotRecorded,
    RecordingNotSetUp,
)
from remote_court.people import Actor


async def order(
    session: AsyncSession,
    actor: Actor,
    session_id: int,
    reason: str,
    now: datetime,
    *,
    ready: bool,
) -> Standing:
    """Have a call recorded from now on; everybody in it is told at once.

    Args:
        ready: whether the media workers can record.

    Raises:
        ReasonNeeded, NotFound, Forbidden, CallOver, AlreadyRecorded: as their names say.
        RuleRefused: calls of this kind may not be recorded.
        RecordingNotSetUp: nobody could write it.
    """
    stated = need_reason(reason)
    right, prepared = await permitted(session, actor, session_id, now)
    call = prepared.call
    if call.recording_id is not None:
        raise AlreadyRecorded
    if not ready:
        raise RecordingNotSetUp
    row = Recording(
        session_id=session_id,
        ordered_by=actor.person_id,
        role=right.role,
        place_id=right.place_id,
        reason=stated,
        started_at=now,
        told_at=now,
        keep_until=now + right.keep,
    )
    session.add(row)
    await session.flush()
    call.recording_id = row.id
    await written(session, actor, prepared, right, "record", now, stated)
    return standing(call)


async def stop(session: AsyncSession, actor: Actor, session_id: int, now: datetime) -> Standing:
    """End the recording of a call that goes on.

    Raises:
        NotFound, Forbidden, CallOver, NotRecorded, RuleRefused: as their names say.
    """
    right, prepared = await permitted(session, actor, session_id, now)
    if prepared.call.recording_id is None:
        raise NotRecorded
    await end_recording(session, prepared.call, now, actor.person_id)
    await written(session, actor, prepared, right, "stop_recording", now)
    return standing(prepared.call)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a worker tells of a recording."""

    session_id: int
    recording_id: int
    octets: int
    lost_packets: int
    failing: bool
    trouble: str


async def told(session: AsyncSession, what: Told, now: datetime) -> None:
    """Note how a running recording does."""
    await session.execute(
        update(Recording)
        .where(
            Recording.id == what.recording_id,
            Recording.session_id == what.session_id,
            Recording.stopped_at.is_(None),
        )
        .values(
            told_at=now,
            octets=what.octets,
            lost_packets=what.lost_packets,
            failing=what.failing,
            trouble=what.trouble or None,
        )
    )


async def permitted(
    session: AsyncSession, actor: Actor, session_id: int, now: datetime
) -> tuple[RecordingRight, Prepared]:
    """The right of this actor, and the call, locked, if it is not over."""
    _, rules = await session_and_rules(session, session_id)
    right = await rules.recording(session, actor, session_id)
    prepared = await prepare(session, session_id)
    if prepared.call.status is CallStatus.CLOSED or now >= prepared.call.ends_at:
        raise CallOver
    return right, prepared


async def written(
    session: AsyncSession,
    actor: Actor,
    prepared: Prepared,
    right: RecordingRight,
    verb: str,
    now: datetime,
    reason: str | None = None,
) -> None:
    """The act, its line in the record, and the news to all who are in the call or watch it."""
    call = prepared.call
    call.revision += 1
    session.add(
        SupervisionAct(
            session_id=call.session_id,
            person_id=actor.person_id,
            verb=verb,
            reason=reason,
            at=now,
        )
    )
    running = await queries.newest_recording(session, call.session_id)
    detail: dict[str, str | int] = {"reason": reason} if reason else {}
    if running is not None:
        detail["recording_id"] = running.id
    line = Act(
        f"call.{verb}",
        "session",
        call.session_id,
        actor_id=actor.person_id,
        role=right.role,
        place_id=right.place_id,
        detail=detail,
    )
    await audit.record(session, now, line)
    await announce(session, call, prepared.frame, now)
