from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from remote_court.policy import Policy, defaults
from remote_court.visits.models import VisitKind
from remote_court.visits.request import lengths, times

MINUTE = timedelta(minutes=1)
RULE = Policy.at(defaults(), date(2026, 11, 29))


@pytest.mark.parametrize(
    ("kind", "told", "reserved"), [(VisitKind.FAMILY, 20, 30), (VisitKind.LAWYER, 60, 75)]
)
def test_people_are_told_less_than_the_places_are_kept(kind, told, reserved):
    assert lengths(kind, RULE) == (told * MINUTE, reserved * MINUTE)
    start = datetime(2026, 11, 29, 6, tzinfo=UTC)
    when = times(kind, start, RULE)
    assert (when.told.start, when.told.end) == (start, start + told * MINUTE)
    assert (when.reserved.start, when.reserved.end) == (start, start + reserved * MINUTE)


@pytest.mark.parametrize(
    ("starts_at", "day", "week"),
    [
        # Saturday begins in Tehran while it is still Friday in UTC, and ends before UTC's does.
        (datetime(2026, 11, 27, 20, 29, tzinfo=UTC), date(2026, 11, 27), date(2026, 11, 21)),
        (datetime(2026, 11, 27, 20, 30, tzinfo=UTC), date(2026, 11, 28), date(2026, 11, 28)),
        (datetime(2026, 12, 4, 20, 29, tzinfo=UTC), date(2026, 12, 4), date(2026, 11, 28)),
        (datetime(2026, 12, 4, 20, 30, tzinfo=UTC), date(2026, 12, 5), date(2026, 12, 5)),
    ],
)
def test_the_day_and_the_week_are_those_on_the_wall_in_tehran(starts_at, day, week):
    when = times(VisitKind.FAMILY, starts_at, RULE)
    assert (when.day, when.week) == (day, week)


def test_steps_are_counted_from_midnight_in_tehran():
    nine = datetime(2026, 11, 29, 5, 30, tzinfo=UTC)
    assert times(VisitKind.FAMILY, nine, RULE).since_midnight == timedelta(hours=9)
    odd = nine + timedelta(seconds=1)
    assert times(VisitKind.FAMILY, odd, RULE).since_midnight % timedelta(minutes=15)
