"""The picture: real VP8, moving, with the time on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from aiortc.codecs.vpx import vp8_depayload
from av import CodecContext
from av.packet import Packet

from remote_court.demo.picture import HEIGHT, WIDTH, Drawing, Loop, Pictures, widened
from remote_court.video.vp8 import opens_key_frame

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize("make", [Drawing, Loop])
def test_frames_decode_and_a_key_frame_comes_when_asked_for(make: type[Drawing | Loop]) -> None:
    source: Pictures = make()
    decoder = CodecContext.create("libvpx", "r")
    for number in range(8):
        payloads = source.next(number, key=number in {0, 5})
        assert opens_key_frame(payloads[0]) is (number in {0, 5})
        assert not any(opens_key_frame(p) for p in payloads[1:])
        frames = decoder.decode(Packet(b"".join(vp8_depayload(p) for p in payloads)))
        assert [(f.width, f.height) for f in frames] == [(WIDTH, HEIGHT)]


def test_the_picture_moves_and_tells_the_time() -> None:
    drawing = Drawing()
    still = drawing.draw(0, NOON)
    assert drawing.draw(0, NOON) == still
    assert drawing.draw(5, NOON) != still
    assert drawing.draw(0, NOON + timedelta(seconds=1)) != still
    assert len(still) == WIDTH * HEIGHT


def test_rows_are_widened_for_a_codec_that_wants_them_longer() -> None:
    assert widened(b"abcd", 2, 2) == b"abcd"
    assert widened(b"abcd", 2, 3) == b"ab\0cd\0"
