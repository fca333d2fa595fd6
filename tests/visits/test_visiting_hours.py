from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from remote_court.errors import NotFound, RuleRefused
from remote_court.people import Role
from remote_court.places import Audience
from remote_court.places.opening import HoursOutOfOrder, PastDay
from remote_court.places.queries import weeks
from remote_court.visits.visiting_hours import VisitingHours, Week, change, outside
from tests.visits.stage import acts, booked, letters, status_of
from tests.world import make_world

TODAY = date(2026, 11, 24)


def week(audience=Audience.ANYONE, opens=time(7, 30), valid_from=TODAY):
    hours = tuple(VisitingHours(day, opens, time(14), audience) for day in range(6))
    return Week(hours, valid_from)


@pytest.fixture
async def world(session):
    return await make_world(session)


async def test_a_day_for_men_displaces_a_mothers_visit(world, noon):
    visit = await booked(world, noon)
    touched = await outside(world.session, world.prison.id, week(Audience.MEN), noon)
    assert [t.session_id for t in touched] == [visit.id]
    plan = await change(world.session, world.officer, world.prison.id, week(Audience.MEN), noon)
    assert plan.touched == 1
    assert await status_of(world, visit.id) == "displaced"
    assert len(await letters(world, "displaced")) == 1
    with pytest.raises(RuleRefused) as refused:
        await booked(world, noon, await world.relative())
    assert "other-gender-day" in [r.code for r in refused.value.reasons]


async def test_a_day_for_women_leaves_it(world, noon):
    visit = await booked(world, noon)
    await change(world.session, world.officer, world.prison.id, week(Audience.WOMEN), noon)
    assert await status_of(world, visit.id) == "booked"
    (act,) = await acts(world, "prison.hours_set")
    assert act.detail["week"][0] == "0 07:30-14:00 women"


async def test_later_hours_displace_earlier_visits_only_from_their_day_on(world, noon):
    visit = await booked(world, noon)
    late = week(opens=time(11), valid_from=TODAY + timedelta(days=14))
    assert await outside(world.session, world.prison.id, late, noon) == []
    await change(world.session, world.officer, world.prison.id, late, noon)
    assert await status_of(world, visit.id) == "booked"
    rows = await weeks(world.session, world.prison.id, TODAY)
    assert {(r.opens, r.valid_to is None) for r in rows} == {(time(7, 30), False), (time(11), True)}


async def test_hours_must_be_in_order_and_not_of_yesterday(world, noon):
    with pytest.raises(HoursOutOfOrder):
        VisitingHours(0, time(10), time(9))
    with pytest.raises(HoursOutOfOrder):
        Week(
            (
                VisitingHours(0, time(8), time(12), Audience.WOMEN),
                VisitingHours(0, time(11), time(14), Audience.MEN),
            ),
            TODAY,
        )
    with pytest.raises(PastDay):
        await change(
            world.session,
            world.officer,
            world.prison.id,
            week(valid_from=TODAY - timedelta(days=1)),
            noon,
        )


async def test_only_the_prisons_own_officer_sets_them(world, noon):
    other = await world.staff(Role.PRISON_OFFICER, world.prison.id + 9_000)
    with pytest.raises(NotFound):
        await change(world.session, other, world.prison.id, week(), noon)
