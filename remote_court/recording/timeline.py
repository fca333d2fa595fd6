"""When a frame was: a stream's own clock laid on the part's; pure."""

from __future__ import annotations

from dataclasses import dataclass

WRAP, HALF = 1 << 32, 1 << 31
FURTHEST_S = 2.0
"""A stream whose clock is this far from ours has set it anew."""


@dataclass(slots=True)
class Timeline:
    """Milliseconds since the part began (``began``, on the port's clock).

    The first frame's arrival fixes the one clock on the other; from then on the stream's own
    steps count, so that the network's haste and delay are not heard. What is left of the first
    frame's delay the sender's reports tell; they stand in the manifest.
    """

    clock_rate: int
    began: float
    _last: int | None = None
    _unwrapped: int = 0
    _base: tuple[int, float] = (0, 0.0)

    def at_ms(self, timestamp: int, now: float) -> int:
        """When a frame was that has arrived now."""
        if self._last is None:
            self._base = (self._unwrapped, now)
        else:
            self._unwrapped += self._ahead(timestamp)
        self._last = timestamp
        at = self._on_clock(self._unwrapped)
        if abs(at - now) > FURTHEST_S:
            self._base = (self._unwrapped, now)
            at = now
        return round((at - self.began) * 1000)

    def restart(self) -> None:
        """The next frame is of another stream, with a clock of its own."""
        self._last = None

    def look_up_ms(self, timestamp: int) -> int | None:
        """When a moment near the last frame was; None before the first frame."""
        if self._last is None:
            return None
        at = self._on_clock(self._unwrapped + self._ahead(timestamp))
        return round((at - self.began) * 1000)

    def _ahead(self, timestamp: int) -> int:
        assert self._last is not None
        ahead = (timestamp - self._last) % WRAP
        return ahead if ahead < HALF else ahead - WRAP

    def _on_clock(self, unwrapped: int) -> float:
        first, since = self._base
        return since + (unwrapped - first) / self.clock_rate
