"""A picture that is put together from others: planes of bytes, changed where something is new."""

from __future__ import annotations

from av import VideoFrame

from remote_court.recording.grid import HEIGHT, WIDTH, Box

FORMAT = "yuv420p"
BLACK_Y, GREY = 16, 128


class Canvas:
    """1280 by 720, YUV 4:2:0."""

    def __init__(self) -> None:
        half = WIDTH * HEIGHT // 4
        self._planes = (
            bytearray([BLACK_Y]) * (WIDTH * HEIGHT),
            bytearray([GREY]) * half,
            bytearray([GREY]) * half,
        )

    def paint(self, frame: VideoFrame, box: Box) -> None:
        """Put a picture into a box; it is scaled to it."""
        scaled = frame.reformat(box.width, box.height, FORMAT)
        for number, plane in enumerate(scaled.planes):
            shift = 1 if number else 0
            source, pitch = memoryview(plane), plane.line_size
            target, wide = self._planes[number], WIDTH >> shift
            length = box.width >> shift
            at = (box.top >> shift) * wide + (box.left >> shift)
            for row in range(box.height >> shift):
                target[at : at + length] = source[row * pitch : row * pitch + length]
                at += wide

    def blacken(self, box: Box) -> None:
        """Leave nothing in a box."""
        for number, plane in enumerate(self._planes):
            shift = 1 if number else 0
            wide, length = WIDTH >> shift, box.width >> shift
            empty = bytes([GREY if number else BLACK_Y]) * length
            for row in range(box.top >> shift, (box.top + box.height) >> shift):
                at = row * wide + (box.left >> shift)
                plane[at : at + length] = empty

    def frame(self) -> VideoFrame:
        """The picture as it is now."""
        made = VideoFrame(WIDTH, HEIGHT, FORMAT)
        for source, plane in zip(self._planes, made.planes, strict=True):
            plane.update(padded(source, plane.width, plane.line_size))
        return made


def padded(data: bytearray, width: int, pitch: int) -> bytes:
    """Rows as long as the frame's memory has them."""
    if width == pitch:
        return bytes(data)
    rows = range(0, len(data), width)
    return b"".join(bytes(data[at : at + width]).ljust(pitch, b"\0") for at in rows)
