"""What a carrier says later of the texts it took: arrived at the telephone, or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.notices.messages import Arrival, Message


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of the text with this reference, at a moment of the carrier's clock."""

    reference: str
    arrival: Arrival
    at: datetime


async def take(session: AsyncSession, receipts: Sequence[Receipt]) -> int:
    """Write receipts down and return how many speak of texts of ours.

    Told again they change nothing. What arrived stays arrived, whatever is said later; else the
    latest word counts.
    """
    known = 0
    for receipt in sorted(receipts, key=lambda one: (one.at, one.reference)):
        known += await _one(session, receipt)
    return known


async def _one(session: AsyncSession, receipt: Receipt) -> int:
    ours = Message.reference == receipt.reference, Message.sent_at.is_not(None)
    fresh = or_(
        Message.arrival.is_(None),
        (Message.arrival != Arrival.DELIVERED) & (Message.arrived_at < receipt.at),
        (Message.arrival != Arrival.DELIVERED) & (receipt.arrival is Arrival.DELIVERED),
    )
    change = update(Message).where(*ours, fresh)
    change = change.values(arrival=receipt.arrival, arrived_at=receipt.at).returning(Message.id)
    if (await session.execute(change)).first() is not None:
        return 1
    return int((await session.scalars(select(Message.id).where(*ours))).first() is not None)
