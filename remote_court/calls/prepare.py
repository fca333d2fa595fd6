"""The call of a session: made when it is first needed, and kept in step until it opens."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calls import queries
from remote_court.calls.kinds import Frame, Rules, rules_for
from remote_court.calls.models import Call, CallStatus
from remote_court.calls.refusals import CallNotPlanned
from remote_court.calls.states import CALLED_OFF, move
from remote_court.errors import NotFound
from remote_court.scheduling.models import Session


@dataclass(frozen=True, slots=True)
class Prepared:
    """A call, locked, with what its kind says of it."""

    call: Call
    frame: Frame
    rules: Rules


async def session_and_rules(session: AsyncSession, session_id: int) -> tuple[Session, Rules]:
    """The session and the rules of its kind.

    Raises:
        NotFound: no such session, or one that has no calls.
    """
    told = await queries.told(session, session_id)
    if told is None:
        raise NotFound
    return told, rules_for(told.kind)


async def prepare(session: AsyncSession, session_id: int) -> Prepared:
    """Lock the call of a session, making it if need be.

    Raises:
        NotFound: no such session.
        CallNotPlanned: the session is in no state in which it has a call.
    """
    told, rules = await session_and_rules(session, session_id)
    call = await queries.locked(session, session_id)
    if told.status not in rules.expected and (call is None or call.status is not CallStatus.CLOSED):
        raise CallNotPlanned(told.status)
    frame = await rules.frame(session, session_id)
    call = call or await make(session, told, frame)
    if told.status in rules.expected and was_called_off(call):
        move(call, CallStatus.WAITING)
        call.closed_at = None
    if call.status is CallStatus.WAITING:
        follow(call, frame)
    return Prepared(call, frame, rules)


def was_called_off(call: Call) -> bool:
    """Whether it closed because its session lost its place, and may have another by now."""
    return call.status is CallStatus.CLOSED and call.reason == CALLED_OFF


async def make(session: AsyncSession, told: Session, frame: Frame) -> Call:
    """Insert the call, unless somebody did at the same moment; locked either way."""
    row = insert(Call).values(
        session_id=told.id,
        kind=told.kind,
        status=CallStatus.WAITING,
        starts_at=frame.told.start,
        ends_at=frame.told.end,
    )
    await session.execute(row.on_conflict_do_nothing(index_elements=["session_id"]))
    call = await queries.locked(session, told.id)
    assert call is not None, "it was inserted by us or by somebody else"
    return call


def follow(call: Call, frame: Frame) -> None:
    """A session that was moved takes its waiting call along."""
    if (call.starts_at, call.ends_at) != (frame.told.start, frame.told.end):
        call.starts_at, call.ends_at = frame.told.start, frame.told.end
        call.revision += 1
