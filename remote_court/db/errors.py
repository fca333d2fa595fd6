"""What the database said, in our words."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from remote_court.errors import CourtError

GONE = frozenset({"53300", "57P01", "57P02", "57P03"})
"""SQLSTATE: too many connections, shut down by an administrator, crashed, starting up."""
CONNECTION_LOST = "08"  # SQLSTATE class


class DatabaseAway(CourtError, ConnectionError):
    """The court's records cannot be reached just now."""


def away(error: BaseException) -> bool:
    """Whether the database could not be reached, or had no connection left: it passes by itself."""
    if isinstance(error, DatabaseAway | PoolExhausted):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = str(getattr(error.orig, "sqlstate", "") or "")
    return error.connection_invalidated or state in GONE or state.startswith(CONNECTION_LOST)


def constraint_of(error: DBAPIError) -> str | None:
    """The name of the constraint that refused, if one did."""
    cause: BaseException | None = error.orig
    while cause is not None:
        if name := getattr(cause, "constraint_name", None):
            return str(name)
        cause = cause.__cause__
    return None


def violates(error: DBAPIError, constraint: str) -> bool:
    """Whether this error is the refusal of exactly that constraint."""
    return constraint_of(error) == constraint
