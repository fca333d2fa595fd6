"""The pictures of one person, one after another, as they were at each moment."""

from __future__ import annotations

from collections.abc import Iterator

import av
from av import VideoFrame

from remote_court.recording.clear import opened
from remote_court.recording.scene import Lane

STALE_MS = 3000
"""A picture that was not followed by another for so long is not shown any more."""


class Pictures:
    """Ask for later and later moments."""

    def __init__(self, lane: Lane) -> None:
        self._frames = frames(lane)
        self._next = next(self._frames, None)
        self._at_ms = float("-inf")
        self._shown = False

    def at(self, now_ms: float) -> tuple[bool, VideoFrame | None]:
        """Whether there is something new to show at a moment, and what: None is nothing."""
        new: VideoFrame | None = None
        while self._next is not None and self._next[0] <= now_ms:
            self._at_ms, new = self._next
            self._next = next(self._frames, None)
        if new is not None:
            self._shown = True
            return True, new
        if self._shown and now_ms - self._at_ms > STALE_MS:
            self._shown = False
            return True, None
        return False, None


def frames(lane: Lane) -> Iterator[tuple[float, VideoFrame]]:
    """Every picture with its time in the scene; a damaged one is passed over."""
    for take in lane.takes:
        with opened(take.part, take.file) as container:
            stream = container.streams[take.track - 1]
            for packet in container.demux(stream):
                try:
                    decoded = packet.decode()
                except av.InvalidDataError:
                    continue
                for frame in decoded:
                    if isinstance(frame, VideoFrame) and frame.time is not None:
                        yield take.at_ms(frame.time * 1000), frame
