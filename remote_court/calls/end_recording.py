"""A recording ends: somebody stops it, or its call is over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calls.models import Call, Recording


async def end_recording(
    session: AsyncSession, call: Call, now: datetime, by: int | None = None
) -> None:
    """Stop the recording of a call, if one runs."""
    if call.recording_id is None:
        return
    await session.execute(
        update(Recording)
        .where(Recording.id == call.recording_id)
        .values(stopped_at=now, stopped_by=by, failing=False)
    )
    call.recording_id = None
