"""A soft melody, encoded once and played round and round."""

from __future__ import annotations

import math
from array import array
from functools import cache

from aiortc.codecs.opus import OpusEncoder
from av import AudioFrame

RATE = 48_000
FRAME = 960
"""Samples of one packet: 20 ms."""

NOTES_HZ = (261.63, 329.63, 392.0, 523.25, 392.0, 329.63, 293.66, 349.23)
NOTE_SECONDS = 0.5
LOUDNESS = 0.12
LEVEL_DBOV = 30
"""What the packets say of their loudness: speech, not noise."""


@cache
def melody() -> tuple[bytes, ...]:
    """The whole melody as Opus packets of 20 ms."""
    samples = array("h")
    for hz in NOTES_HZ:
        samples.extend(note(hz))
    encoder = OpusEncoder()
    packets: list[bytes] = []
    for at in range(0, len(samples) - FRAME + 1, FRAME):
        frame = AudioFrame(format="s16", layout="mono", samples=FRAME)
        frame.planes[0].update(samples[at : at + FRAME].tobytes())
        frame.sample_rate, frame.pts = RATE, at
        packets += encoder.encode(frame)[0]
    return tuple(packets)


def note(hz: float) -> array[int]:
    """One note with a gentle start and end."""
    count = int(RATE * NOTE_SECONDS)
    turn = 2 * math.pi * hz / RATE
    return array(
        "h",
        (
            int(
                (math.sin(turn * at) + 0.3 * math.sin(2 * turn * at))
                * math.sqrt(math.sin(math.pi * at / count))
                * LOUDNESS
                * 32767
            )
            for at in range(count)
        ),
    )
