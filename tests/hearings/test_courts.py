"""A branch's calendar: its province's rest, closures of every width, and its hours."""

from __future__ import annotations

from datetime import date, time

import pytest

from remote_court.calendars.jalali import gregorian
from remote_court.calendars.opening_hours import between
from remote_court.hearings.courts import court
from remote_court.hearings.forums import Forum
from remote_court.places import DayClosure
from tests.world import LONG_AGO

MONDAY, FRIDAY, HOLIDAY = gregorian(1405, 9, 9), gregorian(1405, 9, 6), gregorian(1405, 10, 2)


async def closed(court_world, **scope) -> None:
    court_world.session.add(DayClosure(day=MONDAY, reason="گرما", entered_at=LONG_AGO, **scope))
    await court_world.session.flush()


async def load(court_world):
    return await court(court_world.session, court_world.branch.id, date(2026, 11, 24))


async def test_a_branch_sits_in_the_courts_hours_of_open_days(court_world):
    found = await load(court_world)
    assert found.hours(MONDAY) == [between(MONDAY, time(7, 30), time(14))]
    assert found.hours(FRIDAY) == found.hours(HOLIDAY) == []
    assert found.why_closed(FRIDAY).en == "Friday"
    assert (found.forum, found.province) == (Forum.CIVIL, "23")


@pytest.mark.parametrize(
    ("scope", "is_closed"),
    [("country", True), ("11", False), ("23", True), ("branch", True), ("complex", True),
     ("another", False)],
)  # fmt: skip
async def test_closures_of_every_width_bind_whom_they_name(court_world, scope, is_closed):
    places = {"branch": court_world.branch.id, "complex": court_world.complex.id, "another": 1}
    if scope in places:
        await closed(court_world, place_id=places[scope])
    else:
        await closed(court_world, **({} if scope == "country" else {"province_code": scope}))
    found = await load(court_world)
    assert found.is_closed(MONDAY) is is_closed
    assert found.terms().is_closed(MONDAY) is is_closed


async def test_there_is_no_court_by_an_unknown_number(court_world):
    assert await court(court_world.session, 2**40, MONDAY) is None
