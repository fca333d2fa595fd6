"""Turn what the record has of hearings and notices into posts for whoever wants to hear of it.

The record is the one place where every act stands, in order and committed; so no use case knows
of webhooks, and none can forget them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import SmallInteger, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from remote_court import outbox
from remote_court.audit import AuditEntry, AuditSeal
from remote_court.clock import local
from remote_court.db import Base
from remote_court.notices import occasions
from remote_court.notices.ports import Summons
from remote_court.notices.webhooks import Event, Webhook

BATCH: Final = 500
NOTICES: Final = "notice."


class WebhookCursor(Base):
    """Up to which entry of the sealed record events were told; one row."""

    __tablename__ = "webhook_cursor"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int]


async def spread(session: AsyncSession, now: datetime, limit: int = BATCH) -> int:
    """Queue a post for each event that was sealed since, for each webhook of its branch.

    What was sealed before the first run is not told. Returns how many posts it queued.
    """
    cursor = await _cursor(session)
    query = (
        select(AuditSeal.seq, AuditEntry)
        .join(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
        .where(AuditSeal.seq > cursor.seq)
        .order_by(AuditSeal.seq)
        .limit(limit)
    )
    rows = (await session.execute(query)).all()
    if not rows:
        return 0
    cursor.seq = rows[-1].seq
    entries = [(row.seq, row.AuditEntry) for row in rows if row.AuditEntry.act in set(Event)]
    posts = await _posts(session, entries, now) if entries else []
    await outbox.put(session, *posts)
    await session.flush()
    return len(posts)


async def _cursor(session: AsyncSession) -> WebhookCursor:
    found = await session.get(WebhookCursor, 1, with_for_update=True)
    if found is None:
        newest = await session.scalar(select(func.coalesce(func.max(AuditSeal.seq), 0)))
        found = WebhookCursor(id=1, seq=newest or 0)
        session.add(found)
        await session.flush()
    return found


async def _posts(
    session: AsyncSession, entries: Sequence[tuple[int, AuditEntry]], now: datetime
) -> list[outbox.Row]:
    places = await _places(session, [entry for _, entry in entries])
    query = select(Webhook.id, Webhook.place_id, Webhook.events).where(
        Webhook.place_id.in_(set(places.values())), Webhook.removed_at.is_(None)
    )
    listeners: dict[tuple[int, str], list[int]] = defaultdict(list)
    for webhook in await session.execute(query):
        for event in webhook.events:
            listeners[webhook.place_id, event].append(webhook.id)
    return [
        outbox.row(outbox.WEBHOOK, now, webhook_id=webhook_id, body=body(seq, entry))
        for seq, entry in entries
        if entry.id in places
        for webhook_id in listeners[places[entry.id], entry.act]
    ]


async def _places(session: AsyncSession, entries: Sequence[AuditEntry]) -> Mapping[int, int]:
    """The branch of each entry, by the entry's id; what is of none is left out."""
    sessions = {entry.id: session_of(entry) for entry in entries}
    found = await occasions.load(session, {one for one in sessions.values() if one})
    courts = {key: one.court_id for key, one in found.items() if isinstance(one, Summons)}
    return {
        entry_id: courts[session_id]
        for entry_id, session_id in sessions.items()
        if session_id in courts
    }


def session_of(entry: AuditEntry) -> int | None:
    """The session that an entry speaks of."""
    if not entry.act.startswith(NOTICES):
        return entry.subject_id
    told = entry.detail.get("session")
    return told if isinstance(told, int) else None


def body(seq: int, entry: AuditEntry) -> Mapping[str, Any]:
    """What is posted: numbers by which the rest can be asked for, and nobody's name."""
    of_notice = entry.act.startswith(NOTICES)
    return {
        "id": str(seq),
        "event": entry.act,
        "at": local(entry.at).isoformat(),
        "hearing_id": str(session_of(entry)),
        "notice_id": str(entry.subject_id) if of_notice else None,
    }
