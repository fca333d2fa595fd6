"""What a parameter set says of the size, for pictures of several shapes and profiles."""

from __future__ import annotations

from fractions import Fraction

import av
import pytest

from remote_court.recording.h264 import SPS, START, aggregated, size_of


@pytest.mark.parametrize("profile", ["baseline", "main", "high", "high444"])
@pytest.mark.parametrize("size", [(640, 480), (1280, 720), (320, 180), (854, 480)])
def test_the_size_is_the_encoder_s(profile, size):
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height = size
    encoder.pix_fmt = "yuv444p" if profile == "high444" else "yuv420p"
    encoder.time_base = Fraction(1, 25)
    encoder.options = {"profile": profile, "preset": "ultrafast"}
    frame = av.VideoFrame(*size, encoder.pix_fmt)
    data = b"".join(bytes(p) for p in (*encoder.encode(frame), *encoder.encode(None)))
    units = [u for u in data.replace(b"\x00\x00\x01", START).split(START) if u.strip(b"\0")]
    sps = next(u.rstrip(b"\x00") for u in units if u[0] & 0x1F == SPS)
    assert size_of(sps) == size


def test_an_aggregate_that_is_cut_off_is_none():
    assert aggregated(b"\x00\x02ab\x00\x01c") == [b"ab", b"c"]
    with pytest.raises(ValueError, match="cut off"):
        aggregated(b"\x00\x05ab")
