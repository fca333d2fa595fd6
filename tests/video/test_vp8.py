"""What VP8 payloads tell, written by another implementation; and pictures numbered on."""

from __future__ import annotations

import itertools

from aiortc.codecs.vpx import VpxPayloadDescriptor
from hypothesis import given
from hypothesis import strategies as st

from remote_court.video import vp8
from remote_court.video.vp8 import Numbering, opens_key_frame

pictures = st.none() | st.integers(0, 0x7FFF)
bases = st.none() | st.integers(0, 255)
temporals = st.none() | st.tuples(st.integers(0, 3), st.integers(0, 1))
shifts = st.tuples(st.integers(0, 0x7FFF), st.integers(0, 255))


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


@given(pictures, bases, temporals)
def test_numbers_are_read_where_they_are_told(
    picture: int | None, base: int | None, temporal: tuple[int, int] | None
) -> None:
    payload = bytes(VpxPayloadDescriptor(1, 0, picture, base, temporal)) + b"\x11rest"
    assert vp8.numbers_of(payload) == (picture, base)


@given(pictures, bases, temporals, shifts)
def test_only_numbers_are_moved_and_each_wraps_where_its_field_does(
    picture: int | None, base: int | None, temporal: tuple[int, int] | None, shift: vp8.Shift
) -> None:
    payload = bytes(VpxPayloadDescriptor(1, 0, picture, base, temporal)) + b"\x11rest"
    moved = vp8.shifted(payload, shift)
    assert len(moved) == len(payload)
    found, rest = VpxPayloadDescriptor.parse(moved)
    expected = None if picture is None else (picture + shift[0]) & 0x7FFF
    assert found.picture_id == expected
    assert found.tl0picidx == (None if base is None else (base + shift[1]) & 0xFF)
    assert found.tid == temporal
    assert rest == b"\x11rest"


def test_a_picture_id_of_one_byte_stays_one_byte() -> None:
    assert vp8.numbers_of(b"\x90\x80\x7fpicture") == (127, None)
    assert vp8.shifted(b"\x90\x80\x7fpicture", (3, 0)) == b"\x90\x80\x02picture"


@given(st.binary(max_size=12), shifts)
def test_no_payload_is_too_short_to_be_moved(payload: bytes, shift: vp8.Shift) -> None:
    assert len(vp8.shifted(payload, shift)) == len(payload)
    assert vp8.size_of(payload) is None or len(payload) > 7


def key_frame(width: int, height: int) -> bytes:
    sides = (0x4000 | width).to_bytes(2, "little") + height.to_bytes(2, "little")
    return bytes(VpxPayloadDescriptor(1, 0, 200)) + b"\x10\x00\x00\x9d\x01\x2a" + sides


def test_a_key_frame_tells_its_size() -> None:
    assert vp8.size_of(key_frame(1280, 720)) == (1280, 720)
    assert vp8.size_of(key_frame(1280, 720)[:-1]) is None
    assert vp8.size_of(bytes(VpxPayloadDescriptor(1, 0, 200)) + b"\x11" + bytes(9)) is None


long_runs = st.tuples(st.integers(0x100, 0x7FFF), st.integers(0, 255), st.integers(1, 300))


@given(st.lists(long_runs, min_size=1, max_size=6))
def test_pictures_are_numbered_without_a_gap_through_any_change_of_layer(
    runs: list[tuple[int, int, int]],
) -> None:
    numbering, sent = Numbering(), []
    for first, base, frames in runs:
        ids = [0x80 | (first + at) & 0x7FFF for at in range(frames)]
        payloads = [bytes(VpxPayloadDescriptor(1, 0, i, base, (0, 0))) + b"x" for i in ids]
        numbering.begin(payloads[0])
        sent += [vp8.numbers_of(vp8.shifted(p, numbering.shift)) for p in payloads[:1]]
        numbering.end((ids[0], base))
    for (before, base), (after, later) in itertools.pairwise(sent):
        assert before is not None
        assert base is not None
        assert after == (before + 1) & 0x7FFF
        assert later == (base + 1) & 0xFF
