from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from remote_court.errors import NotFound
from remote_court.places import Audience
from remote_court.places.opening import (
    AlreadyClosed,
    HoursOutOfOrder,
    OpenHours,
    PastDay,
    close_day,
    reopen_day,
    set_week,
)
from remote_court.places.queries import closures, weeks
from remote_court.scheduling.opening import openings
from tests.world import make_world

TODAY = date(2026, 11, 24)
SUNDAY = date(2026, 11, 29)
DAY = timedelta(days=1)


@pytest.fixture
async def world(session):
    return await make_world(session)


async def open_minutes(world, day: date) -> float:
    known = await openings(world.session, [world.office.id], day, day)
    return sum(interval.minutes for interval in known.common(day, (Audience.ANYONE,)))


async def test_new_hours_hold_from_their_day_on_and_the_old_ones_until_then(world, noon):
    week = [OpenHours(day, time(8), time(10)) for day in range(6)]
    await set_week(world.session, world.manager, world.office.id, week, valid_from=SUNDAY, now=noon)
    assert await open_minutes(world, SUNDAY - DAY) == 390
    assert await open_minutes(world, SUNDAY) == 120
    assert await open_minutes(world, SUNDAY + 7 * DAY) == 120


async def test_hours_entered_twice_for_a_day_count_once(world, noon):
    for hours in (OpenHours(1, time(8), time(10)), OpenHours(1, time(9), time(10))):
        await set_week(
            world.session, world.manager, world.office.id, [hours], valid_from=SUNDAY, now=noon
        )
    assert await open_minutes(world, SUNDAY) == 60
    rows = await weeks(world.session, world.office.id, SUNDAY)
    assert [(row.weekday, row.opens) for row in rows] == [(1, time(9))]


async def test_two_stretches_a_day_may_touch_but_not_overlap(world, noon):
    touching = [OpenHours(1, time(8), time(10)), OpenHours(1, time(10), time(12))]
    await set_week(
        world.session, world.manager, world.office.id, touching, valid_from=SUNDAY, now=noon
    )
    assert await open_minutes(world, SUNDAY) == 240
    overlapping = [OpenHours(1, time(8), time(10)), OpenHours(1, time(9), time(12))]
    with pytest.raises(HoursOutOfOrder):
        await set_week(
            world.session, world.manager, world.office.id, overlapping, valid_from=SUNDAY, now=noon
        )


@pytest.mark.parametrize(("opens", "closes"), [(time(10), time(10)), (time(11), time(10))])
def test_hours_end_after_they_begin(opens, closes):
    with pytest.raises(HoursOutOfOrder):
        OpenHours(0, opens, closes)


async def test_a_day_is_closed_once_and_opened_again(world, noon):
    office = world.office.id
    await close_day(world.session, world.manager, office, day=SUNDAY, reason="برف", now=noon)
    assert await open_minutes(world, SUNDAY) == 0
    assert [c.reason for c in await closures(world.session, office, TODAY, SUNDAY)] == ["برف"]
    with pytest.raises(AlreadyClosed):
        await close_day(world.session, world.manager, office, day=SUNDAY, reason="برف", now=noon)
    await reopen_day(world.session, world.manager, office, SUNDAY, noon)
    assert await open_minutes(world, SUNDAY) == 390
    with pytest.raises(NotFound):
        await reopen_day(world.session, world.manager, office, SUNDAY, noon)


async def test_the_past_is_not_changed(world, noon):
    with pytest.raises(PastDay):
        await close_day(
            world.session, world.manager, world.office.id, day=TODAY - DAY, reason="x", now=noon
        )
    with pytest.raises(PastDay):
        await set_week(
            world.session, world.manager, world.office.id, [], valid_from=TODAY - DAY, now=noon
        )
