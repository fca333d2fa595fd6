"""How much a client may ask of us; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """So many at once, so many a second lasting."""

    burst: float
    rate: float
    level: float = 0.0
    at: float = 0.0

    def take(self, now: float) -> bool:
        """Take one, if there is one."""
        self.level = max(0.0, self.level - (now - self.at) * self.rate)
        self.at = now
        if self.level + 1 > self.burst:
            return False
        self.level += 1
        return True
