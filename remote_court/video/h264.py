"""H.264 in RTP (RFC 6184), packetization mode 1: where a key frame starts; pure."""

from __future__ import annotations

from collections.abc import Mapping

IDR, PARAMETERS = 5, 7
"""Types of units: a slice of a key frame, and the sequence's parameters that go before one."""

OPENERS = frozenset({IDR, PARAMETERS})
AGGREGATE, FRAGMENT = 24, 28
TYPE = 0x1F
FIRST = 0x80
ONE_BY_ONE = "1"
"""The packetization mode in which units may be split and joined, in order."""

BASELINE = "42"
"""How the profile of a decoder of every browser starts: (constrained) baseline."""


def opens_key_frame(payload: bytes) -> bool:
    """Whether a payload starts a key frame: a whole unit, joined ones, or a first fragment."""
    if not payload:
        return False
    kind = payload[0] & TYPE
    if kind == AGGREGATE:
        return aggregate_opens(payload)
    if kind == FRAGMENT:
        return len(payload) > 1 and bool(payload[1] & FIRST) and payload[1] & TYPE in OPENERS
    return kind in OPENERS


def aggregate_opens(payload: bytes) -> bool:
    """Whether one of the units that a payload joins starts a key frame."""
    at = 1
    while at + 2 < len(payload):
        size = int.from_bytes(payload[at : at + 2])
        if payload[at + 2] & TYPE in OPENERS:
            return True
        at += 2 + size
    return False


def is_served(parameters: Mapping[str, object]) -> bool:
    """Whether a format of H.264 is the one we pass on, by its parameters in an offer."""
    mode = str(parameters.get("packetization-mode", "0"))
    profile = str(parameters.get("profile-level-id", BASELINE)).lower()
    return mode == ONE_BY_ONE and profile.startswith(BASELINE)
