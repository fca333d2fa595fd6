"""Every SELECT of service of process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, cast, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.notices.rebuttals import Rebuttal
from remote_court.notices.service import Notice
from remote_court.outbox import OutboxRow
from remote_court.people import AccountStatus, SanaAccount

told_of: ColumnElement[int] = cast(OutboxRow.payload[("params", "notice_id")].astext, BigInteger)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that can be delivered now, and the row it waits in; both are locked."""

    outbox_id: int
    notice: Notice


async def waiting(session: AsyncSession, now: datetime, limit: int) -> Sequence[Waiting]:
    """Lock notices that wait for an account which is active, those that no other sweep holds."""
    query = (
        select(OutboxRow.id, Notice)
        .join(Notice, Notice.id == told_of)
        .join(SanaAccount, SanaAccount.person_id == Notice.person_id)
        .where(
            OutboxRow.topic == outbox.NOTICE,
            OutboxRow.due_at <= now,
            OutboxRow.gave_up_at.is_(None),
            Notice.delivered_at.is_(None),
            SanaAccount.status == AccountStatus.ACTIVE,
        )
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(limit)
        .with_for_update(of=[OutboxRow, Notice], skip_locked=True)
    )
    return [Waiting(row.id, row.Notice) for row in await session.execute(query)]


async def drop_delivery(session: AsyncSession, notice_id: int) -> None:
    """Take away the row that would bring a notice into an account: it was served otherwise."""
    row = delete(OutboxRow).where(OutboxRow.topic == outbox.NOTICE, told_of == notice_id)
    await session.execute(row)


async def notice(session: AsyncSession, notice_id: int, *, lock: bool = False) -> Notice | None:
    """A notice by its id."""
    query = select(Notice).where(Notice.id == notice_id)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def of_message(session: AsyncSession, message_id: int) -> Notice | None:
    """The notice that a message brought, locked."""
    query = select(Notice).where(Notice.message_id == message_id).with_for_update()
    return (await session.scalars(query)).one_or_none()


async def of_messages(session: AsyncSession, ids: Sequence[int]) -> dict[int, Notice]:
    """Notices by the message that brought each."""
    found = await session.scalars(select(Notice).where(Notice.message_id.in_(ids)))
    return {notice.message_id: notice for notice in found if notice.message_id is not None}


async def rebuttals(session: AsyncSession, notice_ids: Sequence[int]) -> Sequence[Rebuttal]:
    """What was said against the service of notices, the oldest first."""
    query = select(Rebuttal).where(Rebuttal.notice_id.in_(notice_ids)).order_by(Rebuttal.id)
    return (await session.scalars(query)).all()


async def rebuttal(session: AsyncSession, rebuttal_id: int) -> Rebuttal | None:
    """One of them, locked."""
    query = select(Rebuttal).where(Rebuttal.id == rebuttal_id).with_for_update()
    return (await session.scalars(query)).one_or_none()
