"""What recordings need by themselves: a watchdog, signatures for what was cut off, an end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from prometheus_client import Gauge
from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import audit
from remote_court.audit import Act
from remote_court.calls.announce import tell_boards
from remote_court.calls.kinds import rules_for
from remote_court.calls.models import Attendance, Call, CallStatus, Recording
from remote_court.recording import files
from remote_court.recording.keys import SigningKey
from remote_court.recording.seal import SIGNATURE, seal_abandoned
from remote_court.telemetry import REGISTRY
from remote_court.ticks import Work

log = logging.getLogger(__name__)
SILENCE = timedelta(seconds=15)
"""A running recording of which no worker tells for so long does not run."""

NEVER_BEGUN = timedelta(hours=1)
"""A recording that ended so long ago, and of which nobody wrote anything, never began."""

ELSEWHERE = timedelta(days=30)
"""So long a node leaves it to the others to delete what it does not find on its own disk."""

BATCH = 100
ALARMS = Gauge(
    "remote_court_recording_alarms",
    "Recordings ordered of running calls that are not being written",
    registry=REGISTRY,
)


async def watch(session: AsyncSession, now: datetime) -> int:
    """Raise the alarm for recordings that should run and do not, and end it for the others.

    A recording should run while its call is live and somebody has been in it for a while.
    """
    here = exists().where(
        Attendance.session_id == Recording.session_id,
        Attendance.left_at.is_(None),
        Attendance.arrived_at < now - SILENCE,
    )
    due = or_(Recording.failing, (Recording.told_at < now - SILENCE) & here)
    query = (
        select(Recording, Call, due.label("due"))
        .join(Call, Call.recording_id == Recording.id)
        .where(Recording.stopped_at.is_(None))
        .with_for_update(of=Recording)
    )
    changed = alarms = 0
    for row, call, is_due in (await session.execute(query)).all():
        failing = is_due and call.status is CallStatus.LIVE
        alarms += failing
        if failing is not (row.alarmed_at is not None):
            await turn(session, row, call, now, failing=failing)
            changed += 1
    ALARMS.set(alarms)
    return changed


async def turn(
    session: AsyncSession, row: Recording, call: Call, now: datetime, *, failing: bool
) -> None:
    """Begin or end an alarm: a line in the record, one in the log, and news for who watches."""
    row.alarmed_at = now if failing else None
    word = "call.recording_failing" if failing else "call.recording_recovered"
    detail = {"recording_id": row.id, "trouble": row.trouble or ""}
    line = Act(word, "session", row.session_id, place_id=row.place_id, detail=detail)
    await audit.record(session, now, line)
    frame = await rules_for(call.kind).frame(session, row.session_id)
    await tell_boards(session, frame, row.session_id, now, "recording")
    if failing:
        log.error("recording %s is not being written: %s", row.id, row.trouble or "no word of it")


def sealer(folder: Path, key: SigningKey) -> Work:
    """The sweep that signs what a writer left open, on the node whose disk has it."""

    async def seal(session: AsyncSession, now: datetime) -> int:
        query = select(Recording).where(Recording.sealed_at.is_(None))
        sealed = 0
        for row in (await session.scalars(query.order_by(Recording.id).limit(BATCH))).all():
            parts = files.parts(folder, str(row.session_id), str(row.id))
            for part in parts:
                sealed += await asyncio.to_thread(seal_abandoned, part, key, now)
            sealed += settled(row, parts, now)
        return sealed

    return seal


def settled(row: Recording, parts: Sequence[Path], now: datetime) -> bool:
    """Note that a recording is complete: it was stopped, and all there is of it is signed."""
    if row.stopped_at is None or not all((part / SIGNATURE).exists() for part in parts):
        return False
    if not parts and (row.octets or now < row.stopped_at + NEVER_BEGUN):
        return False
    row.sealed_at = now
    row.octets = sum(files.octets(part) for part in parts) if parts else row.octets
    return True


def forgetter(folder: Path) -> Work:
    """The sweep that deletes recordings whose time to be kept is over."""

    async def forget(session: AsyncSession, now: datetime) -> int:
        due = (
            select(Recording)
            .where(
                Recording.keep_until <= now,
                Recording.deleted_at.is_(None),
                Recording.sealed_at.is_not(None),
            )
            .order_by(Recording.keep_until)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        forgotten = 0
        for row in (await session.scalars(due)).all():
            names = (str(row.session_id), str(row.id))
            gone = await asyncio.to_thread(files.delete, folder, *names)
            if not gone and row.octets and now < row.keep_until + ELSEWHERE:
                continue
            forgotten += 1
            row.deleted_at = now
            detail = {"recording_id": row.id, "parts": gone}
            line = Act("call.recording_deleted", "session", row.session_id, detail=detail)
            await audit.record(session, now, line)
        return forgotten

    return forget
