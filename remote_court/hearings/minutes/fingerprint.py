"""A picture of a fingerprint, read as nothing but a picture, and written anew."""

from __future__ import annotations

import io

import av
from av import VideoFrame

from remote_court.hearings.minutes.refusals import FingerprintUnusable

LARGEST = 700_000
MOST_PIXELS = 4_000_000
WIDEST = 500
FORMATS = {b"\x89PNG\r\n\x1a\n": "png_pipe", b"\xff\xd8\xff": "jpeg_pipe"}


def rewritten(data: bytes) -> bytes:
    """The picture as a grey PNG of at most 500 pixels across: nothing else of the file is kept.

    Raises:
        FingerprintUnusable: it is neither PNG nor JPEG, is too large, or cannot be read.
    """
    format_ = next((name for magic, name in FORMATS.items() if data.startswith(magic)), None)
    if format_ is None or len(data) > LARGEST:
        raise FingerprintUnusable(where="fingerprint")
    try:
        frame = decoded(data, format_)
    except (av.FFmpegError, ValueError) as error:
        raise FingerprintUnusable(where="fingerprint") from error
    return encoded(frame)


def decoded(data: bytes, format_: str) -> VideoFrame:
    """The picture's pixels; its size is looked at before it is opened out."""
    with av.open(io.BytesIO(data), "r", format=format_) as container:
        stream = container.streams.video[0]
        if not 0 < stream.width * stream.height <= MOST_PIXELS:
            raise FingerprintUnusable(where="fingerprint")
        for frame in container.decode(stream):
            return frame
    raise FingerprintUnusable(where="fingerprint")


def encoded(frame: VideoFrame) -> bytes:
    """The pixels as PNG."""
    scale = min(1, WIDEST / max(frame.width, frame.height))
    width, height = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
    grey = frame.reformat(width=width, height=height, format="gray")
    made = io.BytesIO()
    with av.open(made, "w", format="image2pipe") as container:
        stream = container.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = width, height, "gray"
        for packet in (*stream.encode(grey), *stream.encode(None)):
            container.mux(packet)
    return made.getvalue()
