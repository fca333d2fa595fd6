"""Matroska as it is written while somebody talks: a head, then one cluster after another; pure.

FFmpeg's muxer holds sound back for as long as the picture beside it stalls (four seconds of it
were seen in memory): too long where a crash may cost two. So the few elements are written here;
reading, remuxing and composing are FFmpeg's. Format: RFC 9559.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter

from remote_court.recording.frames import Setup

EPOCH = datetime(2001, 1, 1, tzinfo=UTC)
UNKNOWN_SIZE = b"\x01" + b"\xff" * 7
MILLISECOND_NS = 1_000_000
OPUS_SEEK_NS = 80_000_000
KEY_FRAME = 0x80
FURTHEST_MS = 0x7FFF
"""How far a block may lie from the start of its cluster."""
WRITER = "Remote Court"


@dataclass(frozen=True, slots=True)
class Entry:
    """A track as the head describes it."""

    number: int
    codec: str
    name: str
    setup: Setup
    pictures: bool


def element(name: int, content: bytes) -> bytes:
    """An element with its size in front."""
    return name.to_bytes((name.bit_length() + 7) // 8) + size(len(content)) + content


def size(length: int) -> bytes:
    """A length as EBML writes it, in four bytes."""
    if length >= (1 << 28) - 1:
        raise ValueError("too long for an element")
    return (length | 1 << 28).to_bytes(4)


def number(name: int, value: int) -> bytes:
    """An element that holds an unsigned number."""
    return element(name, value.to_bytes(max(1, (value.bit_length() + 7) // 8)))


def head(begins_at: datetime, entries: Sequence[Entry]) -> bytes:
    """Everything before the first cluster; the length of what follows is left open."""
    ebml = number(0x4286, 1) + number(0x42F7, 1) + number(0x42F2, 4) + number(0x42F3, 8)
    ebml += element(0x4282, b"matroska") + number(0x4287, 4) + number(0x4285, 2)
    since = round((begins_at - EPOCH).total_seconds() * 1e9)
    info = number(0x2AD7B1, MILLISECOND_NS) + element(0x4461, since.to_bytes(8, signed=True))
    info += element(0x4D80, WRITER.encode()) + element(0x5741, WRITER.encode())
    tracks = b"".join(element(0xAE, track(entry)) for entry in entries)
    segment = 0x18538067.to_bytes(4) + UNKNOWN_SIZE
    return (
        element(0x1A45DFA3, ebml)
        + segment
        + element(0x1549A966, info)
        + element(0x1654AE6B, tracks)
    )


def track(entry: Entry) -> bytes:
    """The entry of one track."""
    setup = entry.setup
    body = number(0xD7, entry.number) + number(0x73C5, entry.number) + number(0x9C, 0)
    body += number(0x83, 1 if entry.pictures else 2)
    body += element(0x86, entry.codec.encode()) + element(0x536E, entry.name.encode())
    if setup.private:
        body += element(0x63A2, setup.private)
    if entry.pictures:
        return body + element(0xE0, number(0xB0, setup.width) + number(0xBA, setup.height))
    sound = element(0xB5, struct.pack(">d", 48_000.0)) + number(0x9F, 2)
    return body + number(0x56BB, OPUS_SEEK_NS) + element(0xE1, sound)


@dataclass(slots=True)
class Cluster:
    """Frames of some seconds; ``start_ms`` is the first one's time."""

    start_ms: int
    end_ms: int = 0
    blocks: list[tuple[int, bytes]] = field(default_factory=list)

    def takes(self, at_ms: int) -> bool:
        """Whether a frame of this time can be in it."""
        return abs(at_ms - self.start_ms) <= FURTHEST_MS

    def add(self, track: int, at_ms: int, data: bytes, *, key: bool) -> None:
        """Put a frame in."""
        place = struct.pack(">BhB", 0x80 | track, at_ms - self.start_ms, KEY_FRAME if key else 0)
        self.blocks.append((at_ms, element(0xA3, place + data)))
        self.end_ms = max(self.end_ms, at_ms)

    def encode(self) -> bytes:
        """The cluster in bytes."""
        self.blocks.sort(key=itemgetter(0))
        blocks = b"".join(block for _, block in self.blocks)
        return element(0x1F43B675, number(0xE7, self.start_ms) + blocks)
