"""Where a frame of a file lies in time, by all that the manifest tells of the clocks; pure.

A file's own times hold within a track. Between a face and its voice the sender's reports tell,
for both are told in one clock of the sender's; between people the moment at which those reports
came in does, the quickest of them. A sender without reports is placed by its first arrival.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from remote_court.recording.reading import Clock, File

TRUSTED_MS = 3000.0
"""Reports that would move a frame further than this are a clock gone wrong: not believed."""


class Timing:
    """Milliseconds since the part began, of the frames of one file."""

    def __init__(self, file: File) -> None:
        self._begins_ms = float(file.begins_ms)
        every = [clock for clocks in file.clocks.values() for clock in clocks]
        self._delay = min((c.heard_ms - c.ntp_ms for c in every), default=0)
        self._clocks = {track: tuple(sorted(cs, key=at)) for track, cs in file.clocks.items()}
        self._any = next(iter(self._clocks.values()), ())

    def on_part_ms(self, track: int, at_ms: float) -> float:
        """When a frame was, of a track, at a time of its file."""
        by_arrival = self._begins_ms + at_ms
        clocks = self._clocks.get(track, self._any)
        if not clocks:
            return by_arrival
        by_reports = at_ms + ahead(clocks, at_ms) + self._delay
        return by_reports if abs(by_reports - by_arrival) <= TRUSTED_MS else by_arrival


def at(clock: Clock) -> int:
    """The place of a report in its file."""
    return clock.at_ms


def ahead(clocks: Sequence[Clock], at_ms: float) -> float:
    """How far the sender's clock is ahead of a track's times, there; straight between reports."""
    place = bisect_left(clocks, at_ms, key=at)
    if place == 0 or place == len(clocks):
        nearest = clocks[0] if place == 0 else clocks[-1]
        return float(nearest.ntp_ms - nearest.at_ms)
    one, two = clocks[place - 1], clocks[place]
    share = (at_ms - one.at_ms) / (two.at_ms - one.at_ms) if two.at_ms > one.at_ms else 0.0
    first, second = one.ntp_ms - one.at_ms, two.ntp_ms - two.at_ms
    return first + (second - first) * share
