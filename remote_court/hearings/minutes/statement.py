"""What a signature says, in bytes; pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

FORMAT = "remote-court-minutes/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Who signs which document, as what, how and when.

    ``by`` is whose key signs; ``fingerprint`` is the SHA-256 of the picture, empty where there
    is none. ``at`` is RFC 3339 in UTC.
    """

    sha256: str
    hearing: str
    person: str
    part: str
    role: str
    method: str
    by: str
    at: str
    fingerprint: str = ""

    @property
    def said(self) -> bytes:
        """The bytes that are signed: a line for each fact."""
        facts = (
            FORMAT,
            self.sha256,
            self.hearing,
            self.person,
            self.part,
            self.role,
            self.method,
            self.by,
            self.at,
            self.fingerprint,
        )
        return ("\n".join(facts) + "\n").encode()


def statement_of(sha256: str, hearing: str, entry: dict[str, Any]) -> Statement:
    """What an entry of a copy claims was signed."""
    picture = entry.get("fingerprint_png")
    return Statement(
        sha256=sha256,
        hearing=hearing,
        person=str(entry["person"]),
        part=str(entry["part"]),
        role=str(entry["role"]),
        method=str(entry["method"]),
        by=str(entry["by"]),
        at=str(entry["at"]),
        fingerprint=hashlib.sha256(bytes.fromhex(picture)).hexdigest() if picture else "",
    )


def instant(at: datetime) -> str:
    """An instant as statements write it; later ones sort later."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
