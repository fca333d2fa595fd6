"""What the database said, in our words."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError


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
