"""The week, from Saturday to Friday."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.calendars.week import Week, weekdays


@given(st.dates(date(1960, 1, 1), date(2100, 1, 1)))
def test_a_day_lies_in_exactly_one_week(day):
    week = Week.of(day)
    assert day in week
    assert day not in week.next()
    assert day not in week.previous()
    assert week.next().previous() == week
    assert list(week) == [week.first + timedelta(days=n) for n in range(7)]
    assert week.last == list(week)[-1]


def test_a_week_begins_on_saturday():
    assert Week.of(date(2026, 12, 1)) == Week(date(2026, 11, 28))
    with pytest.raises(ValueError, match="Saturday"):
        Week(date(2026, 12, 1))


def test_weekdays_are_named_in_policy_and_counted_in_code():
    assert weekdays(["thu", "fri"]) == {5, 6}
    with pytest.raises(ValueError, match="not in tuple"):
        weekdays(["thursday"])
