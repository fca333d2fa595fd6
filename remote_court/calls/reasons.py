"""Reasons that are stated and written down."""

from __future__ import annotations

from remote_court.calls.refusals import ReasonNeeded

LONGEST_REASON = 500


def need_reason(text: str) -> str:
    """The reason, without idle space.

    Raises:
        ReasonNeeded: it is empty or too long.
    """
    stated = " ".join(text.split())
    if not 0 < len(stated) <= LONGEST_REASON:
        raise ReasonNeeded(where="reason")
    return stated
