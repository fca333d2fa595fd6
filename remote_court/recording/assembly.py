"""Frames out of packets that are in order; pure."""

from __future__ import annotations

from remote_court.recording.frames import Codec, Frame
from remote_court.recording.ordering import Packet

MOST_PARTS = 4096
"""Packets of one frame, several megabytes; more are no picture."""


class Assembly:
    """Puts frames together from packets in order.

    Pictures begin with a key frame, and after a loss again: what builds on a frame that never
    came is left out, and ``wants_key`` says so.
    """

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._parts: list[bytes] = []
        self._timestamp: int | None = None
        self._broken = False
        self.wants_key = codec.pictures
        self.left_out = 0

    def put(self, packet: Packet) -> list[Frame]:
        """Take the next packet; returns the frames that are whole by it."""
        _, timestamp, marker, padded, payload = packet
        if padded and payload:
            payload = payload[: -payload[-1]] if 0 < payload[-1] <= len(payload) else b""
        if not payload:
            return []
        out = []
        if self._timestamp is not None and timestamp != self._timestamp:
            out += self._finish()
        try:
            opening = self._codec.opens(payload)
            part = self._codec.strip(payload)
        except (ValueError, IndexError):
            self._broken = True
            opening, part = False, b""
        if not self._parts and not opening:
            self._broken = True
        if len(self._parts) >= MOST_PARTS:
            self._parts.clear()
            self._broken = True
        self._timestamp = timestamp
        self._parts.append(part)
        if marker or not self._codec.pictures:
            out += self._finish()
        return out

    def gap(self) -> None:
        """Packets were lost before the next one."""
        self._parts.clear()
        self._timestamp = None
        self._broken = False
        if self._codec.pictures:
            self.wants_key = True

    def _finish(self) -> list[Frame]:
        parts, self._parts = self._parts, []
        timestamp, self._timestamp = self._timestamp, None
        broken, self._broken = self._broken, False
        assert timestamp is not None
        if broken:
            self.wants_key = self._codec.pictures
            self.left_out += 1
            return []
        try:
            frame = self._codec.join(timestamp, parts)
        except (ValueError, IndexError):
            self.wants_key = self._codec.pictures
            self.left_out += 1
            return []
        if self.wants_key and not frame.key:
            self.left_out += 1
            return []
        self.wants_key = False
        return [frame]
