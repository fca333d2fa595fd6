"""When each packet of one sender came, as its congestion control reads it; pure.

Source:
    draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import sub
from struct import pack

from remote_court.video.rewriter import SEQUENCES
from remote_court.video.rtcp import OURS

REFERENCE_TICKS = 256
"""A report's first time is told in 64 ms, all others in 250 µs."""

LARGEST_DELTA = (1 << 15) - 1
LARGER = 256
"""From here on, and below 0, a time takes two bytes."""

LONGEST_SPAN = 2048
"""Numbers one report covers at most; a longer gap is not worth telling."""

MOST_RECEIVED = 160
"""Packets one report names at most: it fits a datagram whatever was lost between them."""

PACKET = 205
"""RTPFB; its format is 15."""

FIRST_BYTE = 0x80 | 15
HEAD = ">BBHIIHHI"
RUN = 0x1FFF
"""A run-length chunk's count; its symbol stands above."""

ONE_BIT, TWO_BITS = 14, 7
"""Symbols in a status vector."""

LOST, SMALL, LARGE = range(3)
"""What is told of a packet: nothing, or its time in so many bytes."""

Arrival = tuple[int, int]
"""A packet's number, its wraps counted, and the tick of 250 µs at which it came."""


def spans(base: int, came: Sequence[Arrival]) -> Iterator[tuple[int, Sequence[Arrival]]]:
    """Divide so that no report is too long and each time can be told from the one before."""
    if came[-1][0] - base < LONGEST_SPAN and len(came) <= MOST_RECEIVED:
        ticks = [tick for _, tick in came]
        if max(ticks) - min(ticks) <= LARGEST_DELTA:
            yield base, came
            return
    some: list[Arrival] = []
    for number, tick in came:
        if some and (
            len(some) == MOST_RECEIVED
            or number - base >= LONGEST_SPAN
            or abs(tick - some[-1][1]) > LARGEST_DELTA
        ):
            yield base, some
            base, some = some[-1][0] + 1, []
        if number - base >= LONGEST_SPAN:
            base = number
        some.append((number, tick))
    if some:
        yield base, some


def report(base: int, came: Sequence[Arrival], ssrc: int, count: int) -> bytes:
    """One feedback packet on the numbers from ``base`` to the last that came."""
    ticks = [tick for _, tick in came]
    reference = ticks[0] // REFERENCE_TICKS
    deltas = list(map(sub, ticks, [reference * REFERENCE_TICKS, *ticks]))
    symbols = bytearray(came[-1][0] - base + 1)
    for number, _ in came:
        symbols[number - base] = SMALL
    if min(deltas) >= 0 and max(deltas) < LARGER:
        body = chunks(symbols) + bytes(deltas)
    else:
        for (number, _), delta in zip(came, deltas, strict=True):
            if not 0 <= delta < LARGER:
                symbols[number - base] = LARGE
        body = chunks(symbols) + b"".join(
            delta.to_bytes(1) if 0 <= delta < LARGER else delta.to_bytes(2, signed=True)
            for delta in deltas
        )
    body += bytes(-len(body) % 4)
    return (
        pack(
            HEAD,
            FIRST_BYTE,
            PACKET,
            4 + len(body) // 4,
            OURS,
            ssrc,
            base & SEQUENCES,
            len(symbols),
            (reference & 0xFFFFFF) << 8 | count,
        )
        + body
    )


def chunks(symbols: bytearray) -> bytes:
    """Which came, and in how many bytes its time is told: as runs, or symbol by symbol."""
    told, at = bytearray(), 0
    while at < len(symbols):
        rest = symbols[at:]
        run = min(len(rest) - len(rest.lstrip(rest[:1])), RUN)
        some = rest[:ONE_BIT]
        wide = LARGE in some
        if run >= (TWO_BITS if wide else ONE_BIT) or run == len(rest):
            told += pack(">H", rest[0] << 13 | run)
            at += run
        else:
            told += vector(some[:TWO_BITS], 2) if wide else vector(some, 1)
            at += TWO_BITS if wide else ONE_BIT
    return bytes(told)


def vector(symbols: bytearray, bits: int) -> bytes:
    """A status vector chunk of symbols of this width; what it has no symbol for did not come."""
    word = 2 | bits - 1
    for symbol in symbols:
        word = word << bits | symbol
    return pack(">H", word << 14 - bits * len(symbols))
