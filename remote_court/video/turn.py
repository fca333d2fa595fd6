"""Credentials for a TURN server, good for a while (coturn's REST scheme); pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Turn:
    """A relay for clients behind closed networks; ``secret`` is shared with it."""

    urls: Sequence[str]
    secret: bytes
    good_for: timedelta = timedelta(hours=6)

    def servers(self, name: str, now: datetime) -> list[dict[str, Any]]:
        """What a browser's ``iceServers`` wants; the name appears in the relay's log."""
        username = f"{int((now + self.good_for).timestamp())}:{name}"
        digest = hmac.digest(self.secret, username.encode(), hashlib.sha1)
        credential = base64.b64encode(digest).decode()
        return [{"urls": list(self.urls), "username": username, "credential": credential}]
