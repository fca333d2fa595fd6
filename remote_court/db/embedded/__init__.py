"""PostgreSQL inside the product: its own server under the data directory (ADR 1)."""

from remote_court.db.embedded.failure import PostgresFailed
from remote_court.db.embedded.server import Server, Status, discard, start, status, stop
from remote_court.db.embedded.throwaway import throwaway

__all__ = [
    "PostgresFailed",
    "Server",
    "Status",
    "discard",
    "start",
    "status",
    "stop",
    "throwaway",
]
