"""Relays for clients behind closed networks: their addresses, and credentials for a while; pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from remote_court.config import TURN_URL

PORTS = {False: 3478, True: 5349}


@dataclass(frozen=True, slots=True)
class Turn:
    """Relays that share a secret with us (coturn's REST scheme).

    A credential is looked at when an allocation is made and not again, so it need live no longer
    than a client takes to connect; one that reconnects gets another.
    """

    urls: Sequence[str]
    secret: bytes
    good_for: timedelta = timedelta(minutes=10)

    def servers(self, name: str, now: datetime) -> list[dict[str, Any]]:
        """What a browser's ``iceServers`` wants.

        Args:
            name: stands in the relay's log: nothing by which the relay could know a person.
        """
        username, credential = self.credential(name, now)
        return [{"urls": list(self.urls), "username": username, "credential": credential}]

    def credential(self, name: str, now: datetime) -> tuple[str, str]:
        """A user name, which says until when it is good, and its password."""
        username = f"{int((now + self.good_for).timestamp())}:{name}"
        digest = hmac.digest(self.secret, username.encode(), hashlib.sha1)
        return username, base64.b64encode(digest).decode()


@dataclass(frozen=True, slots=True)
class Relay:
    """Where a relay listens, and how it is spoken to."""

    host: str
    port: int
    transport: Literal["udp", "tcp"]
    tls: bool

    @classmethod
    def at(cls, url: str) -> Relay:
        """Read a relay's address (RFC 7065); settings hold only such as can be read."""
        found = TURN_URL.fullmatch(url)
        assert found is not None, "the settings refuse any other"
        tls = found["scheme"] == "turns"
        tcp = tls or found["transport"] == "tcp"
        port = int(found["port"] or PORTS[tls])
        return cls(found["host"].strip("[]"), port, "tcp" if tcp else "udp", tls)
