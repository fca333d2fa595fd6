"""What the embedded server says when it cannot serve."""

from __future__ import annotations

from typing_extensions import override

from remote_court.errors import CourtError


class PostgresFailed(CourtError):
    """The embedded PostgreSQL server could not be started or stopped."""

    def __init__(self, what: str, *, advice: str, log: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice
        self.log = log

    @override
    def __str__(self) -> str:
        tail = f"\nThe end of its log:\n{self.log.strip()}" if self.log.strip() else ""
        return f"{self.what}\nWhat to do: {self.advice}{tail}"
