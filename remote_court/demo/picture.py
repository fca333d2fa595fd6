"""A moving picture with a clock, as VP8 payloads ready for packets."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from math import cos, sin
from typing import Protocol

from aiortc.codecs.vpx import Vp8Encoder
from av import VideoFrame

from remote_court import clock

WIDTH, HEIGHT = 320, 240
CLOCK_RATE = 90_000

SEGMENTS = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg")
"""Which strokes of a seven-segment display make the digits 0 to 9."""

STROKES = {
    "a": (0, 0, 16, 4),
    "b": (12, 0, 4, 16),
    "c": (12, 14, 4, 16),
    "d": (0, 26, 16, 4),
    "e": (0, 14, 4, 16),
    "f": (0, 0, 4, 16),
    "g": (0, 13, 16, 4),
}
"""x, y, width and height of each stroke."""


class Pictures(Protocol):
    """Where frames come from."""

    fps: int

    def next(self, number: int, *, key: bool) -> list[bytes]:
        """The payloads of frame ``number``; a key frame if asked for."""


class Drawing:
    """Drawn and encoded as it goes: a dawn-coloured wall, a wandering light, the time."""

    def __init__(self, fps: int = 12, shade: int = 0) -> None:
        self.fps = fps
        self._encoder = Vp8Encoder()
        self._encoder.target_bitrate = 250_000
        rows = (bytes([70 + 60 * row // HEIGHT]) * WIDTH for row in range(HEIGHT))
        self._wall = b"".join(rows)
        self._blue = bytes([140 - shade % 40]) * (WIDTH * HEIGHT // 4)
        self._red = bytes([118 + shade % 30]) * (WIDTH * HEIGHT // 4)

    def next(self, number: int, *, key: bool) -> list[bytes]:
        """The payloads of frame ``number``; a key frame if asked for."""
        frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
        planes = (bytes(self.draw(number, clock.now())), self._blue, self._red)
        for plane, content in zip(frame.planes, planes, strict=True):
            plane.update(widened(content, plane.height, plane.line_size))
        frame.pts, frame.time_base = number * CLOCK_RATE // self.fps, Fraction(1, CLOCK_RATE)
        return self._encoder.encode(frame, force_keyframe=key)[0]

    def draw(self, number: int, now: datetime) -> bytearray:
        """The brightness of frame ``number`` at this instant, row by row."""
        picture = bytearray(self._wall)
        angle = number / self.fps
        x = int(WIDTH / 2 + cos(angle) * 110) - 14
        y = int(HEIGHT * 0.72 + sin(angle * 1.7) * 34) - 14
        fill(picture, x, y, 28, 28, 205)
        draw_time(picture, clock.local(now))
        return picture


def widened(content: bytes, height: int, line_size: int) -> bytes:
    """A plane whose rows are as long as the codec wants them."""
    width = len(content) // height
    if width == line_size:
        return content
    rest = bytes(line_size - width)
    return b"".join(content[at : at + width] + rest for at in range(0, len(content), width))


def fill(picture: bytearray, x: int, y: int, width: int, height: int, shade: int) -> None:
    """Paint a rectangle that lies within the picture."""
    row = bytes([shade]) * width
    for start in range(y * WIDTH + x, (y + height) * WIDTH + x, WIDTH):
        picture[start : start + width] = row


def draw_time(picture: bytearray, wall: datetime) -> None:
    """Write the time of day, to the second, in large digits."""
    left = WIDTH // 2 - 82
    for at, letter in enumerate(f"{wall:%H:%M:%S}"):
        x, y = left + at * 21, 56
        if letter == ":":
            fill(picture, x + 6, y + 8, 4, 4, 235)
            fill(picture, x + 6, y + 20, 4, 4, 235)
            continue
        for stroke in SEGMENTS[int(letter)]:
            sx, sy, width, height = STROKES[stroke]
            fill(picture, x + sx, y + sy, width, height, 235)


class Loop:
    """A few seconds of drawing, encoded once and sent round and round: costs nearly nothing.

    Every round starts with a key frame, which is what a request for one gets.
    """

    def __init__(self, fps: int = 12, seconds: int = 2) -> None:
        self.fps = fps
        drawing = Drawing(fps)
        self._frames = [drawing.next(at, key=at == 0) for at in range(fps * seconds)]
        self._at = 0

    def next(self, number: int, *, key: bool) -> list[bytes]:  # noqa: ARG002 - the loop counts itself
        """The payloads of the next frame; a key frame if asked for."""
        self._at = 0 if key else self._at + 1
        return self._frames[self._at % len(self._frames)]
