"""Close a call, by itself or because a supervisor ends it, and say what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.audit import Act
from remote_court.calendars.interval import Interval
from remote_court.calls import queries, stations
from remote_court.calls.announce import announce
from remote_court.calls.end_recording import end_recording
from remote_court.calls.kinds import Frame, Outcome, rules_for
from remote_court.calls.minutes import Course, Presence, tally
from remote_court.calls.models import Attendance, Call, CallStatus, SupervisionAct
from remote_court.calls.prepare import Prepared
from remote_court.calls.states import CALLED_OFF, move

TIME = "time"
"""Why a call closed that nobody ended."""
RIGHTS_ENDED = "rights_ended"
"""Why a call closed of whose one side nobody may take part any more."""


async def close(session: AsyncSession, prepared: Prepared, reason: str, now: datetime) -> Outcome:
    """Close a call and everybody's attendance, and give its session its last state.

    Raises:
        WrongState: it is closed already.
    """
    call, frame = prepared.call, prepared.frame
    settle_pause(call, now)
    move(call, CallStatus.CLOSED, reason)
    call.closed_at = min(now, call.ends_at)
    await end_recording(session, call, call.closed_at)
    await session.execute(
        update(Attendance)
        .where(Attendance.session_id == call.session_id, Attendance.left_at.is_(None))
        .values(left_at=call.closed_at, left_reason="ended")
    )
    await stations.all_leave(session, call.session_id, call.closed_at)
    outcome = await outcome_of(session, call, frame)
    await prepared.rules.closed(session, call.session_id, outcome, now)
    detail = {"reason": reason, "lost_seconds": round(outcome.lost.total_seconds())}
    await audit.record(session, now, Act("call.closed", "session", call.session_id, detail=detail))
    await announce(session, call, frame, now)
    return outcome


async def call_off(session: AsyncSession, call: Call, now: datetime) -> None:
    """Close a locked call whose session was cancelled or lost its place."""
    move(call, CallStatus.CLOSED, CALLED_OFF)
    call.closed_at = now
    await end_recording(session, call, now)
    frame = await rules_for(call.kind).frame(session, call.session_id)
    await announce(session, call, frame, now)


def settle_pause(call: Call, now: datetime) -> None:
    """Count a pause that lasts until now."""
    if call.paused_at is not None:
        until = min(now, call.ends_at)
        call.paused_seconds += max(0, round((until - call.paused_at).total_seconds()))
        call.paused_at = None


async def outcome_of(session: AsyncSession, call: Call, frame: Frame) -> Outcome:
    """What became of a closed call, from its record."""
    closed_at = call.closed_at
    assert closed_at is not None, "only a closed call has an outcome"
    rows = await queries.attendance(session, call.session_id)
    absent = frame.required - {row.role for row in rows}
    if call.opened_at is None:
        return Outcome(opened=False, absent=absent, lost=frame.told.length)
    counted = tally(
        Course(
            planned=frame.told.length,
            starts_at=call.starts_at,
            opened_at=call.opened_at,
            closed_at=closed_at,
            ends_at=call.ends_at,
            required=frame.required,
            presences=list(presences(rows, closed_at)),
            pauses=list(pauses(await queries.acts(session, call.session_id), closed_at)),
        )
    )
    return Outcome(opened=True, absent=absent, lost=counted.lost, causes=counted.causes)


def presences(rows: Sequence[Attendance], closed_at: datetime) -> Iterator[Presence]:
    """Attendance rows as stretches; one shorter than the clock's tick is nothing."""
    for row in rows:
        end = min(row.left_at or closed_at, closed_at)
        if row.arrived_at < end:
            yield Presence(row.role, Interval(row.arrived_at, end), row.left_reason)


def pauses(acts: Sequence[SupervisionAct], closed_at: datetime) -> Iterator[Interval]:
    """The stretches between a pause and its resumption, or the end."""
    since: datetime | None = None
    for act in acts:
        if act.verb == "pause" and since is None:
            since = act.at
        elif act.verb in {"resume", "end"} and since is not None:
            if since < act.at:
                yield Interval(since, act.at)
            since = None
    if since is not None and since < closed_at:
        yield Interval(since, closed_at)
