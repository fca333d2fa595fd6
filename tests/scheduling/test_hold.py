from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from remote_court.calendars.interval import Interval
from remote_court.places import UnitKind
from remote_court.scheduling.hold import SlotTaken, claim, hold, keys_of, lock, release
from remote_court.scheduling.models import Reservation, Session
from remote_court.scheduling.wish import Pool, Wish, day_key, days
from tests.world import FREE_START, NOON, make_world, unit

HALF_HOUR = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)
DURING = Interval.lasting(FREE_START, HALF_HOUR)


def wish(*pools: Pool, people: tuple[int, ...] = (), during: Interval = DURING, until=None) -> Wish:
    return Wish(
        kind="test", status="held" if until else "booked", told=during, reserved=during,
        pools=pools, people=people, created_by=None, hold_until=until,
    )  # fmt: skip


async def places_of(session, session_id: int) -> set[int]:
    query = select(Reservation.resource_id).where(Reservation.session_id == session_id)
    return set(await session.scalars(query))


async def test_every_place_is_taken_for_the_whole_time(village):
    pools = (Pool(village.office.id), Pool(village.prison.id))
    got = await hold(village.session, wish(*pools, people=(9, 8, 9)), NOON)
    room, booth = got.unit_ids
    assert (room, booth) == (village.rooms[0].id, village.booths[0].id)
    assert await places_of(village.session, got.session_id) == {room, booth, 8, 9}
    owner = await village.session.get(Session, got.session_id)
    assert (owner.kind, owner.status, owner.starts_at) == ("test", "booked", FREE_START)


async def test_the_plainest_room_that_serves_is_taken_first(village):
    plain, step_free = village.rooms
    office = village.office.id
    for expected in (plain, step_free):
        got = await hold(village.session, wish(Pool(office)), NOON)
        assert got.unit_ids == (expected.id,)
    with pytest.raises(SlotTaken) as taken:
        await hold(village.session, wish(Pool(office)), NOON)
    assert taken.value.resource_id == office


async def test_a_feature_or_a_unit_that_is_asked_for_is_had_or_nothing(village):
    plain, step_free = village.rooms
    need = Pool(village.office.id, frozenset({"step_free"}))
    assert (await hold(village.session, wish(need), NOON)).unit_ids == (step_free.id,)
    with pytest.raises(SlotTaken):
        await hold(village.session, wish(need), NOON)
    exactly = Pool(village.office.id, unit_id=plain.id)
    assert (await hold(village.session, wish(exactly), NOON)).unit_ids == (plain.id,)
    with pytest.raises(SlotTaken):
        await hold(village.session, wish(exactly), NOON)


async def test_a_unit_out_of_service_is_not_had(village):
    for room in village.rooms:
        room.in_service = False
    await village.session.flush()
    with pytest.raises(SlotTaken):
        await hold(village.session, wish(Pool(village.office.id)), NOON)


async def test_two_units_of_one_pool_are_two(village):
    office = Pool(village.office.id)
    got = await hold(village.session, wish(office, office), NOON)
    assert got.unit_ids == tuple(room.id for room in village.rooms)
    with pytest.raises(SlotTaken):
        await hold(village.session, wish(office, office, office), NOON)


async def test_a_person_who_is_taken_is_named_and_nothing_is_written(village):
    await hold(village.session, wish(people=(5,)), NOON)
    with pytest.raises(SlotTaken) as taken:
        await hold(village.session, wish(Pool(village.office.id), people=(4, 5)), NOON)
    assert taken.value.resource_id == 5
    assert len((await village.session.scalars(select(Session))).all()) == 1


async def test_neighbours_in_time_do_not_disturb_each_other(village):
    await hold(village.session, wish(people=(5,)), NOON)
    for shift in (-HALF_HOUR, HALF_HOUR):
        await hold(village.session, wish(people=(5,), during=DURING.shift(shift)), NOON)
    with pytest.raises(SlotTaken):
        await hold(village.session, wish(people=(5,), during=DURING.shift(-MINUTE)), NOON)


