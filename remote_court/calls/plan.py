"""What a worker must know of a call before anybody enters its room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calls import queries
from remote_court.calls.close import call_off
from remote_court.calls.kinds import Frame
from remote_court.calls.models import Call, CallStatus
from remote_court.calls.prepare import prepare, session_and_rules


@dataclass(frozen=True, slots=True)
class Standing:
    """How a call stands, in the words of video, and on which worker it lives."""

    status: CallStatus
    starts_at: datetime
    ends_at: datetime
    reason: str
    revision: int
    recording_id: int | None = None
    withdrawn: frozenset[str] = frozenset()
    worker_id: str | None = None
    stations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """A call's frame, how it stands, and whose microphones are switched off for them."""

    frame: Frame
    standing: Standing
    silenced: frozenset[int] = frozenset()


def standing(call: Call) -> Standing:
    """The changing part of a call as a value."""
    return Standing(
        call.status,
        call.starts_at,
        call.ends_at,
        call.reason or "",
        call.revision,
        recording_id=call.recording_id,
        worker_id=call.worker_id,
        stations=dict(call.stations or {}),
    )


async def look(session: AsyncSession, session_id: int, now: datetime) -> Standing | None:
    """How a call stands now, with the entries that were withdrawn; none when there is no call.

    One whose session was cancelled or lost its place is called off by whoever looks first.
    """
    call = await queries.call(session, session_id)
    if call is None:
        return None
    if call.status is not CallStatus.CLOSED and not await planned(session, session_id):
        call = await queries.locked(session, session_id)
        assert call is not None, "calls are never deleted"
        if call.status is not CallStatus.CLOSED and not await planned(session, session_id):
            await call_off(session, call, now)
    return replace(standing(call), withdrawn=await queries.withdrawn(session, session_id))


async def planned(session: AsyncSession, session_id: int) -> bool:
    """Whether the session is in a state in which it has a call."""
    told, rules = await session_and_rules(session, session_id)
    await session.refresh(told)
    return told.status in rules.expected


async def frame(session: AsyncSession, session_id: int) -> Frame:
    """What the call of a session is like.

    Raises:
        NotFound: no such session, or one that has no calls.
    """
    _, rules = await session_and_rules(session, session_id)
    return await rules.frame(session, session_id)


async def plan(session: AsyncSession, session_id: int) -> Plan:
    """The plan of a session's call.

    Raises:
        NotFound: no such session.
        CallNotPlanned: the session has no call in its present state.
    """
    prepared = await prepare(session, session_id)
    await session.flush()
    silenced = await queries.silenced(session, session_id)
    return Plan(prepared.frame, standing(prepared.call), silenced)
