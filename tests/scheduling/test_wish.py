from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from remote_court.calendars.interval import Interval
from remote_court.scheduling.wish import Pool, Wish, day_key, days, week_guard

HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
A_DAY = 20_786
"""2026-11-29, counted since 1970."""

ids = st.integers(1, 2**45)
of_days = st.integers(0, 99_999)


def wish(start: datetime, hours: float, *, people=(3,), pools=(1, 2), guards=()) -> Wish:
    during = Interval(start, start + hours * HOUR)
    return Wish(
        kind="visit", status="booked", told=during, reserved=during,
        pools=tuple(Pool(p) for p in pools), people=people, created_by=None, guards=guards,
    )  # fmt: skip


@given(ids, of_days, ids, of_days)
def test_two_resource_days_never_share_a_key(one, day, other, other_day):
    same = (one, day) == (other, other_day)
    assert (day_key(one, day) == day_key(other, other_day)) is same


@given(ids, of_days, ids, of_days)
def test_a_week_guard_is_no_day_key(inmate, saturday, resource, day):
    assert week_guard(inmate, saturday) < 0 < day_key(resource, day)


@given(st.integers(0, 2**63 - 1), st.integers(-(10**7), 10**7))
def test_every_key_fits_the_database(resource, day):
    assert -(2**63) <= week_guard(resource, day) <= day_key(resource, day) < 2**63


@given(
    st.lists(ids, min_size=1, max_size=8),
    st.lists(ids, min_size=1, max_size=3),
    st.integers(0, 47),
    st.integers(1, 60),
)
def test_lock_keys_come_sorted_and_once(people, pools, offset, hours):
    keys = wish(NOON + offset * HOUR, hours, people=tuple(people), pools=pools).lock_keys()
    assert keys == sorted(set(keys))
    touched = len(list(days(Interval(NOON + offset * HOUR, NOON + (offset + hours) * HOUR))))
    assert len(keys) == len({*people, *pools}) * touched


def test_guards_are_locked_with_the_rest_in_one_order():
    keys = wish(NOON, 1, guards=(-7, 5)).lock_keys()
    assert keys == sorted([-7, 5, *(day_key(r, A_DAY) for r in (1, 2, 3))])


def test_days_are_those_of_utc_whatever_zone_the_start_was_written_in():
    tehran_night = datetime(2026, 11, 30, 1, tzinfo=timezone(timedelta(hours=3.5)))
    honolulu = datetime(2026, 11, 29, 11, 30, tzinfo=timezone(timedelta(hours=-10)))
    assert list(days(Interval.lasting(tehran_night, HOUR))) == [A_DAY]
    assert list(days(Interval.lasting(honolulu, HOUR))) == [A_DAY]
    assert wish(tehran_night, 1).lock_keys() == wish(tehran_night.astimezone(UTC), 1).lock_keys()


def test_a_session_up_to_midnight_does_not_touch_the_next_day():
    assert list(days(Interval(NOON, NOON + 12 * HOUR))) == [A_DAY]
    assert list(days(Interval(NOON, NOON + 12 * HOUR + timedelta(microseconds=1)))) == [
        A_DAY,
        A_DAY + 1,
    ]
