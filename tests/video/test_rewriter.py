"""One stream out of many: numbers run on, whoever speaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.video.rewriter import Rewriter, is_newer, signed, ticks_between

u16, u32 = st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)
sources = st.lists(st.tuples(u16, u32, st.integers(1, 400), st.floats(0, 60)), min_size=1)


@given(u16, u32, sources)
def test_numbers_run_on_through_any_change_of_source(
    sequence: int, stamp: int, runs: list[tuple[int, int, int, float]]
) -> None:
    rewriter, now, expected = Rewriter(sequence, stamp), 0.0, sequence
    for first, first_stamp, packets, idle in runs:
        now += idle
        before = rewriter.last_timestamp
        rewriter.begin(first, first_stamp, 90_000, now)
        for step in range(packets):
            expected = (expected + 1) & 0xFFFF
            assert rewriter.sequence_out((first + step) & 0xFFFF) == expected
        gap = (rewriter.timestamp_out(first_stamp) - before) & 0xFFFFFFFF
        assert 1 <= gap <= 60 * 90_000 + 1
        last = first_stamp + 3000 * packets
        rewriter.end((first + packets - 1) & 0xFFFF, last & 0xFFFFFFFF, now)


@given(u16, u32, u16, u32, u16)
def test_a_nack_finds_the_packet_it_speaks_of(
    sequence: int, stamp: int, first: int, first_stamp: int, step: int
) -> None:
    rewriter = Rewriter(sequence, stamp)
    rewriter.begin(first, first_stamp, 90_000, 0.0)
    source = (first + step) & 0xFFFF
    assert rewriter.sequence_in(rewriter.sequence_out(source)) == source


def test_packets_from_before_the_switch_belong_to_nobody() -> None:
    rewriter = Rewriter(10, 10)
    rewriter.begin(70_000, 0, 48_000, 0.0)
    assert not rewriter.owns(69_999)
    assert rewriter.owns(70_000)
    assert rewriter.owns(70_000 + 100_000)


@pytest.mark.parametrize(
    ("sequence", "than", "newer"),
    [(1, 0, True), (0, 1, False), (5, 5, False), (0, 0xFFFF, True), (0xFFFF, 0, False)],
)
def test_newer_wraps_round(sequence: int, than: int, newer: bool) -> None:
    assert is_newer(sequence, than) is newer


@given(u32, u32, st.integers(0, (1 << 64) - 1), st.integers(0, 300_000), st.integers(0, 300_000))
def test_ticks_between_two_streams_are_those_of_the_senders_clock(
    base: int, other: int, ntp: int, since: int, later: int
) -> None:
    """One stream's frame was taken ``since`` ticks after its report, the other's ``later``."""
    half_second = 45_000
    before = (ntp, base)
    after = (ntp + (1 << 31), (other + half_second) & 0xFFFFFFFF)
    stamp = (base + since) & 0xFFFFFFFF
    found = ticks_between(before, stamp, after, (other + later) & 0xFFFFFFFF, 90_000)
    assert found == later - since


def test_a_stale_clock_is_not_believed() -> None:
    assert ticks_between((0, 0), 0, (100 << 32, 0), 0, 90_000) is None


@pytest.mark.parametrize(("difference", "value"), [(1, 1), (0xFFFFFFFF, -1), (1 << 31, -(1 << 31))])
def test_differences_of_timestamps_have_a_sign(difference: int, value: int) -> None:
    assert signed(difference) == value
