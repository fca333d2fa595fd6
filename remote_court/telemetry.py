"""Logs and counters. Never a name, never a national ID."""

from __future__ import annotations

import logging
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import HistogramMetricFamily
from typing_extensions import override

from remote_court.clock import monotonic

REGISTRY = CollectorRegistry()
"""Every counter of the process registers here; ``/metrics`` shows it."""

ProcessCollector(registry=REGISTRY)

MOST_ALIKE = 10
WINDOW_S = 10.0
CHATTY = ("asyncio", "uvicorn.error", "websockets", "aiortc", "aioice")
"""Libraries that write of what anybody at the other end of a line does."""

LONG_NUMBER = re.compile(r"(?<!\d)\d{10,12}(?!\d)")


class Discreet(logging.Filter):
    """Blanks what looks like a national ID, a FIDA code or a telephone number."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if LONG_NUMBER.search(text):
            record.msg, record.args = LONG_NUMBER.sub("[number]", text), None
        return True


class Spans:
    """How long something took, many times over, sorted by size: plain numbers, cheap to add to."""

    __slots__ = ("bounds", "counts", "total_s")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = tuple(bounds)
        self.counts = [0] * (len(self.bounds) + 1)
        self.total_s = 0.0

    def add(self, seconds: float) -> None:
        """It took so long this time."""
        self.counts[bisect_left(self.bounds, seconds)] += 1
        self.total_s += seconds

    def show(self, family: HistogramMetricFamily, labels: Sequence[str]) -> None:
        """Add these numbers to a metric."""
        seen, buckets = 0, []
        for bound, count in zip((*map(str, self.bounds), "+Inf"), self.counts, strict=True):
            seen += count
            buckets.append((bound, float(seen)))
        family.add_metric(labels, buckets, self.total_s)


@dataclass(slots=True)
class Window:
    """A stretch of time in which a line of the log was written so often, and left out so often."""

    since: float
    written: int = 0
    left_out: int = 0


class Sparing(logging.Filter):
    """Writes a line that repeats itself ``most`` times in a window, and then says how many more.

    Whoever sends us nonsense a million times does not fill a disk. Lines are alike that come
    from the same place in the program (and tell of the same kind of error); what is only
    information is never left out, unless a library says it.
    """

    def __init__(self, most: int = MOST_ALIKE, window_s: float = WINDOW_S) -> None:
        super().__init__()
        self._most = most
        self._window_s = window_s
        self._windows: dict[tuple[str, int, str], Window] = {}

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING and not record.name.startswith(CHATTY):
            return True
        now = monotonic()
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        key = (record.pathname, record.lineno, kind)
        window = self._windows.get(key)
        if window is None or now - window.since >= self._window_s:
            if window is not None and window.left_out:
                record.msg, record.args = f"{record.getMessage()} ({window.left_out} more)", None
            window = self._windows[key] = Window(now)
        elif window.written >= self._most:
            window.left_out += 1
            return False
        window.written += 1
        return True


def start_logging(level: str, process: str = "") -> None:
    """Send every log line to standard error, discreetly; ``process`` says whose line it is."""
    handler = logging.StreamHandler()
    whose = f"[{process}] " if process else ""
    handler.setFormatter(
        logging.Formatter(f"%(asctime)s %(levelname)s {whose}%(name)s %(message)s")
    )
    handler.addFilter(Sparing())
    handler.addFilter(Discreet())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
