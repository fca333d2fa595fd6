from __future__ import annotations

from datetime import timedelta

import pytest

from remote_court.scheduling.blocks import lift
from remote_court.scheduling.hold import SlotTaken, hold
from remote_court.scheduling.rehouse import clear_lapsed, locked, rehouse, standing_blocks
from remote_court.scheduling.wish import Pool
from tests.scheduling.test_blocks import close
from tests.scheduling.test_hold import DURING, MINUTE, places_of, wish
from tests.world import NOON


async def test_a_session_goes_into_another_unit_and_nothing_else_of_it_changes(village):
    first, second = village.rooms
    got = await hold(village.session, wish(Pool(village.office.id), people=(5,)), NOON)
    await rehouse(village.session, got.session_id, first.id, second.id)
    assert await places_of(village.session, got.session_id) == {second.id, 5}


async def test_the_database_refuses_a_unit_that_is_taken(village):
    first, second = village.rooms
    got = await hold(village.session, wish(Pool(village.office.id)), NOON)
    await hold(village.session, wish(Pool(village.office.id)), NOON)
    with pytest.raises(SlotTaken) as taken:
        async with village.session.begin_nested():
            await rehouse(village.session, got.session_id, first.id, second.id)
    assert taken.value.resource_id == second.id


async def test_only_lapsed_holds_are_cleared_and_only_in_the_window(village):
    first, second = village.rooms
    until = NOON + MINUTE
    lapsing = await hold(
        village.session, wish(Pool(village.office.id), people=(5,), until=until), NOON
    )
    standing = await hold(village.session, wish(Pool(village.office.id)), NOON)
    every = [first.id, second.id]
    await clear_lapsed(village.session, every, DURING, NOON)
    await clear_lapsed(village.session, every, DURING.shift(timedelta(hours=1)), until)
    assert await places_of(village.session, lapsing.session_id) == {first.id, 5}
    await clear_lapsed(village.session, every, DURING, until)
    assert await places_of(village.session, lapsing.session_id) == {5}
    assert await places_of(village.session, standing.session_id) == {second.id}


async def test_locked_sessions_come_by_id(village):
    ids = [(await hold(village.session, wish(people=(n,)), NOON)).session_id for n in (5, 6)]
    assert list(await locked(village.session, [*reversed(ids), 10**9])) == ids


async def test_standing_blocks_are_neither_lifted_nor_past(village):
    first, second = village.rooms
    one, other = await close(village, first), await close(village, second)
    other.cause = "withdrawn"
    await village.session.flush()
    every = [first.id, second.id]

    async def found(now=NOON, cause=None):
        return [b.id for b, _ in await standing_blocks(village.session, every, now, cause)]

    assert await found() == [one.id, other.id]
    assert await found(cause="withdrawn") == [other.id]
    assert await found(now=DURING.end) == []
    await lift(village.session, one.id, lifted_by=village.manager.person_id, now=NOON)
    assert await found() == [other.id]
