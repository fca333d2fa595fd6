"""Frames: what a decoder takes at once, and what a codec says of the packets they come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Setup:
    """What the head of a container says of a track: its size in pixels, the codec's own data."""

    width: int = 0
    height: int = 0
    private: bytes = b""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; ``timestamp`` in the stream's RTP clock. Key frames of pictures have a setup."""

    timestamp: int
    data: bytes
    key: bool
    setup: Setup | None = None


class Codec(Protocol):
    """Pure functions over payloads; ``name`` is the codec's word in Matroska."""

    name: str
    pictures: bool

    def opens(self, payload: bytes) -> bool:
        """Whether a frame may begin with this packet."""

    def strip(self, payload: bytes) -> bytes:
        """The packet's share of the frame; raises ValueError or IndexError for what is none."""

    def join(self, timestamp: int, parts: list[bytes]) -> Frame:
        """A frame out of its parts; raises ValueError or IndexError for what is none."""
