"""Bring notices into SANA accounts: arrival there is service.

Source:
    1395 bylaw, art. 13.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from prometheus_client import Counter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.audit import Act, record
from remote_court.notices import occasions, queries, service_queries
from remote_court.notices.messages import Message, MessageKind
from remote_court.notices.outages import beat
from remote_court.notices.ports import (
    Addressee,
    Due,
    Letter,
    Occasion,
    Renderer,
    Summons,
    Unwritable,
)
from remote_court.notices.service import Method, Notice, notice_reference
from remote_court.notices.service_queries import Waiting
from remote_court.telemetry import REGISTRY

log = logging.getLogger(__name__)
BATCH: Final = 50
BINDING: Final = "fa"
"""The language of the text that counts."""
NOTICES = Counter(
    "remote_court_notices", "Notices, by what became of them", ["outcome"], registry=REGISTRY
)
TELEPHONE = text(
    """
    UPDATE outbox SET topic = :topic, attempts = 0,
        payload = jsonb_set(payload, '{params,number}', to_jsonb(CAST(:number AS text)))
    WHERE id = :id
    """
)


@dataclass(frozen=True, slots=True)
class Written:
    """A notice in words: the text that counts, and a copy for who reads English."""

    letter: Letter
    english: str | None

    @property
    def sha256(self) -> str:
        """The hash of subject and body, a line apart, in UTF-8."""
        return hashlib.sha256(binding_text(self.letter.subject, self.letter.body)).hexdigest()


def binding_text(subject: str, body: str) -> bytes:
    """The bytes that a notice's hash is of."""
    return f"{subject}\n\n{body}".encode()


def delivering(renderer: Renderer) -> Callable[[AsyncSession, datetime], Awaitable[int]]:
    """The sweep as a tick runs it. That it ran is the sign of life that outages are known by."""

    async def run(session: AsyncSession, now: datetime) -> int:
        dealt_with = await deliver(session, now, renderer)
        await beat(session, now)
        return dealt_with

    return run


async def deliver(
    session: AsyncSession, now: datetime, renderer: Renderer, limit: int = BATCH
) -> int:
    """Serve whom a notice waits for and who has an active account; return how many rows it took.

    What waits for somebody without one stays queued, and is due the moment the account is active.
    A notice of a date that holds no more serves nobody and is laid aside.
    """
    rows = await service_queries.waiting(session, now, limit)
    people = await queries.addressees(session, {row.notice.person_id for row in rows})
    found = await occasions.load(session, {row.notice.session_id for row in rows})
    for row in rows:
        occasion = found.get(row.notice.session_id)
        outcome = await _one(session, row, people[row.notice.person_id], occasion, renderer, now)
        NOTICES.labels(outcome).inc()
    return len(rows)


async def _one(
    session: AsyncSession,
    row: Waiting,
    to: Addressee,
    occasion: Occasion | None,
    renderer: Renderer,
    now: datetime,
) -> str:
    notice = row.notice
    if isinstance(occasion, Summons) and not occasion.tells(notice.occasion, notice.date_no):
        await outbox.done(session, [row.outbox_id])
        return "overtaken"
    notice.method = Method.SANA  # where an officer was to bring it, the account came first
    try:
        if occasion is None:
            raise Unwritable("no session to speak of")
        written = write(notice, to, occasion, renderer, row.outbox_id)
    except Unwritable as error:
        why = str(error) or error.message
        log.warning("notice %d was given up: %s", notice.id, why)
        await outbox.give_up(session, row.outbox_id, why, now)
        return "given_up"
    await into_inbox(session, notice, written, occasion.starts_at, now, row.outbox_id)
    values = {"id": row.outbox_id, "topic": outbox.LETTER, "number": notice.number}
    await session.execute(TELEPHONE, values)
    return "delivered"


def write(
    notice: Notice,
    to: Addressee,
    occasion: Occasion,
    renderer: Renderer,
    outbox_id: int = 0,
) -> Written:
    """Put a notice into words, in Persian, and in English too for who reads it.

    Raises:
        Unwritable: there are no words for it.
    """
    due = Due(
        outbox_id=outbox_id,
        kind=MessageKind.NOTICE,
        to=to,
        session_id=notice.session_id,
        occasion=occasion,
        params=told(notice),
    )
    letter = renderer.render(due, BINDING)
    if to.locale == BINDING:
        return Written(letter, None)
    copy = renderer.render(due, to.locale)
    return Written(letter, f"{copy.subject}\n\n{copy.body}")


def told(notice: Notice) -> Mapping[str, object]:
    """What a renderer is told of a notice."""
    return {
        "notice_id": notice.id,
        "number": notice.number,
        "occasion": notice.occasion,
        "date_no": notice.date_no,
        "method": notice.method,
    }


async def into_inbox(
    session: AsyncSession,
    notice: Notice,
    written: Written,
    starts_at: datetime,
    now: datetime,
    outbox_id: int,
) -> None:
    """Serve: the message, of a session that begins at ``starts_at``, is in the account now."""
    message = keep(notice, written, now, outbox_id)
    session.add(message)
    await session.flush()
    notice.message_id, notice.sha256 = message.id, written.sha256
    notice.delivered_at, notice.starts_at = now, starts_at
    await session.flush()
    detail = {"session": notice.session_id, "method": notice.method, "sha256": notice.sha256}
    await record(session, now, Act("notice.delivered", "notice", notice.id, detail=detail))


def keep(notice: Notice, written: Written, now: datetime, outbox_id: int | None = None) -> Message:
    """A notice as a message of its recipient."""
    return Message(
        person_id=notice.person_id,
        session_id=notice.session_id,
        kind=MessageKind.NOTICE,
        locale=BINDING,
        subject=written.letter.subject,
        body=written.letter.body,
        english=written.english,
        created_at=now,
        reference=notice_reference(notice.id),
        outbox_id=outbox_id,
    )
