"""Take letters that are due: decide what becomes of each, write it to the inbox, lease its row."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ARRAY, BigInteger, bindparam, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.notices import occasions, queries
from remote_court.notices.messages import Message, MessageKind
from remote_court.notices.ports import Due, Letter, Renderer, Unwritable
from remote_court.notices.queries import DueRow
from remote_court.notices.quiet import quiet_until
from remote_court.notices.service import notice_reference
from remote_court.people import Channel

LEASE: Final = timedelta(minutes=2)
"""How long a claimed letter is ours; longer than a whole batch can take to send."""
AT_ANY_HOUR: Final = frozenset({MessageKind.CODE, MessageKind.ACCOUNT})
"""What somebody waits for, or must hear of at once, also in quiet hours."""
EXPIRED, NO_TELEPHONE = "the code was over before it left", "no telephone number"
FORGET_CODES = text(
    """
    UPDATE outbox SET payload = payload #- '{params,code}'
    WHERE id = ANY(:ids) AND gave_up_at IS NOT NULL
    """
).bindparams(bindparam("ids", type_=ARRAY(BigInteger)))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter that is written and waits for its carrier."""

    due: Due
    letter: Letter
    attempts: int

    @property
    def reference(self) -> str:
        """What names it, however often it is tried and whoever wrote its row."""
        return reference(self.due)

    @property
    def channel(self) -> Channel:
        """By what it reaches the telephone; a code is always written, to be read again."""
        return Channel.TEXT if self.due.kind is MessageKind.CODE else self.due.to.channel


@dataclass(slots=True)
class Batch:
    """What became of the rows that were taken: ids, and letters that leave now or later."""

    taken: int
    leaving: list[Outgoing] = field(default_factory=list)
    resting: list[int] = field(default_factory=list)
    finished: list[int] = field(default_factory=list)
    given_up: dict[int, str] = field(default_factory=dict)


def reference(due: Due) -> str:
    """The row's number; a reminder is told once for a start, from however many rows.

    A notice is in the inbox already when its telephone is told of it.
    """
    if due.kind is MessageKind.NOTICE:
        return notice_reference(due.params["notice_id"])
    if due.kind is MessageKind.REMINDER and (hours := due.params.get("hours")):
        start = int(told_start(due).timestamp())
        return f"reminder-{due.session_id}-{due.to.id}-{start}-{hours}"
    return f"letter-{due.outbox_id}"


def told_start(due: Due) -> datetime:
    """The start that a reminder reminds of.

    Raises:
        Unwritable: it names none.
    """
    try:
        return datetime.fromisoformat(due.params["starts_at"])
    except (KeyError, TypeError, ValueError) as error:
        raise Unwritable("a reminder without its start") from error


def obsolete(due: Due, now: datetime) -> bool:
    """Whether a reminder speaks of a start at which nobody is expected any more."""
    if due.kind is not MessageKind.REMINDER:
        return False
    start, occasion = told_start(due), due.occasion
    return start <= now or not (occasion and occasion.stands and occasion.starts_at == start)


def over(due: Due, now: datetime) -> bool:
    """Whether the one-time code in a letter is good for nothing any more."""
    expires = due.params.get("expires_at") if due.kind is MessageKind.CODE else None
    return expires is not None and datetime.fromisoformat(expires) <= now


async def claim(session: AsyncSession, now: datetime, renderer: Renderer, limit: int) -> Batch:
    """Take due letters in the caller's transaction; what leaves is leased when it commits.

    A letter is written to the inbox here, once, before any carrier is asked: the inbox does not
    depend on the telephone.
    """
    rows = await queries.due(session, now, limit)
    batch = Batch(len(rows))
    attempts = {row.id: row.attempts for row in rows}
    written: list[Outgoing] = []
    for due in await _read(session, rows, batch):
        try:
            if obsolete(due, now):
                batch.finished.append(due.outbox_id)
            elif over(due, now):
                batch.given_up[due.outbox_id] = EXPIRED
            else:
                letter = renderer.render(due, due.to.locale)
                written.append(Outgoing(due, letter, attempts[due.outbox_id]))
                # Fifty take some 60 ms to write: let the calls in this process go on.
                await asyncio.sleep(0)
        except Unwritable as error:
            batch.given_up[due.outbox_id] = str(error) or error.message
    fresh = await _to_inbox(session, written, batch, now)
    morning = await quiet_until(session, now) if fresh else None
    _address(fresh, batch, morning)
    await outbox.lease(session, [o.due.outbox_id for o in batch.leaving], now + LEASE)
    if morning is not None:
        await outbox.lease(session, batch.resting, morning)
    await outbox.done(session, batch.finished)
    await give_up(session, batch.given_up, now)
    return batch


