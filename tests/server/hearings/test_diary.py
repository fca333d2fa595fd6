"""The diary by day and week, a judge's day, and what a party sees."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from remote_court.calendars.interval import Interval
from remote_court.calendars.opening_hours import between
from remote_court.hearings.diary_queries import SittingLine
from remote_court.hearings.roles import Mode
from remote_court.hearings.status import Status
from remote_court.server.hearings.diary import entries
from tests.server.hearings.bench import as_person, bench, clerk, judge
from tests.world import NOON

__all__ = ["as_person", "bench", "clerk", "judge"]
MORNING = [between(NOON.date(), time(8), time(14))]


def at(hour: float, minutes: int = 30, status: Status = Status.CONFIRMED) -> SittingLine:
    start = MORNING[0].start + timedelta(hours=hour - 8)
    return SittingLine(
        1, 1, 1, "1", "1", None, "", 1, status, Mode.REMOTE, False, start,
        start + timedelta(minutes=minutes), minutes, 0, 0, 0, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sittings", "free"),
    [
        ([], [(8, 14)]),
        ([at(8), at(8.5)], [(9, 14)]),
        ([at(10, 60)], [(8, 10), (11, 14)]),
        ([at(10, 60), at(10.5, 90)], [(8, 10), (12, 14)]),
        ([at(13.5, 60)], [(8, 13.5)]),
        ([at(7, 30), at(15, 30)], [(8, 14)]),
        ([at(8.1, 354)], []),
        ([at(10, 60, Status.DISPLACED)], [(8, 14)]),
    ],
)
def test_free_times_are_the_courts_hours_without_the_sittings(sittings, free):
    found = [
        ((e.start - MORNING[0].start) / timedelta(hours=1) + 8, e.end)
        for e in entries(MORNING, sittings)
        if e.sitting is None
    ]
    assert [start for start, _ in found] == [start for start, _ in free]
    assert [end for _, end in found] == [
        MORNING[0].start + timedelta(hours=end - 8) for _, end in free
    ]
    assert all(Interval(start, end) for start, end in ((MORNING[0].start, e) for _, e in found))


async def test_the_day_shows_sittings_and_free_times_and_the_week_its_days(clerk, bench):
    root = f"/court/{bench.court.branch.id}"
    day = (await clerk.get(f"{root}/diary")).text
    assert "10:00" in day
    assert "Free, 2 hours and 30 minutes" in day
    assert "1 of 4 served" in day
    week = (await clerk.get(f"{root}/diary/week?day=1405/09/03")).text
    assert week.count('<section class="card') == 7
    friday = (await clerk.get(f"{root}/diary?day=1405/09/06")).text
    assert "The court does not sit" in friday
    assert (await clerk.get(f"{root}/diary?day=nonsense")).status_code == 200


async def test_a_judge_has_a_day_and_a_clerk_has_none(judge, clerk, bench):
    root = f"/court/{bench.court.branch.id}"
    assert "140591000000000001" in (await judge.get(f"{root}/my-day")).text
    assert (await clerk.get(f"{root}/my-day")).status_code == 403
    page = await judge.get(f"{root}/hearings/{bench.sitting}")
    assert "In the SANA account" in page.text


async def test_the_first_page_leads_to_ones_branch(judge, bench):
    lead = await judge.get("/court")
    assert lead.headers["location"] == f"/court/{bench.court.branch.id}"
    shown = await judge.get(lead.headers["location"])
    assert "Welcome, Your Honour" in shown.text
    assert "These need a decision" in shown.text


async def test_a_party_and_a_lawyer_see_when_and_where(bench, as_person):
    for person, role in ((bench.court.world.mother, "Plaintiff"), (bench.lawyer, "Lawyer")):
        page = (await (await as_person(person.id)).get("/hearings")).text
        assert role in page
        assert "Azadi office" in page
        assert "مطالبه" not in page
    stranger = await as_person(bench.court.world.officer.person_id)
    assert "No hearing concerns you." in (await stranger.get("/hearings")).text


async def test_an_office_and_a_prison_see_whom_to_receive_and_nothing_of_the_case(bench, as_person):
    world = bench.court.world
    desk = await as_person(world.clerk.person_id)
    page = (await desk.get(f"/desk/{world.office.id}?day=1405/09/03")).text
    assert "Hearings of the day" in page
    assert "Room without steps" in page
    gate = await as_person(world.officer.person_id)
    prison = (await gate.get(f"/prisons/{world.prison.id}?day=1405/09/03")).text
    assert "Hearings of the day" in prison
    assert "حسین کریمی" in prison
    for shown in (page, prison):
        assert "140591" not in shown
        assert "مطالبه" not in shown
