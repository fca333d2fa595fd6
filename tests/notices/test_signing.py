"""A signed post proves who wrote it and when; anything changed, late or early proves nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from remote_court.notices.signing import TOLERATED, sign, verified
from tests.world import NOON

SECRET, BODY, AT = b"a secret of both", b'{"receipts": []}', int(NOON.timestamp())
GOOD = sign(SECRET, AT, BODY)


def test_the_signature_is_the_one_of_the_standard_tools():
    # printf '1000.x' | openssl dgst -sha256 -hmac key
    hashed = "cf1b6fc1bf9495219093444de0e595fa26773ffd99f918cf0320b9d886a12307"
    assert sign(b"key", 1000, b"x") == f"sha256={hashed}"


@pytest.mark.parametrize(
    ("timestamp", "signature", "body", "now", "good"),
    [
        (str(AT), GOOD, BODY, NOON, True),
        (str(AT), GOOD, BODY, NOON + TOLERATED, True),
        (str(AT), GOOD, BODY, NOON + TOLERATED + timedelta(seconds=1), False),
        (str(AT), GOOD, BODY, NOON - TOLERATED - timedelta(seconds=1), False),
        (str(AT + 1), GOOD, BODY, NOON, False),
        (str(AT), GOOD, BODY + b" ", NOON, False),
        (str(AT), GOOD.removeprefix("sha256="), BODY, NOON, False),
        (str(AT), "", BODY, NOON, False),
        ("", GOOD, BODY, NOON, False),
        ("۱۲", GOOD, BODY, NOON, False),
        ("-5", GOOD, BODY, NOON, False),
        ("9" * 400, GOOD, BODY, NOON, False),
        (str(AT), "sha256=é", BODY, NOON, False),
    ],
)
def test_only_the_very_post_within_minutes_is_believed(
    timestamp: str, signature: str, body: bytes, now: datetime, good: bool
):
    assert verified(SECRET, timestamp, signature, body, now) is good


def test_another_secret_proves_nothing():
    assert not verified(b"another", str(AT), GOOD, BODY, NOON)
