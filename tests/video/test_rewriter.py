"""One stream out of many: numbers run on, whoever speaks."""

from __future__ import annotations

import pytest
from aiortc.codecs.vpx import VpxPayloadDescriptor
from hypothesis import given
from hypothesis import strategies as st

from remote_court.video.rewriter import Rewriter, is_newer, opens_key_frame

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


@given(
    start=st.booleans(),
    partition=st.integers(0, 7),
    picture=st.none() | st.integers(0, 0x7FFF),
    layer=st.none() | st.integers(0, 255),
    temporal=st.none() | st.tuples(st.integers(0, 3), st.integers(0, 1)),
    key=st.booleans(),
)
def test_a_key_frame_is_known_by_its_first_packet(
    start: bool,
    partition: int,
    picture: int | None,
    layer: int | None,
    temporal: tuple[int, int] | None,
    key: bool,
) -> None:
    head = bytes(VpxPayloadDescriptor(int(start), partition, picture, layer, temporal))
    payload = head + bytes([0x10 if key else 0x11]) + b"rest"
    assert opens_key_frame(payload) is (start and partition == 0 and key)


@given(st.binary(max_size=8))
def test_no_payload_breaks_it(payload: bytes) -> None:
    assert opens_key_frame(payload) in {True, False}
