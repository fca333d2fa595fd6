"""A fingerprint is read as a picture and nothing else."""

from __future__ import annotations

import io

import av
import pytest
from av import VideoFrame

from remote_court.hearings.minutes.fingerprint import LARGEST, WIDEST, rewritten
from remote_court.hearings.minutes.refusals import FingerprintUnusable


def picture(codec: str, width: int, height: int) -> bytes:
    """A plain picture."""
    formats = {"png": "rgb24", "mjpeg": "yuvj420p"}
    made = io.BytesIO()
    with av.open(made, "w", format="image2pipe") as container:
        stream = container.add_stream(codec, rate=1)
        stream.width, stream.height, stream.pix_fmt = width, height, formats[codec]
        frame = VideoFrame(width, height, formats[codec])
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    return made.getvalue()


@pytest.mark.parametrize("codec", ["png", "mjpeg"])
def test_a_picture_becomes_a_small_grey_png_without_what_was_hidden_in_it(codec):
    made = rewritten(picture(codec, 800, 1000) + b"<script>hidden</script>")
    assert made.startswith(b"\x89PNG")
    assert b"hidden" not in made
    with av.open(io.BytesIO(made), format="png_pipe") as container:
        frame = next(container.decode(video=0))
    assert (max(frame.width, frame.height), frame.format.name) == (WIDEST, "gray")
    assert rewritten(made) == made


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"x" * 500,
        b"\xff\xd8\xff" + b"\x00" * 50,
        picture("png", 3000, 2000),
        picture("png", 20, 20) + b"0" * LARGEST,
    ],
)
def test_anything_else_is_refused(data):
    with pytest.raises(FingerprintUnusable):
        rewritten(data)
