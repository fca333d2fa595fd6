"""How fast a worker runs: packets passed on, and how much of a core that takes."""

from __future__ import annotations

import time

from remote_court.clock import monotonic


class Pace:
    """Figures of the time between two measurements; zero before the second."""

    def __init__(self) -> None:
        self.packets_per_s = 0
        self.cpu_share = 0.0
        self._last = (monotonic(), time.process_time(), 0)

    def measure(self, forwarded: int) -> None:
        """Look again. ``forwarded`` counts packets, and falls when calls close."""
        now, cpu = monotonic(), time.process_time()
        since, cpu_before, forwarded_before = self._last
        self._last = (now, cpu, forwarded)
        if (passed := now - since) > 0:
            self.packets_per_s = max(0, round((forwarded - forwarded_before) / passed))
            self.cpu_share = round((cpu - cpu_before) / passed, 3)
