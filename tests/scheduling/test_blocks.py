from __future__ import annotations

import pytest

from remote_court.errors import NotFound
from remote_court.scheduling.blocks import BLOCK, LIFTED, STANDS, block, lift
from remote_court.scheduling.hold import SlotTaken, hold
from remote_court.scheduling.models import Session
from remote_court.scheduling.wish import Pool
from tests.scheduling.test_hold import DURING, wish
from tests.world import NOON


async def close(world, room):
    return await block(
        world.session, world.office.id, room.id, DURING,
        reason="تعمیر", entered_by=world.manager.person_id, now=NOON,
    )  # fmt: skip


async def test_a_blocked_room_is_not_had_until_the_block_is_lifted(village):
    first, second = village.rooms
    made = await close(village, first)
    owner = await village.session.get(Session, made.id)
    assert (owner.kind, owner.status, made.reason) == (BLOCK, STANDS, "تعمیر")
    pool = Pool(village.office.id)
    assert (await hold(village.session, wish(pool), NOON)).unit_ids == (second.id,)
    with pytest.raises(SlotTaken):
        await hold(village.session, wish(pool), NOON)
    lifted = await lift(village.session, made.id, lifted_by=village.manager.person_id, now=NOON)
    assert (lifted.lifted_at, owner.status) == (NOON, LIFTED)
    assert (await hold(village.session, wish(pool), NOON)).unit_ids == (first.id,)


async def test_a_block_does_not_push_anybody_out(village):
    await hold(village.session, wish(Pool(village.office.id)), NOON)
    with pytest.raises(SlotTaken):
        await close(village, village.rooms[0])


async def test_a_block_is_lifted_once(village):
    made = await close(village, village.rooms[0])
    await lift(village.session, made.id, lifted_by=village.manager.person_id, now=NOON)
    for missing in (made.id, 10**9):
        with pytest.raises(NotFound):
            await lift(village.session, missing, lifted_by=village.manager.person_id, now=NOON)
