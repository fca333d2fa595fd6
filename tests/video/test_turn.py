"""Credentials for the relay, as coturn checks them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from remote_court.video.turn import Turn


def test_a_credential_is_what_coturn_computes() -> None:
    turn = Turn(["turn:relay.example:3478"], b"shared", timedelta(hours=1))
    (server,) = turn.servers("p1", datetime(2026, 1, 1, tzinfo=UTC))
    expires, _, name = server["username"].partition(":")
    assert (int(expires), name) == (1767229200, "p1")
    digest = hmac.digest(b"shared", server["username"].encode(), hashlib.sha1)
    assert base64.b64decode(server["credential"]) == digest
