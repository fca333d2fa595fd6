from __future__ import annotations

from datetime import date, timedelta

import pytest

from remote_court.notices.messages import MessageKind
from remote_court.policy import Policy, defaults
from remote_court.visits import letters
from tests.world import FREE_START, NOON

RULE = Policy.at(defaults(), date(2026, 11, 29))
HOUR = timedelta(hours=1)


def test_a_letter_names_its_person_its_visit_and_what_it_needs():
    row = letters.letter(MessageKind.MOVED, 7, 9, NOON, room_id=3)
    assert (row["topic"], row["due_at"]) == ("letter", NOON)
    assert row["payload"] == {
        "kind": "moved", "person_id": 7, "session_id": 9, "params": {"room_id": 3},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "hours"),
    [(48, [24, 2]), (24, [2]), (3, [2]), (2, []), (1, [])],
)
def test_reminders_leave_later_and_never_for_a_time_gone_by(before, hours):
    rows = letters.reminders(7, 9, FREE_START, FREE_START - before * HOUR, RULE)
    assert [row["payload"]["params"]["hours"] for row in rows] == hours
    assert [row["due_at"] for row in rows] == [FREE_START - h * HOUR for h in hours]
    starts = {row["payload"]["params"]["starts_at"] for row in rows}
    assert starts <= {FREE_START.isoformat()}


def test_boards_of_both_places_and_who_looks_at_the_visit_hear_of_it():
    rows = letters.live(9, 1, 2, NOON)
    assert [row["payload"]["channel"] for row in rows] == ["office:1", "prison:2", "visit:9"]
    assert all(row["payload"]["id"] == 9 for row in rows)
