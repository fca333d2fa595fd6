"""The database: its engine, its column types and its errors."""

from remote_court.db.base import RESOURCE_ID, Base
from remote_court.db.engine import Database
from remote_court.db.errors import DatabaseAway, away, violates
from remote_court.db.types import Instant, words

__all__ = [
    "RESOURCE_ID",
    "Base",
    "Database",
    "DatabaseAway",
    "Instant",
    "away",
    "violates",
    "words",
]
