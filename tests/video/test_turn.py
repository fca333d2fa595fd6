"""Credentials for the relay, as coturn checks them, and addresses as browsers take them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from remote_court.video.turn import Relay, Turn


def test_a_credential_is_what_coturn_computes() -> None:
    turn = Turn(["turn:relay.example:3478"], b"shared", timedelta(hours=1))
    (server,) = turn.servers("c1", datetime(2026, 1, 1, tzinfo=UTC))
    expires, _, name = server["username"].partition(":")
    assert (int(expires), name) == (1767229200, "c1")
    digest = hmac.digest(b"shared", server["username"].encode(), hashlib.sha1)
    assert base64.b64decode(server["credential"]) == digest


def test_a_credential_lasts_no_longer_than_a_client_takes_to_connect() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    username, _ = Turn([], b"shared").credential("c1", now)
    assert int(username.partition(":")[0]) - now.timestamp() == 600


@pytest.mark.parametrize(
    ("url", "relay"),
    [
        ("turn:relay.example", Relay("relay.example", 3478, "udp", tls=False)),
        ("turn:192.0.2.1:443?transport=tcp", Relay("192.0.2.1", 443, "tcp", tls=False)),
        ("turns:relay.example", Relay("relay.example", 5349, "tcp", tls=True)),
        ("turn:[2001:db8::1]:3479?transport=udp", Relay("2001:db8::1", 3479, "udp", tls=False)),
    ],
)
def test_an_address_says_where_a_relay_listens_and_how(url: str, relay: Relay) -> None:
    assert Relay.at(url) == relay
