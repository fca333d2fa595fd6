"""Reminders of a hearing leave in their time, to its people, while it stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from remote_court.hearings.in_letters import look
from remote_court.hearings.letters import letter, reminders
from remote_court.notices.messages import MessageKind
from remote_court.policy import Policy
from remote_court.policy.shipped import defaults
from tests.hearings.sitting import sit
from tests.world import FREE_START

RULE = Policy.at(defaults(), FREE_START.date())


@pytest.mark.parametrize(
    ("before", "hours"),
    [
        (timedelta(days=9), [72, 24, 2]),
        (timedelta(hours=72), [24, 2]),
        (timedelta(hours=3), [2]),
        (timedelta(minutes=5), []),
    ],
)
def test_reminders_are_due_three_days_one_day_and_two_hours_before(before, hours):
    rows = reminders(4, 7, FREE_START, FREE_START - before, RULE)
    assert [row["payload"]["params"]["hours"] for row in rows] == hours
    assert [row["due_at"] for row in rows] == [FREE_START - timedelta(hours=h) for h in hours]
    assert {row["payload"]["kind"] for row in rows} <= {MessageKind.REMINDER}


def test_a_letter_names_whom_it_is_for_and_of_which_session():
    row = letter(MessageKind.LATE, 4, 7, FREE_START, minutes=20)
    assert row["payload"] == {
        "kind": "late", "person_id": 4, "session_id": 7, "params": {"minutes": 20},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "stands"),
    [
        ("provisional", True), ("confirmed", True), ("displaced", False), ("in_progress", False),
        ("held", False), ("not_held", False), ("adjourned", False), ("cancelled", False),
    ],
)  # fmt: skip
async def test_people_are_expected_while_it_stands(court_world, noon, status, stands):
    hearing = await sit(court_world, now=noon, status=status)
    occasion = (await look(court_world.session, [hearing.id]))[hearing.id]
    assert (occasion.stands, occasion.starts_at) == (stands, FREE_START)


@pytest.mark.parametrize(
    ("case", "hearing", "guarded"),
    [
        ({}, {}, False),
        ({"sensitive": True}, {}, True),
        ({"juvenile": True}, {}, True),
        ({}, {"closed_reason": "family"}, True),
    ],
)
async def test_what_is_closed_or_sensitive_is_guarded(court_world, noon, case, hearing, guarded):
    for name, value in case.items():
        setattr(court_world.case, name, value)
    made = await sit(court_world, now=noon, **hearing)
    occasion = (await look(court_world.session, [made.id]))[made.id]
    assert occasion.hearing.guarded is guarded
    assert occasion.court_id == court_world.branch.id
    people = {court_world.plaintiff, court_world.defendant, court_world.lawyer}
    assert {part.person_id for part in occasion.hearing.parts} == {one.person_id for one in people}
    assert {part.place["en"] for part in occasion.hearing.parts} == {"Azadi office"}


async def test_what_is_no_hearing_is_left_out(court_world):
    assert await look(court_world.session, [999_999]) == {}
