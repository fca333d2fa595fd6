"""When a place is open, and when something may begin there."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.calendars.interval import Interval
from remote_court.calendars.jalali import gregorian, weekday
from remote_court.calendars.opening_hours import (
    DaySpan,
    WeeklySpan,
    between,
    on_wall,
    open_intervals,
    starts,
    whole_day,
)

DAY = gregorian(1405, 9, 10)  # a Tuesday
EIGHT, TEN, NOON, TWO = time(8), time(10), time(12), time(14)
MINUTE = timedelta(minutes=1)


def weekly(opens=EIGHT, closes=TWO, **dates):
    dates.setdefault("valid_from", DAY - timedelta(days=100))
    return WeeklySpan(weekday(DAY), opens, closes, **dates)


def test_a_day_is_open_as_its_weekday_says_in_tehran():
    (open_,) = open_intervals(DAY, [weekly()])
    assert open_.start == datetime(2026, 12, 1, 4, 30, tzinfo=UTC)
    assert open_.minutes == 360
    assert open_intervals(DAY + timedelta(days=1), [weekly()]) == []


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "is_open"),
    [(0, None, True), (1, None, False), (-7, 0, True), (-7, -1, False)],
)
def test_hours_hold_from_their_first_day_to_their_last(valid_from, valid_to, is_open):
    span = weekly(
        valid_from=DAY + timedelta(days=valid_from),
        valid_to=None if valid_to is None else DAY + timedelta(days=valid_to),
    )
    assert bool(open_intervals(DAY, [span])) is is_open


def test_spans_that_touch_are_one_and_a_lunch_break_makes_two():
    touching = [weekly(EIGHT, NOON), weekly(NOON, TWO)]
    broken = [weekly(EIGHT, TEN), weekly(NOON, TWO)]
    assert open_intervals(DAY, touching) == [between(DAY, EIGHT, TWO)]
    assert open_intervals(DAY, broken) == [between(DAY, EIGHT, TEN), between(DAY, NOON, TWO)]


def test_special_hours_replace_the_weekly_ones_of_their_day():
    heat = DaySpan(DAY, time(6), TEN)
    assert open_intervals(DAY, [weekly()], exceptions=[heat]) == [between(DAY, time(6), TEN)]
    next_week = DAY + timedelta(days=7)
    assert open_intervals(next_week, [weekly()], exceptions=[heat]) == [
        between(next_week, EIGHT, TWO)
    ]


def test_a_closed_day_is_closed_unless_hours_were_entered_for_that_very_day():
    assert open_intervals(DAY, [weekly()], closed=True) == []
    duty = DaySpan(DAY, EIGHT, TEN)
    assert open_intervals(DAY, [weekly()], closed=True, exceptions=[duty]) == [
        between(DAY, EIGHT, TEN)
    ]


def test_what_is_blocked_is_cut_out():
    found = open_intervals(DAY, [weekly()], blocked=[between(DAY, TEN, NOON)])
    assert found == [between(DAY, EIGHT, TEN), between(DAY, NOON, TWO)]


def test_midnight_is_the_end_of_the_day():
    assert open_intervals(DAY, [weekly(time(20), time(0))]) == [
        Interval(on_wall(DAY, time(20)), whole_day(DAY).end)
    ]
    with pytest.raises(ValueError, match="close after"):
        weekly(TWO, EIGHT)
    with pytest.raises(ValueError, match="close after"):
        DaySpan(DAY, TWO, TWO)


def test_a_visit_of_twenty_minutes_reserves_thirty_and_begins_on_the_quarter_hour():
    found = starts([between(DAY, EIGHT, time(9))], 30 * MINUTE)
    assert found == [on_wall(DAY, time(8, minute)) for minute in (0, 15, 30)]


def test_starts_stand_on_quarter_hours_even_when_the_door_opens_at_ten_past():
    found = starts([between(DAY, time(8, 10), time(9, 5))], 30 * MINUTE)
    assert found == [on_wall(DAY, time(8, 15)), on_wall(DAY, time(8, 30))]


def test_too_short_an_opening_has_no_start():
    assert starts([between(DAY, EIGHT, time(8, 29))], 30 * MINUTE) == []


@pytest.mark.parametrize(("reserved", "step"), [(0, 15), (30, 0), (-1, 15), (30, -15)])
def test_lengths_and_steps_are_positive(reserved, step):
    with pytest.raises(ValueError, match="positive"):
        starts([whole_day(DAY)], reserved * MINUTE, step * MINUTE)


@given(
    st.integers(0, 1300),
    st.integers(1, 139),
    st.sampled_from([20, 30, 45, 60, 75]),
    st.sampled_from([5, 15, 30]),
)
def test_starts_are_exactly_the_steps_that_fit(opens, length, reserved, step):
    midnight = whole_day(DAY).start
    open_ = Interval(midnight + opens * MINUTE, midnight + (opens + length) * MINUTE)
    fit = [m for m in range(0, 1440, step) if opens <= m and m + reserved <= opens + length]
    assert starts([open_], reserved * MINUTE, step * MINUTE) == [midnight + m * MINUTE for m in fit]
