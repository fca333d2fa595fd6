"""What can be wrong with a recording or its keys."""

from __future__ import annotations

from remote_court.errors import CourtError


class KeyUnusable(CourtError):
    """A key for recordings is missing, or is not 32 bytes in hexadecimal digits."""


class RecordingBroken(CourtError):
    """This recording cannot be read: a part of it is missing, was changed, or has another key."""
