"""What we hand out or keep in a form that only we can read."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken

from remote_court.people.tokens import sealed

FOR_EVER = timedelta(days=365 * 100)
HOUR = timedelta(hours=1)


def lock(key: bytes, purpose: str, text: str, now: datetime) -> str:
    """Encrypt a text for one purpose."""
    return _box(key, purpose).encrypt_at_time(text.encode(), int(now.timestamp())).decode()


def unlock(
    key: bytes, purpose: str, locked: str, now: datetime, life: timedelta = FOR_EVER
) -> str | None:
    """The text, or none when it is not ours, of another purpose, or too old."""
    try:
        plain = _box(key, purpose).decrypt_at_time(
            locked.encode(), int(life.total_seconds()), int(now.timestamp())
        )
    except InvalidToken:
        return None
    return plain.decode()


def _box(key: bytes, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(sealed(key, "vault", purpose)))
