"""Faces and voices in step, and people with each other, by the senders' own reports."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.recording.reading import Clock, File
from remote_court.recording.timeline import Timeline
from remote_court.recording.timing import Timing


def file(clocks: dict[int, tuple[Clock, ...]], begins_ms: int = 5000) -> File:
    return File(
        number=1,
        person="1",
        role="visitor",
        name="",
        label="",
        connection="c1",
        begins_at=datetime(2026, 11, 25, tzinfo=UTC),
        begins_ms=begins_ms,
        sources={1: "microphone", 2: "camera"},
        clocks=clocks,
    )


def test_without_reports_the_first_arrival_places_a_file():
    assert Timing(file({})).on_part_ms(2, 250) == 5250


def test_a_picture_that_was_late_on_its_way_is_put_beside_its_sound():
    """The picture's first packet came 120 ms late, so its times in the file are 120 ms early."""
    sound = Clock(at_ms=1000, ntp_ms=801_000, heard_ms=6040)
    sight = Clock(at_ms=880, ntp_ms=801_000, heard_ms=6090)
    timing = Timing(file({1: (sound,), 2: (sight,)}))
    assert timing.on_part_ms(1, 1000) == timing.on_part_ms(2, 880) == 6040


def test_a_clock_that_drifts_is_followed_between_its_reports():
    slow = (Clock(0, 100_000, 5030), Clock(10_000, 110_100, 15_130))
    timing = Timing(file({1: slow}))
    assert timing.on_part_ms(1, 0) == 5030
    assert timing.on_part_ms(1, 10_000) == pytest.approx(15_130)
    assert timing.on_part_ms(1, 5000) == pytest.approx(10_080)
    assert timing.on_part_ms(1, 12_000) == pytest.approx(17_130)


def test_a_clock_gone_wrong_is_not_believed():
    mad = (Clock(0, 100_000, 5030), Clock(1000, 190_000, 6030))
    assert Timing(file({1: mad})).on_part_ms(1, 0) == 5000


def test_a_track_without_reports_goes_with_the_other():
    timing = Timing(file({1: (Clock(0, 100, 5070),)}))
    assert timing.on_part_ms(2, 40) == 5110


@given(
    first=st.integers(0, 2**32 - 1),
    steps=st.lists(st.integers(1, 90_000), max_size=50),
    jitter=st.lists(st.floats(-0.2, 0.2), min_size=50, max_size=50),
)
def test_the_stream_s_own_steps_count_over_the_wrap_whatever_the_network_does(first, steps, jitter):
    line = Timeline(90_000, began=100.0)
    assert line.at_ms(first, 101.0) == 1000
    ticks = 0
    for step, late in zip(steps, jitter, strict=False):
        ticks += step
        at_ms = line.at_ms((first + ticks) % 2**32, 101.0 + ticks / 90_000 + late)
        assert at_ms == pytest.approx(1000 + ticks / 90, abs=1)
    assert line.look_up_ms((first + ticks + 9000) % 2**32) == pytest.approx(
        1100 + ticks / 90, abs=1
    )


def test_a_stream_that_sets_its_clock_anew_goes_on_from_now():
    line = Timeline(48_000, began=0.0)
    assert line.look_up_ms(5) is None
    line.at_ms(0, 1.0)
    assert line.at_ms(4_000_000, 2.0) == 2000
    assert line.at_ms(4_000_000 + 48_000, 3.0) == 3000
    line.restart()
    assert line.at_ms(7, 4.0) == 4000