@pytest.mark.parametrize(("after", "is_free"), [(-1, False), (0, True), (1, True)])
async def test_a_hold_stands_up_to_its_minute_and_no_longer(village, after, is_free):
    until = NOON + 10 * MINUTE
    mine = await hold(village.session, wish(people=(5, 6), until=until), NOON)
    at = until + after * timedelta(microseconds=1)
    if not is_free:
        with pytest.raises(SlotTaken):
            await hold(village.session, wish(people=(5,)), at)
        return
    await hold(village.session, wish(people=(5,)), at)
    assert await places_of(village.session, mine.session_id) == {6}


async def test_moving_gives_the_old_places_up_in_the_same_stroke(village):
    pools = (Pool(village.office.id),)
    mine = await hold(village.session, wish(*pools, people=(5,)), NOON)
    shifted = wish(*pools, people=(5,), during=DURING.shift(MINUTE))
    await lock(village.session, shifted.lock_keys())
    got = await claim(village.session, shifted, NOON, session_id=mine.session_id)
    assert got == type(got)(mine.session_id, (village.rooms[0].id,))
    rows = await village.session.scalars(select(Reservation))
    assert {row.during.lower for row in rows} == {FREE_START + MINUTE}


async def test_a_move_that_fails_leaves_everything_where_it_was(village):
    mine = await hold(village.session, wish(people=(5,)), NOON)
    later = DURING.shift(HALF_HOUR)
    await hold(village.session, wish(people=(5,), during=later), NOON)
    with pytest.raises(SlotTaken):
        async with village.session.begin_nested():
            await claim(
                village.session, wish(people=(5,), during=later), NOON, session_id=mine.session_id
            )
    assert await places_of(village.session, mine.session_id) == {5}


async def test_keys_of_a_session_are_its_pools_and_people_by_day(village):
    night = Interval.lasting(FREE_START.replace(hour=23), 2 * timedelta(hours=1))
    mine = await hold(
        village.session, wish(Pool(village.office.id), people=(5,), during=night), NOON
    )
    resources = (village.office.id, 5)
    expected = sorted(day_key(r, d) for r in resources for d in days(night))
    assert await keys_of(village.session, mine.session_id) == expected
    await release(village.session, mine.session_id)
    assert await keys_of(village.session, mine.session_id) == []


async def test_the_constraint_refuses_what_slips_past_the_locks(database):
    """Two who take no locks both see the room free; the database lets one of them have it."""
    async with database.transaction() as session:
        world = await make_world(session, rooms=1)
    wanted = wish(Pool(world.office.id))
    async with database.sessions() as one, database.sessions() as two:
        await claim(one, wanted, NOON)
        late = asyncio.create_task(claim(two, wanted, NOON))
        await waits_for_a_lock(database)
        await one.commit()
        with pytest.raises(SlotTaken):
            await late


async def test_two_rooms_do_not_let_one_inmate_be_in_two_talks(database):
    async with database.transaction() as session:
        world = await make_world(session, rooms=4, booths=4)
        session.add_all(unit(UnitKind.ROOM, world.office.id, n, []) for n in range(5, 9))
    pools = (Pool(world.office.id), Pool(world.prison.id))

    async def one(visitor: int) -> bool:
        async with database.sessions() as session:
            try:
                await hold(session, wish(*pools, people=(world.inmate.id, visitor)), NOON)
            except SlotTaken:
                return False
            await session.commit()
            return True

    assert sorted(await asyncio.gather(*(one(10**6 + n) for n in range(16)))) == [False] * 15 + [
        True
    ]


async def waits_for_a_lock(database) -> None:
    """Go on once some statement of this database waits for a lock."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    for _ in range(200):
        async with database.sessions() as session:
            if await session.scalar(query):
                return
        await asyncio.sleep(0.05)
    raise AssertionError("nobody waits")
