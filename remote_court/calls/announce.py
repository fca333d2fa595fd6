"""Tell the worker of a call, and the boards that show it, that something changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.calls.kinds import Frame
from remote_court.calls.models import Call


def channel(session_id: int) -> str:
    """Where changes of a call are told."""
    return f"call:{session_id}"


def look_again(session_id: int, now: datetime) -> outbox.Row:
    """A live row that sends the worker of a call, if there is one, to look at its rows."""
    return outbox.live(channel(session_id), now, event="look", id=session_id)


async def announce(session: AsyncSession, call: Call, frame: Frame, now: datetime) -> None:
    """Write the live rows of a change of state."""
    await session.flush()
    about = {"id": call.session_id, "revision": call.revision, "status": call.status.value}
    await outbox.put(
        session,
        outbox.live(channel(call.session_id), now, event="state", **about),
        *boards(frame, call.session_id, now, "call"),
    )


async def tell_boards(
    session: AsyncSession, frame: Frame, session_id: int, now: datetime, event: str
) -> None:
    """Tell only who watches: somebody came or went, or asks for help."""
    await outbox.put(session, *boards(frame, session_id, now, event))


def boards(frame: Frame, session_id: int, now: datetime, event: str) -> list[outbox.Row]:
    """One live row for each channel of who watches."""
    return [outbox.live(name, now, event=event, id=session_id) for name in frame.channels]
