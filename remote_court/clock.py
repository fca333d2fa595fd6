"""The only place that asks what time it is."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

TEHRAN = ZoneInfo("Asia/Tehran")


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day on the wall in Tehran."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    """The same instant on the wall in Tehran."""
    return instant.astimezone(TEHRAN)


def monotonic() -> float:
    """Seconds that never go back; only differences mean anything."""
    return time.monotonic()
