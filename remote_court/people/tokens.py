"""Words that open a door: minted here, kept as hashes only."""

from __future__ import annotations

import hashlib
import hmac
import secrets

TOKEN_BYTES = 32


def mint() -> str:
    """A word nobody can guess, for a cookie or a bearer token."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(token: str) -> bytes:
    """What is kept of a long random word: its plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def sealed(key: bytes, purpose: str, text: str) -> bytes:
    """A keyed hash, for what is short enough to be guessed or must not be read back."""
    return hmac.digest(key, f"{purpose}\0{text}".encode(), "sha256")
