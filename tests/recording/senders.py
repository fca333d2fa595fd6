"""Somebody who sends sound and pictures, coded and cut into packets by aiortc: not by us."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from aiortc.codecs.base import Encoder
from aiortc.codecs.h264 import H264Encoder
from aiortc.codecs.opus import OpusEncoder
from aiortc.codecs.vpx import Vp8Encoder
from av import AudioFrame, VideoFrame

from remote_court.recording.ordering import Packet

FPS = 20
WIDTH, HEIGHT = 160, 120
FRAME_MS = 1000 // FPS
SOUND_MS = 20


def encoder_of(codec: str) -> Encoder:
    return Vp8Encoder() if codec == "vp8" else H264Encoder()


def picture(number: int) -> VideoFrame:
    """Noise that moves: a key frame of it needs several packets."""
    frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
    for plane in frame.planes:
        size = plane.line_size * plane.height
        plane.update(bytes((at * (number + 3) >> 2 ^ at) & 0xFF for at in range(size)))
    frame.pts, frame.time_base = number * 90_000 // FPS, Fraction(1, 90_000)
    return frame


@cache
def pictures(codec: str, frames: int, key_every: int = 10) -> tuple[tuple[bytes, ...], ...]:
    """The payloads of each frame."""
    encoder = encoder_of(codec)
    return tuple(
        tuple(encoder.encode(picture(n), force_keyframe=n % key_every == 0)[0])
        for n in range(frames)
    )


@cache
def sounds(frames: int) -> tuple[bytes, ...]:
    """Opus packets of twenty milliseconds."""
    encoder, out = OpusEncoder(), []
    for number in range(frames):
        frame = AudioFrame("s16", "stereo", 960)
        frame.planes[0].update(bytes((at * 31 + number) & 0x3F for at in range(3840)))
        frame.sample_rate, frame.pts, frame.time_base = 48_000, number * 960, Fraction(1, 48_000)
        out += encoder.encode(frame)[0]
    return tuple(out)


def video_packets(codec: str, frames: int, first: int = 65_500) -> list[Packet]:
    """The packets of some frames, numbered over the wrap."""
    packets: list[Packet] = []
    for number, payloads in enumerate(pictures(codec, frames)):
        stamp = (0xFFFF_0000 + number * 90_000 // FPS) & 0xFFFFFFFF
        for at, payload in enumerate(payloads, start=1):
            sequence = (first + len(packets)) & 0xFFFF
            packets.append((sequence, stamp, 0x80 * (at == len(payloads)), 0, payload))
    return packets


def audio_packets(frames: int, first: int = 10) -> list[Packet]:
    """The packets of some sound."""
    return [
        ((first + n) & 0xFFFF, (n * 960) & 0xFFFFFFFF, 0, 0, payload)
        for n, payload in enumerate(sounds(frames))
    ]
