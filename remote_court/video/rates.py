"""Bits per second, out of counters that only grow; pure."""

from __future__ import annotations

from collections.abc import Sequence

SMOOTHING = 0.5


class Rates:
    """Smoothed bitrates (``bps``) of several counters of bytes, read about once a second."""

    __slots__ = ("_at", "_octets", "bps")

    def __init__(self, counters: int) -> None:
        self.bps = [0.0] * counters
        self._octets: list[int] = [0] * counters
        self._at: float | None = None

    def read(self, now: float, octets: Sequence[int]) -> None:
        """Take the counters' state; rising rates count at once, falling ones by half."""
        before, since = self._octets, self._at
        self._octets, self._at = list(octets), now
        if since is None or now <= since:
            return
        for at, (old, new) in enumerate(zip(before, octets, strict=True)):
            bps = (new - old) * 8 / (now - since)
            self.bps[at] = max(bps, self.bps[at] + (bps - self.bps[at]) * SMOOTHING)
