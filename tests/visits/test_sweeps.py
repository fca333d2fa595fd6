from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from remote_court import policy
from remote_court.calendars.opening_hours import whole_day
from remote_court.calls.models import Attendance
from remote_court.people.verify_identity import Document
from remote_court.scheduling.models import Reservation, Session
from remote_court.visits import closures, desk
from remote_court.visits.book import book
from remote_court.visits.check_in import check_in
from remote_court.visits.models import Visit
from remote_court.visits.queries import visits_of
from remote_court.visits.request import Request
from remote_court.visits.sweeps import lapse_displaced, no_shows
from tests.visits.stage import SUNDAY, acts, booked, letters, status_of, visit_of
from tests.world import FREE_START, make_world

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def world(session):
    return await make_world(session)


@pytest.fixture
async def rule(world, noon):
    return await policy.current(world.session, noon.date())


@pytest.fixture
async def made(world, noon, rule):
    request = Request(
        inmate_id=world.inmate.id,
        office_id=world.office.id,
        starts_at=FREE_START,
        visitor_ids=(world.mother.id,),
        booked_for=world.mother.id,
    )
    return await book(world.session, world.actor(world.mother), request, noon, rule)


async def test_nobody_came_and_the_places_are_free_again(world, made):
    assert await no_shows(world.session, FREE_START + 15 * MINUTE) == 0
    assert await no_shows(world.session, FREE_START + 16 * MINUTE) == 1
    assert await no_shows(world.session, FREE_START + 17 * MINUTE) == 0
    owner = await world.session.get(Session, made.id)
    visit = await world.session.get(Visit, made.id)
    assert (owner.status, visit.lost_reason) == ("no_show", "visitor_absent")
    assert await world.session.scalar(select(func.count()).select_from(Reservation)) == 0


async def test_who_was_at_the_desk_in_time_did_not_miss_it(world, made, rule):
    sighted = {world.mother.id: Document.NATIONAL_CARD}
    await check_in(world.session, world.clerk, made.id, sighted, FREE_START, rule)
    assert await no_shows(world.session, FREE_START + 60 * MINUTE) == 0


async def test_who_stood_in_the_call_did_not_miss_it(world, made):
    world.session.add(
        Attendance(
            session_id=made.id,
            person_id=world.mother.id,
            role="visitor",
            connection_id="c1",
            arrived_at=FREE_START,
        )
    )
    await world.session.flush()
    assert await no_shows(world.session, FREE_START + 60 * MINUTE) == 0


@pytest.fixture
async def displaced(world, made, noon):
    """The visit, whose office closed for its day; and the last instant of that day."""
    await closures.close_day(
        world.session, world.manager, world.office.id, SUNDAY, reason="نشت آب", now=noon
    )
    assert await status_of(world, made.id) == "displaced"
    return made, whole_day(SUNDAY).end - timedelta(seconds=1)


async def test_a_displaced_visit_lapses_when_its_day_has_passed_with_its_cause(world, displaced):
    made, evening = displaced
    assert await lapse_displaced(world.session, evening) == 0
    assert await lapse_displaced(world.session, evening + MINUTE) == 1
    assert await lapse_displaced(world.session, evening + MINUTE) == 0
    assert await status_of(world, made.id) == "lapsed"
    visit = await visit_of(world, made.id)
    assert (visit.displaced_reason, visit.counts_as_used) == ("نشت آب", False)
    (act,) = await acts(world, "visit.lapsed")
    assert act.detail == {"cause": "displaced", "reason": "نشت آب"}
    (told,) = await letters(world, "lapsed")
    assert told["params"] == {"displaced": True, "reason": "نشت آب"}
    assert told["person_id"] == world.mother.id


async def test_a_lapsed_visit_is_not_to_be_rebooked_but_stays_among_ones_own(world, displaced):
    made, evening = displaced
    assert [line.id for line in await desk.displaced(world.session, world.office.id)] == [made.id]
    await lapse_displaced(world.session, evening + MINUTE)
    assert await desk.displaced(world.session, world.office.id) == []
    assert await desk.displaced_count(world.session, world.office.id) == 0
    assert [v.id for v in await visits_of(world.session, world.mother.id)] == [made.id]


async def test_a_lapsed_visit_leaves_the_weeks_allowance(world, displaced):
    _, evening = displaced
    await lapse_displaced(world.session, evening + MINUTE)
    again = await booked(
        world, evening - timedelta(days=4), starts_at=FREE_START + 26 * 60 * MINUTE
    )
    assert again.status == "booked"
