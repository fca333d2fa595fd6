"""Signed posts between our system and others: an HMAC over the moment and the body; pure."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

TOLERATED: Final = timedelta(minutes=5)
SCHEME: Final = "sha256="


def sign(secret: bytes, timestamp: int, body: bytes) -> str:
    """The signature of a body sent at a moment (Unix seconds): ``sha256=`` and 64 hex digits."""
    return SCHEME + hmac.new(secret, b"%d." % timestamp + body, hashlib.sha256).hexdigest()


def verified(secret: bytes, timestamp: str, signature: str, body: bytes, now: datetime) -> bool:
    """Whether a body was signed with the secret, within the last minutes."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):  # noqa: PLR2004
        return False
    at = int(timestamp)
    if abs(now.timestamp() - at) > TOLERATED.total_seconds():
        return False
    return hmac.compare_digest(sign(secret, at, body).encode(), signature.encode())
