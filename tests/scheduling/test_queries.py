from __future__ import annotations

from datetime import timedelta

from remote_court.calendars.interval import Interval
from remote_court.scheduling.availability import Taken
from remote_court.scheduling.hold import hold
from remote_court.scheduling.queries import sessions_touching, taken, units_of
from remote_court.scheduling.wish import Pool
from tests.scheduling.test_hold import DURING, HALF_HOUR, MINUTE, wish
from tests.world import FREE_START, NOON

BEFORE = Interval(FREE_START - HALF_HOUR, FREE_START)


async def test_taken_is_what_touches_the_window_and_has_not_lapsed(village):
    until = NOON + 10 * MINUTE
    await hold(village.session, wish(people=(5,)), NOON)
    held = await hold(village.session, wish(people=(6,), until=until), NOON)
    five, six = (Taken(who, DURING.start, DURING.end) for who in (5, 6))

    async def found(window=DURING, now=NOON, **more):
        rows = await taken(village.session, [5, 6, 7], window, now, **more)
        return sorted(rows, key=lambda row: row.resource_id)

    assert await found() == [five, six]
    assert await found(now=until) == [five]
    assert await found(ignoring=[held.session_id]) == [five]
    assert await found(BEFORE) == []
    assert await taken(village.session, [7], DURING, NOON) == []


async def test_sessions_touching_come_in_order_and_name_their_unit(village):
    first, second = village.rooms
    late = DURING.shift(HALF_HOUR)
    one = await hold(
        village.session, wish(Pool(village.office.id, unit_id=second.id), during=late), NOON
    )
    other = await hold(village.session, wish(Pool(village.office.id, unit_id=first.id)), NOON)
    lapsing = wish(Pool(village.office.id, unit_id=second.id), until=NOON + MINUTE)
    await hold(village.session, lapsing, NOON)
    window = Interval(DURING.start, late.end)
    found = await sessions_touching(village.session, [first.id, second.id], window, NOON + MINUTE)
    assert [(t.session_id, t.unit_id, t.told) for t in found] == [
        (other.session_id, first.id, DURING),
        (one.session_id, second.id, late),
    ]
    assert len(await sessions_touching(village.session, [second.id], window, NOON)) == 2


async def test_units_of_a_pool_are_those_in_service_with_the_features_asked_for(village):
    plain, step_free = village.rooms
    office, prison = village.office.id, village.prison.id
    booths = sorted(booth.id for booth in village.booths)
    found = await units_of(village.session, [office, prison], {office: frozenset({"step_free"})})
    assert (found[office], sorted(found[prison])) == ([step_free.id], booths)
    step_free.in_service = False
    await village.session.flush()
    assert await units_of(village.session, [office, 10**9]) == {office: [plain.id], 10**9: []}


async def test_a_window_longer_than_the_session_finds_it_once(village):
    got = await hold(village.session, wish(Pool(village.office.id)), NOON)
    month = Interval(FREE_START - timedelta(days=30), FREE_START + timedelta(days=30))
    found = await sessions_touching(village.session, [r.id for r in village.rooms], month, NOON)
    assert [t.session_id for t in found] == [got.session_id]
