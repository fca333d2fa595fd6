"""A stretch of time, and what can be done with several."""

import dataclasses
import itertools
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.calendars.interval import Interval, merged, without

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def span(start, end):
    return Interval(NOON + timedelta(minutes=start), NOON + timedelta(minutes=end))


minutes = st.integers(-60, 60)
spans = st.tuples(minutes, minutes).filter(lambda p: p[0] < p[1]).map(lambda p: span(*p))


def instants(intervals):
    return {
        m for m in range(-60, 60) if any(i.contains(NOON + timedelta(minutes=m)) for i in intervals)
    }


@pytest.mark.parametrize(("start", "end"), [(0, 0), (1, 0)])
def test_an_interval_that_does_not_go_forward_is_not_born(start, end):
    with pytest.raises(ValueError, match="end after"):
        span(start, end)


def test_an_interval_without_a_zone_is_not_born():
    naive = NOON.replace(tzinfo=None)
    for ends in ((naive, NOON), (NOON - timedelta(1), naive)):
        with pytest.raises(ValueError, match="time zone"):
            Interval(*ends)


def test_an_interval_is_kept_in_utc_and_never_changes():
    tehran = NOON.astimezone(ZoneInfo("Asia/Tehran"))
    interval = Interval.lasting(tehran, timedelta(minutes=30))
    assert interval == span(0, 30)
    assert interval.start.tzinfo is UTC
    assert interval.minutes == 30
    with pytest.raises(dataclasses.FrozenInstanceError):
        interval.start = NOON


@pytest.mark.parametrize(
    ("other", "overlap"),
    [
        ((-10, 0), False),
        ((-10, 1), True),
        ((5, 6), True),
        ((-5, 50), True),
        ((29, 40), True),
        ((30, 40), False),
    ],
)
def test_neighbours_do_not_overlap(other, overlap):
    assert span(0, 30).overlaps(span(*other)) is overlap


def test_the_start_is_inside_and_the_end_is_not():
    interval = span(0, 30)
    assert interval.contains(interval.start)
    assert not interval.contains(interval.end)
    assert interval.contains(interval)
    assert not interval.contains(span(0, 31))


def test_an_interval_is_shifted_and_padded():
    assert span(0, 30).shift(timedelta(minutes=15)) == span(15, 45)
    assert span(0, 30).padded(before=timedelta(minutes=5), after=timedelta(minutes=10)) == span(
        -5, 40
    )


def test_a_range_is_read_and_written_as_postgresql_does():
    assert span(0, 30).as_tstzrange() == "[2026-12-01T12:00:00+00:00,2026-12-01T12:30:00+00:00)"
    stored = SimpleNamespace(lower=NOON, upper=NOON + timedelta(minutes=30))
    assert Interval.from_range(stored) == span(0, 30)
    with pytest.raises(ValueError, match="unbounded"):
        Interval.from_range(SimpleNamespace(lower=NOON, upper=None))


@given(spans, spans)
def test_overlapping_means_sharing_an_instant(one, other):
    shared = instants([one]) & instants([other])
    assert one.overlaps(other) == other.overlaps(one) == bool(shared)
    both = one.intersection(other)
    assert instants([both] if both else []) == shared


@given(st.lists(spans, max_size=6))
def test_merging_keeps_every_instant_and_leaves_gaps_between(many):
    few = merged(many)
    assert instants(few) == instants(many)
    assert all(a.end < b.start for a, b in itertools.pairwise(few))


@given(st.lists(spans, max_size=5), st.lists(spans, max_size=5))
def test_what_is_taken_is_gone_and_the_rest_stays(open_, taken):
    assert instants(without(open_, taken)) == instants(open_) - instants(taken)
