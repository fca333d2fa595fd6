"""The hash chain as pure functions of rows: the sealer writes it, the verifier proves it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

GENESIS: Final = hashlib.sha256(b"remote-court audit chain, version 1").digest()
"""What the first link hangs on."""

FIELDS: Final = (
    *("id", "tx", "at", "actor_id", "role", "place_id"),
    *("act", "subject_kind", "subject_id", "detail"),
)
"""What of an entry is sealed: all of it."""


def plain(entry: Mapping[Any, Any]) -> dict[str, Any]:
    """An entry as JSON can carry it: the instant in UTC to the microsecond."""
    at = entry["at"]
    if isinstance(at, datetime):
        at = at.astimezone(UTC).isoformat(timespec="microseconds")
    return {name: at if name == "at" else entry[name] for name in FIELDS}


def canonical(seq: int, entry: Mapping[Any, Any]) -> bytes:
    """The bytes of a link: one way to write them, whatever order the keys came in."""
    whole = {"seq": seq, **plain(entry)}
    return json.dumps(whole, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()


def link(previous: bytes, seq: int, entry: Mapping[Any, Any]) -> bytes:
    """The hash of an entry at a place of the chain, hanging on the link before it."""
    return hashlib.sha256(previous + canonical(seq, entry)).digest()
