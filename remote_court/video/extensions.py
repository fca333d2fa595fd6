"""RTP header extensions as we read them (RFC 8285); pure."""

from __future__ import annotations

from collections.abc import Iterator

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
NUMBER = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
"""The running number of all that a client sends, whatever the stream."""

KNOWN = frozenset({MID, AUDIO_LEVEL, SEND_TIME})
LAYERED = KNOWN | {RID, REPAIRED_RID}
"""What we read of an m-line that sends more than one encoding."""

LARGEST_ID = 14
"""Above it, an id does not fit the one-byte form that we write."""

AUDIO_LEVEL_SILENT = 127
"""Loudness is told in -dBov: 0 is the loudest, 127 silence."""

HEADER = 12
ONE_BYTE = 0xBEDE
TWO_BYTES = 0x1000


def bounds(view: memoryview | bytes, size: int) -> tuple[int, int]:
    """Where a packet's extensions start and its payload starts.

    ``start == end - 4`` at least where there are extensions, ``start == end`` where none;
    raises ValueError where the packet is shorter than it says.
    """
    start = HEADER + 4 * (view[0] & 0x0F)
    end = start
    if view[0] & 0x10:
        if size < start + 4:
            raise ValueError("packet is truncated")
        end = start + 4 + 4 * (view[start + 2] << 8 | view[start + 3])
    if size < end:
        raise ValueError("packet is truncated")
    return start, end


def elements(block: memoryview | bytes) -> Iterator[tuple[int, bytes]]:
    """The (id, value) pairs of an extension block, its announcing word included."""
    if len(block) < 4:  # noqa: PLR2004 - the announcing word
        return
    profile = block[0] << 8 | block[1]
    if profile == ONE_BYTE:
        yield from one_byte(bytes(block[4:]))
    elif profile & 0xFFF0 == TWO_BYTES:
        yield from two_bytes(bytes(block[4:]))


def one_byte(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Elements whose head is four bits of id and four of length."""
    at = 0
    while at < len(data):
        head = data[at]
        at += 1
        if not head >> 4:
            continue
        length = (head & 0x0F) + 1
        if at + length > len(data):
            return
        yield head >> 4, data[at : at + length]
        at += length


def two_bytes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Elements whose head is a byte of id and a byte of length."""
    at = 0
    while at + 1 < len(data):
        if not data[at]:
            at += 1
            continue
        name, length = data[at], data[at + 1]
        at += 2
        if at + length > len(data):
            return
        yield name, data[at : at + length]
        at += length


def place(block: memoryview | bytes, name_id: int | None, size: int) -> int | None:
    """Where in a block an element of this many bytes at least stands: its head, then its value.

    Only the one-byte form is looked at: that is what browsers write an id below 15 in.
    """
    if name_id is None or len(block) < 6 or block[0] << 8 | block[1] != ONE_BYTE:  # noqa: PLR2004 - the announcing word, a head and a byte
        return None
    at = 4
    while at + size < len(block):
        name, length = block[at] >> 4, (block[at] & 0x0F) + 1
        if name == name_id:
            return at if size <= length < len(block) - at else None
        at += 1 + length if name else 1
    return None


def word(block: memoryview | bytes, name_id: int | None) -> str | None:
    """The word an element holds: the m-line or the encoding a packet says it belongs to."""
    if name_id is None:
        return None
    for name, value in elements(block):
        if name == name_id and value.isascii():
            return value.decode("ascii")
    return None
