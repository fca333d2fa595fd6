"""What notices do by themselves: send the letters that are due."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from prometheus_client import Counter
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.db import Database
from remote_court.notices.claim import Batch, Outgoing, claim, forget_codes, give_up
from remote_court.notices.messages import Message
from remote_court.notices.ports import Carrier, CarrierFailed, Renderer
from remote_court.telemetry import REGISTRY

log = logging.getLogger(__name__)
BATCH: Final = 50
TOGETHER: Final = 10
ROUNDS: Final = 20
PATIENCE_S: Final = 15.0
"""A batch takes at most BATCH / TOGETHER of these, well within its lease."""
LETTERS = Counter(
    "remote_court_letters", "Letters, by what became of them", ["outcome"], registry=REGISTRY
)


@dataclass(frozen=True, slots=True)
class Posted:
    """What a carrier said to a letter: its receipt, or why not."""

    outgoing: Outgoing
    receipt: str = ""
    failure: CarrierFailed | None = None


async def send_letters(
    database: Database,
    now: datetime,
    renderer: Renderer,
    carrier: Carrier,
    *,
    limit: int = BATCH,
) -> int:
    """Send letters that are due; returns how many rows were dealt with.

    Three steps, so that nothing is locked while a gateway thinks: one transaction claims the
    rows (`FOR UPDATE SKIP LOCKED`), writes the inbox and leases the rows; the carrier is asked
    outside any transaction; a second transaction writes down what it said. Who dies in between
    leaves rows whose lease ends, and they are sent again under the same reference: a letter
    leaves at least once, and a carrier that knows its reference sends it once.

    Any number of nodes may run it at once. Call it again while it returns ``limit``.
    """
    async with database.transaction() as session:
        batch = await claim(session, now, renderer, limit)
    _count(batch)
    posted = await post(batch.leaving, carrier)
    if posted:
        async with database.transaction() as session:
            await settle(session, posted, carrier.name, now)
    return batch.taken


def postman(
    database: Database, renderer: Renderer, carrier: Carrier
) -> Callable[[AsyncSession, datetime], Awaitable[int]]:
    """The sweep as a tick runs it: batch after batch while letters are due, some rounds at most.

    It opens transactions of its own; the tick's is not used.
    """

    async def send(_tick: AsyncSession, now: datetime) -> int:
        dealt_with = 0
        for _ in range(ROUNDS):
            taken = await send_letters(database, now, renderer, carrier)
            dealt_with += taken
            if taken < BATCH:
                break
        return dealt_with

    return send


async def post(leaving: Sequence[Outgoing], carrier: Carrier) -> list[Posted]:
    """Hand letters to the carrier, some at a time."""
    gate = asyncio.Semaphore(TOGETHER)

    async def one(outgoing: Outgoing) -> Posted:
        async with gate:
            return await hand_over(outgoing, carrier)

    return list(await asyncio.gather(*map(one, leaving)))


async def hand_over(outgoing: Outgoing, carrier: Carrier) -> Posted:
    """Hand one letter to the carrier, and do not wait for ever."""
    to = outgoing.due.to.mobile
    assert to is not None, "whoever has no telephone is told in the inbox only"
    try:
        async with asyncio.timeout(PATIENCE_S):
            receipt = await carrier.send(to, outgoing.letter.short, outgoing.reference)
    except CarrierFailed as failure:
        return Posted(outgoing, failure=failure)
    except TimeoutError:
        return Posted(outgoing, failure=CarrierFailed("no answer in time"))
    return Posted(outgoing, receipt)


async def settle(
    session: AsyncSession, posted: Sequence[Posted], carrier: str, now: datetime
) -> None:
    """Write down what left and with which receipt; put off what failed, or leave it for good."""
    for each in posted:
        row_id = each.outgoing.due.outbox_id
        if each.failure is None:
            await session.execute(
                update(Message)
                .where(Message.outbox_id == row_id, Message.reference == each.outgoing.reference)
                .values(carrier=carrier, carrier_reference=each.receipt or None, sent_at=now)
            )
            continue
        why = str(each.failure)
        log.warning("%s did not leave by %s: %s", each.outgoing.reference, carrier, why)
        if each.failure.permanent:
            await give_up(session, {row_id: why}, now)
        else:
            await outbox.failed(session, row_id, each.outgoing.attempts, why, now)
    left = [each.outgoing.due.outbox_id for each in posted if each.failure is None]
    await outbox.done(session, left)
    await forget_codes(session, [each.outgoing.due.outbox_id for each in posted if each.failure])
    LETTERS.labels("sent").inc(len(left))
    LETTERS.labels("failed").inc(len(posted) - len(left))


def _count(batch: Batch) -> None:
    LETTERS.labels("finished_without_carrier").inc(len(batch.finished))
    LETTERS.labels("given_up").inc(len(batch.given_up))
    for row_id, why in batch.given_up.items():
        log.warning("letter-%d was given up: %s", row_id, why)
