"""Logs and counters. Never a name, never a national ID."""

from __future__ import annotations

import logging
import re

from prometheus_client import CollectorRegistry
from typing_extensions import override

REGISTRY = CollectorRegistry()
"""Every counter of the process registers here; ``/metrics`` shows it."""

LONG_NUMBER = re.compile(r"(?<!\d)\d{10,12}(?!\d)")


class Discreet(logging.Filter):
    """Blanks what looks like a national ID, a FIDA code or a telephone number."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if LONG_NUMBER.search(text):
            record.msg, record.args = LONG_NUMBER.sub("[number]", text), None
        return True


def start_logging(level: str, process: str = "") -> None:
    """Send every log line to standard error, discreetly; ``process`` says whose line it is."""
    handler = logging.StreamHandler()
    whose = f"[{process}] " if process else ""
    handler.setFormatter(
        logging.Formatter(f"%(asctime)s %(levelname)s {whose}%(name)s %(message)s")
    )
    handler.addFilter(Discreet())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
