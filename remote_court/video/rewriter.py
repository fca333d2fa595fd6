"""One continuous stream out of many sources, one after another; pure.

A receiver's slot keeps its numbering for life. Whoever fills it, its sequence numbers and
timestamps are the source's plus a shift, and the shift changes only when the source does: so a
packet costs two additions, and nothing is written down per packet.
"""

from __future__ import annotations

from dataclasses import dataclass

HALF = 0x8000
SEQUENCES = 0xFFFF
TIMESTAMPS = 0xFFFFFFFF


def is_newer(sequence: int, than: int) -> bool:
    """Whether a 16-bit number comes after another, wrapping round."""
    return 0 < ((sequence - than) & SEQUENCES) < HALF


@dataclass(slots=True)
class Rewriter:
    """The shifts of one slot; ``begin`` with each new source, ``end`` when it goes.

    ``first`` is the source's first number that was let through, extended by its wraps: older
    packets belong to nobody here.
    """

    last_sequence: int
    last_timestamp: int
    sequence_shift: int = 0
    timestamp_shift: int = 0
    first: int = 0
    ended_at: float | None = None

    def begin(
        self,
        extended: int,
        timestamp: int,
        clock_rate: int,
        now: float,
        *,
        ticks: int | None = None,
    ) -> None:
        """Let a new source in, so that its first packet follows the last one sent.

        The timestamp moves on by ``ticks``, where the caller knows them from the sender's own
        clock, else by the time that passed; by one tick at least.
        """
        idle = 0.0 if self.ended_at is None else max(0.0, now - self.ended_at)
        ticks = max(1, round(idle * clock_rate) if ticks is None else ticks)
        self.sequence_shift = (self.last_sequence + 1 - extended) & SEQUENCES
        self.timestamp_shift = (self.last_timestamp + ticks - timestamp) & TIMESTAMPS
        self.first = extended

    def end(self, sequence: int, timestamp: int, now: float) -> None:
        """The source is gone; these were its newest numbers."""
        self.last_sequence = self.sequence_out(sequence)
        self.last_timestamp = self.timestamp_out(timestamp)
        self.ended_at = now

    def owns(self, extended: int) -> bool:
        """Whether a source's packet came at or after the first that was let through."""
        return extended >= self.first

    def sequence_out(self, sequence: int) -> int:
        """The number under which a source's packet is sent."""
        return (sequence + self.sequence_shift) & SEQUENCES

    def sequence_in(self, sequence: int) -> int:
        """The source's number of a packet that was sent under this one."""
        return (sequence - self.sequence_shift) & SEQUENCES

    def timestamp_out(self, timestamp: int) -> int:
        """The timestamp under which a source's packet is sent."""
        return (timestamp + self.timestamp_shift) & TIMESTAMPS


Clock = tuple[int, int]
"""An instant as a sender report tells it: NTP time (32.32 bits) and RTP timestamp."""

MOST_APART = 5


def ticks_between(before: Clock, stamp: int, after: Clock, later: int, rate: int) -> int | None:
    """Ticks from ``stamp`` of one stream to ``later`` of another, by the clock both report.

    None where the reports put them more than five seconds apart: one of them is stale.
    """
    reports = (after[0] - before[0]) * rate / (1 << 32)
    ticks = round(reports) + signed(later - after[1]) - signed(stamp - before[1])
    return ticks if abs(ticks) <= MOST_APART * rate else None


def signed(difference: int) -> int:
    """A difference of timestamps, which wrap round, as a number that may be negative."""
    return ((difference + 0x80000000) & TIMESTAMPS) - 0x80000000
