"""What a carrier says of a text is kept once; what arrived stays arrived."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from remote_court.notices.messages import Arrival, Message
from remote_court.notices.receipts import Receipt, take
from tests.sharing import rolled_back, shared_database, village

__all__ = ["rolled_back", "shared_database", "village"]
SECOND = timedelta(seconds=1)
D, F = Arrival.DELIVERED, Arrival.FAILED


async def message(village, noon, *, sent=True, reference="letter-1") -> Message:
    made = Message(
        person_id=village.mother.id, kind="account", locale="fa", subject="ا", body="ب",
        created_at=noon, reference=reference, sent_at=noon if sent else None,
    )  # fmt: skip
    village.session.add(made)
    await village.session.flush()
    return made


async def now_of(village, made) -> tuple[Arrival | None, object]:
    await village.session.refresh(made)
    return made.arrival, made.arrived_at


@pytest.mark.parametrize("order", list(itertools.permutations([(F, 1), (D, 2), (F, 3)])))
async def test_what_arrived_stays_arrived_in_whatever_order_it_is_told(village, noon, order):
    made = await message(village, noon)
    for arrival, after in order:
        assert await take(village.session, [Receipt("letter-1", arrival, noon + after * SECOND)])
    assert await now_of(village, made) == (D, noon + 2 * SECOND)


async def test_telling_it_again_changes_nothing_and_is_known(village, noon):
    made = await message(village, noon)
    receipt = Receipt("letter-1", F, noon + SECOND)
    assert [await take(village.session, [receipt]) for _ in range(3)] == [1, 1, 1]
    assert await now_of(village, made) == (F, noon + SECOND)


async def test_the_latest_failure_counts_while_nothing_arrived(village, noon):
    made = await message(village, noon)
    await take(village.session, [Receipt("letter-1", F, noon + n * SECOND) for n in (3, 1)])
    assert await now_of(village, made) == (F, noon + 3 * SECOND)


async def test_what_we_never_sent_is_unknown(village, noon):
    made = await message(village, noon, sent=False)
    there = [Receipt("letter-1", D, noon), Receipt("letter-2", D, noon)]
    assert await take(village.session, there) == 0
    assert await now_of(village, made) == (None, None)
