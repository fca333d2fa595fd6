"""VP8 in RTP (RFC 7741): what a payload tells of its picture, and numbering anew; pure."""

from __future__ import annotations

from dataclasses import dataclass

SHORTEST = 2
"""Bytes: a descriptor and one byte of picture."""

PICTURES, SHORT_PICTURES, BASES = 0x7FFF, 0x7F, 0xFF
"""Where picture ids (of two bytes, of one) and the base layer's index wrap round."""

START_CODE = b"\x9d\x01\x2a"
SIDE = 0x3FFF

Shift = tuple[int, int]
"""What is added to picture ids and to the base layer's index."""

UNTOUCHED: Shift = (0, 0)


def extension_size(payload: bytes) -> int:
    """Bytes that follow a descriptor's two first, by the flags I, L, T and K."""
    flags = payload[1]
    picture = 0
    if flags & 0x80:
        picture = 2 if payload[2:3] >= b"\x80" else 1
    return picture + bool(flags & 0x40) + bool(flags & 0x30)


def descriptor_size(payload: bytes) -> int:
    """Bytes of a payload that describe it; may be more than there are."""
    if len(payload) < SHORTEST or not payload[0] & 0x80:
        return 1
    return 2 + extension_size(payload)


def opens_key_frame(payload: bytes) -> bool:
    """Whether a payload is the first of a key frame."""
    if len(payload) < SHORTEST or not payload[0] & 0x10 or payload[0] & 0x07:
        return False
    at = descriptor_size(payload)
    return len(payload) > at and not payload[at] & 0x01


def size_of(payload: bytes) -> tuple[int, int] | None:
    """Width and height of a picture, as the first payload of a key frame tells them."""
    if not opens_key_frame(payload):
        return None
    at = descriptor_size(payload) + 3
    if payload[at : at + 3] != START_CODE or len(payload) < at + 7:
        return None
    width, height = payload[at + 3 : at + 5], payload[at + 5 : at + 7]
    return int.from_bytes(width, "little") & SIDE, int.from_bytes(height, "little") & SIDE


def numbers_of(payload: bytes) -> tuple[int | None, int | None]:
    """The picture id and the index of the base layer (TL0PICIDX), where they are told."""
    if len(payload) < SHORTEST or not payload[0] & 0x80:
        return None, None
    if descriptor_size(payload) > len(payload):
        return None, None
    flags, at = payload[1], 2
    picture = base = None
    if flags & 0x80:
        picture, at = payload[2], 3
        if picture & 0x80:
            picture, at = (picture & 0x7F) << 8 | payload[3], 4
    if flags & 0x40:
        base = payload[at]
    return picture, base


def shifted(payload: bytes, shift: Shift) -> bytes:
    """A payload with its picture's numbers moved on; each wraps where its field does."""
    if shift == UNTOUCHED:
        return payload
    picture, base = numbers_of(payload)
    if picture is None and base is None:
        return payload
    moved, at = bytearray(payload), 2
    if picture is not None and payload[2] & 0x80:
        moved[2:4] = (0x8000 | (picture + shift[0]) & PICTURES).to_bytes(2)
        at = 4
    elif picture is not None:
        moved[2] = (picture + shift[0]) & SHORT_PICTURES
        at = 3
    if base is not None:
        moved[at] = (base + shift[1]) & BASES
    return bytes(moved)


@dataclass(slots=True)
class Numbering:
    """The pictures of one slot, numbered without a gap whichever layer they come from.

    ``begin`` with the first payload of a new source, ``end`` with the newest numbers of the
    one that goes. The very first source keeps its own numbers.
    """

    shift: Shift = UNTOUCHED
    last: tuple[int, int] | None = None

    def begin(self, payload: bytes) -> None:
        """Let a source in, so that its first picture follows the last one sent."""
        if self.last is None:
            return
        picture, base = numbers_of(payload)
        self.shift = (
            0 if picture is None else (self.last[0] + 1 - picture) & PICTURES,
            0 if base is None else (self.last[1] + 1 - base) & BASES,
        )

    def rest(self) -> None:
        """Something that needs no new numbers is let in."""
        self.shift = UNTOUCHED

    def end(self, newest: tuple[int, int]) -> None:
        """The source is gone; these were its newest numbers."""
        picture, base = newest
        self.last = ((picture + self.shift[0]) & PICTURES, (base + self.shift[1]) & BASES)
