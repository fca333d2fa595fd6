"""Packets in the order in which they were sent; pure.

A packet that is missing is waited for as long as a repair may still come; after that it is a gap.
"""

from __future__ import annotations

from dataclasses import dataclass, field

HALF = 0x8000
SEQUENCES = 0xFFFF
RESTART = 3000
"""A number this far from the one expected belongs to a stream that started anew."""

Packet = tuple[int, int, int, int, bytes]
"""Sequence, timestamp, marker (0 or 128), padding bit (0 or 32), payload, as the port has it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """So many packets never came."""

    lost: int


@dataclass(slots=True)
class Ordering:
    """The order of one stream; ``patience_s`` is how long a missing packet is waited for."""

    patience_s: float
    most: int = 512
    lost: int = 0
    late: int = 0
    _next: int | None = None
    _since: float = 0.0
    _held: dict[int, Packet] = field(default_factory=dict)

    def put(self, packet: Packet, now: float) -> list[Packet | Gap]:
        """Take a packet; returns what is in order by it."""
        if self._next is None:
            self._next = packet[0]
        number = self._extended(packet[0], self._next)
        out: list[Packet | Gap] = []
        if abs(number - self._next) > RESTART:
            out = self.rest()
            out.append(Gap(0))
            self._next = number
        if number < self._next or number in self._held:
            self.late += 1
            return out
        if number == self._next and not self._held:
            self._next += 1
            return [*out, packet]
        if not self._held:
            self._since = now
        self._held[number] = packet
        return [*out, *self.due(now)]

    def due(self, now: float) -> list[Packet | Gap]:
        """What need not be waited for any longer."""
        out = self._in_order(now)
        while self._held and (now - self._since >= self.patience_s or len(self._held) > self.most):
            out.append(self._give_up())
            out += self._in_order(now)
        return out

    def rest(self) -> list[Packet | Gap]:
        """Everything that is still held: the stream is over."""
        out: list[Packet | Gap] = []
        while self._held:
            out.append(self._give_up())
            out += self._in_order(self._since)
        return out

    def _in_order(self, now: float) -> list[Packet | Gap]:
        out: list[Packet | Gap] = []
        while self._next is not None and self._next in self._held:
            out.append(self._held.pop(self._next))
            self._next += 1
        if out:
            self._since = now
        return out

    def _give_up(self) -> Gap:
        assert self._next is not None
        first = min(self._held)
        gap = Gap(first - self._next)
        self.lost += gap.lost
        self._next = first
        return gap

    @staticmethod
    def _extended(sequence: int, near: int) -> int:
        ahead = (sequence - near) & SEQUENCES
        return near + (ahead if ahead < HALF else ahead - SEQUENCES - 1)
