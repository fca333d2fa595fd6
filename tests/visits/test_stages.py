from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from remote_court.visits.desk import DeskLine
from remote_court.visits.models import VisitKind
from remote_court.visits.stages import STAGE_OF, Stage, counted, stage
from remote_court.visits.status import Status

START = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def line(status: Status, checked_in_at: datetime | None = None) -> DeskLine:
    return DeskLine(
        id=1, kind=VisitKind.FAMILY, status=status, tracking_code="x", starts_at=START,
        ends_at=START + 20 * MINUTE, room_id=1, rooms={"fa": "ا", "en": "R"},
        prisons={"fa": "ز", "en": "P"}, inmate="i", booked_for=1, holder="h", mobile=None,
        operator=None, needs_step_free=False, needs_interpreter=False,
        interpreter=None,
        checked_in_at=checked_in_at, displaced_reason=None, lost_reason=None, call=None, guests=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("checked_in", "minutes", "expected"),
    [
        (False, -1, Stage.EXPECTED),
        (False, 0, Stage.LATE),
        (True, -1, Stage.HERE),
        (True, 9, Stage.HERE),
    ],
)
def test_a_booked_visit_stands_where_the_clock_and_the_desk_say(checked_in, minutes, expected):
    booked = line(Status.BOOKED, START if checked_in else None)
    assert stage(booked, START + minutes * MINUTE) is expected


def test_every_other_state_has_its_stage():
    assert STAGE_OF.keys() == set(Status) - {Status.BOOKED}
    for status, expected in STAGE_OF.items():
        assert stage(line(status), START) is expected


def test_stages_are_counted_with_the_empty_ones():
    counts = counted([Stage.HERE, Stage.HERE, Stage.LATE])
    assert (counts[Stage.HERE], counts[Stage.LATE], counts[Stage.DONE]) == (2, 1, 0)