async def give_up(session: AsyncSession, rows: dict[int, str], now: datetime) -> None:
    """Leave rows to the operator, without the codes they carried."""
    for row_id, why in rows.items():
        await outbox.give_up(session, row_id, why, now)
    await forget_codes(session, list(rows))


async def forget_codes(session: AsyncSession, ids: Sequence[int]) -> None:
    """Take the codes out of those rows that were given up."""
    if ids:
        await session.execute(FORGET_CODES, {"ids": list(ids)})


async def _read(session: AsyncSession, rows: Sequence[DueRow], batch: Batch) -> list[Due]:
    people = await queries.addressees(session, {row.payload.get("person_id", 0) for row in rows})
    spoken_of = {sid for row in rows if (sid := row.payload.get("session_id"))}
    found = await occasions.load(session, spoken_of)
    dues: list[Due] = []
    for row in rows:
        told = row.payload
        to = people.get(told.get("person_id", 0))
        if to is None or told.get("kind") not in set(MessageKind):
            batch.given_up[row.id] = "nobody to tell, or nothing known to tell"
            continue
        session_id = told.get("session_id")
        dues.append(
            Due(
                outbox_id=row.id,
                kind=MessageKind(told["kind"]),
                to=to,
                session_id=session_id,
                occasion=found.get(session_id or 0),
                params=told.get("params") or {},
            )
        )
    return dues


async def _to_inbox(
    session: AsyncSession, written: Sequence[Outgoing], batch: Batch, now: datetime
) -> list[Outgoing]:
    """Keep each letter as a message once; those that were sent already go no further."""
    kept = {o.reference: o for o in written if o.due.kind is not MessageKind.CODE}
    values = [_message(outgoing, now) for outgoing in sorted(kept.values(), key=_order)]
    if values:
        await session.execute(insert(Message).on_conflict_do_nothing(), values)
    there = await queries.written(session, kept)
    fresh: list[Outgoing] = []
    for outgoing in written:
        row_id = outgoing.due.outbox_id
        message = there.get(outgoing.reference)
        if message and (message.sent or message.outbox_id != row_id):
            batch.finished.append(row_id)
        else:
            fresh.append(outgoing)
    return fresh


def _order(outgoing: Outgoing) -> tuple[str, int]:
    # As they were written; reminders, whose references two sweeps may share, in one order
    # everywhere: sweeps that meet in one wait, and do not deadlock.
    shared = outgoing.due.kind is MessageKind.REMINDER
    return outgoing.reference if shared else "", outgoing.due.outbox_id


def _message(outgoing: Outgoing, now: datetime) -> dict[str, object]:
    due, letter = outgoing.due, outgoing.letter
    return {
        "person_id": due.to.id,
        "session_id": due.session_id,
        "kind": due.kind,
        "locale": due.to.locale,
        "subject": letter.subject,
        "body": letter.body,
        "created_at": now,
        "reference": outgoing.reference,
        "outbox_id": due.outbox_id,
    }


def _address(fresh: Sequence[Outgoing], batch: Batch, morning: datetime | None) -> None:
    for outgoing in fresh:
        due = outgoing.due
        if due.to.mobile and morning is not None and due.kind not in AT_ANY_HOUR:
            batch.resting.append(due.outbox_id)
        elif due.to.mobile:
            batch.leaving.append(outgoing)
        elif due.kind is MessageKind.CODE:
            batch.given_up[due.outbox_id] = NO_TELEPHONE
        else:
            batch.finished.append(due.outbox_id)
