"""What notices do by themselves: send the letters that are due."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from prometheus_client import Counter
from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.db import Database, Instant
from remote_court.notices.claim import Batch, Outgoing, claim, forget_codes
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
SENT = text(
    """
    UPDATE message SET carrier = :carrier, carrier_reference = told.receipt, sent_at = :now
    FROM unnest(:references, :receipts) AS told (reference, receipt)
    WHERE message.reference = told.reference
    """
).bindparams(
    bindparam("references", type_=ARRAY(Text)),
    bindparam("receipts", type_=ARRAY(Text)),
    bindparam("now", type_=Instant),
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
            receipt = await carrier.send(
                to, outgoing.letter.short, outgoing.reference, outgoing.channel
            )
    except CarrierFailed as failure:
        return Posted(outgoing, failure=failure)
    except TimeoutError:
        return Posted(outgoing, failure=CarrierFailed("no answer in time"))
    return Posted(outgoing, receipt)


async def settle(
    session: AsyncSession, posted: Sequence[Posted], carrier: str, now: datetime
) -> None:
    """Write down what left and with which receipt; put off what failed, or leave it for good."""
    left = [each for each in posted if each.failure is None]
    values = {
        "references": [each.outgoing.reference for each in left],
        "receipts": [each.receipt or None for each in left],
        "carrier": carrier,
        "now": now,
    }
    await session.execute(SENT, values)
    await outbox.done(session, [each.outgoing.due.outbox_id for each in left])
    failed = [(each.outgoing, each.failure) for each in posted if each.failure is not None]
    for outgoing, failure in failed:
        await _put_off(session, outgoing, failure, carrier, now)
    await forget_codes(session, [outgoing.due.outbox_id for outgoing, _ in failed])
    LETTERS.labels("sent").inc(len(left))
    LETTERS.labels("failed").inc(len(failed))


async def _put_off(
    session: AsyncSession, outgoing: Outgoing, failure: CarrierFailed, carrier: str, now: datetime
) -> None:
    row_id, why = outgoing.due.outbox_id, str(failure)
    log.warning("%s did not leave by %s: %s", outgoing.reference, carrier, why)
    if failure.permanent:
        await outbox.give_up(session, row_id, why, now)
    else:
        await outbox.failed(session, row_id, outgoing.attempts, why, now)


def _count(batch: Batch) -> None:
    LETTERS.labels("finished_without_carrier").inc(len(batch.finished))
    LETTERS.labels("given_up").inc(len(batch.given_up))
    for row_id, why in batch.given_up.items():
        log.warning("letter-%d was given up: %s", row_id, why)
