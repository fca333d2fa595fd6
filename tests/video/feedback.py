"""A reader of transport-wide feedback that knows nothing of our writer."""

from __future__ import annotations

from dataclasses import dataclass
from struct import unpack_from

TICK_S = 250e-6


@dataclass
class Feedback:
    """One packet: by number, the tick at which it came, or None where it is told to be lost."""

    ssrc: int
    base: int
    count: int
    reference: int
    seen: dict[int, int | None]


def read(data: bytes) -> Feedback:
    """Read a feedback packet, all of it.

    Source:
        draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1.
    """
    first, kind, words, _, ssrc, base, number = unpack_from(">BBHIIHH", data)
    assert (first, kind, len(data)) == (0x8F, 205, 4 + 4 * words)
    reference, count = int.from_bytes(data[16:19], signed=True), data[19]
    at, symbols = 20, list[int]()
    while len(symbols) < number:
        (chunk,) = unpack_from(">H", data, at)
        at += 2
        symbols += of(chunk)
    seen: dict[int, int | None] = {}
    tick = reference * 256
    for place, symbol in enumerate(symbols[:number]):
        seen[(base + place) & 0xFFFF] = None
        if symbol:
            tick += int.from_bytes(data[at : at + symbol], signed=symbol == 2)
            at += symbol
            seen[(base + place) & 0xFFFF] = tick
    assert not any(symbols[number:])
    assert not any(data[at:])
    assert len(data) - at < 4
    return Feedback(ssrc, base, count, reference, seen)


def of(chunk: int) -> list[int]:
    """The symbols of a chunk; 3 is none."""
    if not chunk >> 15:
        found = [chunk >> 13] * (chunk & 0x1FFF)
    elif not chunk >> 14 & 1:
        found = [chunk >> at & 1 for at in range(13, -1, -1)]
    else:
        found = [chunk >> at & 3 for at in range(12, -1, -2)]
    assert 3 not in found
    return found
