"""Where a key frame of H.264 starts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.video import h264
from remote_court.video.h264 import opens_key_frame

SPS, PPS, IDR, SLICE, SEI = b"\x67sps", b"\x68pps", b"\x65idr", b"\x41slice", b"\x06sei"


def joined(*units: bytes) -> bytes:
    return b"\x78" + b"".join(len(unit).to_bytes(2) + unit for unit in units)


@pytest.mark.parametrize(
    ("payload", "opens"),
    [
        (SPS, True),
        (IDR, True),
        (PPS, False),
        (SLICE, False),
        (SEI, False),
        (joined(SPS, PPS), True),
        (joined(SPS, PPS, IDR), True),
        (joined(SEI, IDR), True),
        (joined(SEI, SLICE), False),
        (b"\x7c\x85first of a key frame", True),
        (b"\x7c\x05middle of a key frame", False),
        (b"\x7c\x45last of a key frame", False),
        (b"\x7c\x81first of another", False),
        (b"\x7c", False),
        (b"\x78", False),
        (b"\x78\x00\x09", False),
        (b"", False),
    ],
)
def test_a_key_frame_is_known_by_its_first_packet(payload: bytes, opens: bool) -> None:
    assert opens_key_frame(payload) is opens


@given(st.binary(max_size=40))
def test_no_payload_breaks_it(payload: bytes) -> None:
    assert opens_key_frame(payload) in {True, False}


@pytest.mark.parametrize(
    ("parameters", "served"),
    [
        ({"packetization-mode": "1", "profile-level-id": "42e01f"}, True),
        ({"packetization-mode": 1, "profile-level-id": "42001f"}, True),
        ({"packetization-mode": "1", "profile-level-id": "42E01F"}, True),
        ({"packetization-mode": "1"}, True),
        ({"packetization-mode": "0", "profile-level-id": "42e01f"}, False),
        ({"profile-level-id": "42e01f"}, False),
        ({"packetization-mode": "1", "profile-level-id": "640c1f"}, False),
        ({"packetization-mode": "1", "profile-level-id": "4d001f"}, False),
    ],
)
def test_the_format_every_browser_reads_is_served(
    parameters: dict[str, object], served: bool
) -> None:
    assert h264.is_served(parameters) is served
