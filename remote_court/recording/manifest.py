"""The manifest: what a part consists of, a line each, every line bound to the one before; pure.

A line is a JSON object with sorted keys; ``prev`` is the SHA-256 of the line before, its line
feed included (64 zeros in the first). docs/recording.md describes each type of line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

FORMAT = "remote-court-recording/1"
BEGINNING = "0" * 64
Line = dict[str, Any]


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


@dataclass(slots=True)
class Chain:
    """Where a manifest has got to."""

    head: str = BEGINNING
    lines: int = 0
    length: int = 0

    def add(self, type_: str, **facts: object) -> bytes:
        """The next line, in bytes."""
        said = {"type": type_, "prev": self.head, **facts}
        line = (json.dumps(said, sort_keys=True, separators=(",", ":")) + "\n").encode()
        self.take(line)
        return line

    def take(self, line: bytes) -> None:
        """Go on after a line that is there already."""
        self.head = digest(line)
        self.lines += 1
        self.length += len(line)


@dataclass(frozen=True, slots=True)
class Read:
    """A manifest as far as its chain holds; ``broken_at`` is the first line that does not."""

    lines: list[Line]
    chain: Chain
    broken_at: int | None
    torn: bool
    """Whether the last line has no end: it was being written when the writer was cut off."""

    def of(self, type_: str) -> Iterator[Line]:
        """The lines of one type."""
        return (line for line in self.lines if line["type"] == type_)

    @property
    def header(self) -> Line:
        """The first line; empty where there is none."""
        return self.lines[0] if self.lines and self.lines[0]["type"] == "part" else {}


def read(data: bytes) -> Read:
    """Follow the chain."""
    chain, lines = Chain(), list[Line]()
    for number, raw in enumerate(data.splitlines(keepends=True), start=1):
        if not raw.endswith(b"\n"):
            return Read(lines, chain, None, True)
        line = decoded(raw)
        if line is None or line.get("prev") != chain.head:
            return Read(lines, chain, number, False)
        lines.append(line)
        chain.take(raw)
    return Read(lines, chain, None, False)


def decoded(raw: bytes) -> Line | None:
    """A line as an object with a type, if it is one."""
    try:
        line = json.loads(raw)
    except ValueError:
        return None
    return line if isinstance(line, dict) and isinstance(line.get("type"), str) else None
