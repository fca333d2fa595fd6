"""Opus in RTP (RFC 7587): a packet is a frame; pure."""

from __future__ import annotations

import struct

from remote_court.recording.frames import Frame, Setup

CLOCK_RATE = 48_000
HEAD = struct.pack("<8sBBHIhB", b"OpusHead", 1, 2, 0, CLOCK_RATE, 0, 0)
"""RFC 7845, 5.1: two channels, nothing to skip, no gain. An RTP stream has no pre-skip."""


class Opus:
    """Sound."""

    name = "A_OPUS"
    pictures = False

    def opens(self, payload: bytes) -> bool:
        """Always."""
        return bool(payload)

    def strip(self, payload: bytes) -> bytes:
        """The payload itself."""
        return payload

    def join(self, timestamp: int, parts: list[bytes]) -> Frame:
        """The one part."""
        return Frame(timestamp, b"".join(parts), True, Setup(private=HEAD))
