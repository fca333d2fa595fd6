"""What a worker must know of a call before anybody enters its room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calls.kinds import Frame
from remote_court.calls.models import Call, CallStatus
from remote_court.calls.prepare import prepare


@dataclass(frozen=True, slots=True)
class Standing:
    """How a call stands; the words are those of video."""

    status: CallStatus
    starts_at: datetime
    ends_at: datetime
    reason: str
    revision: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A call's frame and how it stands."""

    frame: Frame
    standing: Standing


def standing(call: Call) -> Standing:
    """The changing part of a call as a value."""
    return Standing(call.status, call.starts_at, call.ends_at, call.reason or "", call.revision)


async def plan(session: AsyncSession, session_id: int) -> Plan:
    """The plan of a session's call.

    Raises:
        NotFound: no such session.
        CallNotPlanned: the session has no call in its present state.
    """
    prepared = await prepare(session, session_id)
    await session.flush()
    return Plan(prepared.frame, standing(prepared.call))
