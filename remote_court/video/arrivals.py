"""When each packet of one sender came, until it is told: so it sees its own line fill; pure.

Packets of all of a client's streams carry one running number
(draft-holmer-rmcat-transport-wide-cc-extensions-01, section 2).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from remote_court.video.rewriter import HALF, SEQUENCES
from remote_court.video.transport_feedback import MOST_RECEIVED, Arrival, report, spans

TICKS_PER_S, TICK_NS = 4000, 250_000
MOST_LATE = 8
"""Runs of late packets told at a time; more would be somebody's game."""

USUAL, SOON = 0.1, 0.05
"""Seconds between two reports, and where much comes."""

MUCH_PER_S = 400


class Arrivals:
    """What came and has not been told yet.

    The caller puts into ``untold`` each packet's number and the tick (of the wall clock) at which
    it came, the first time it comes, and asks for ``reports`` once they are ``due``.
    """

    def __init__(self) -> None:
        self.untold: dict[int, int] = {}
        self.due = 0.0
        self._told_at = 0.0
        self._count = 0
        self._next: int | None = None

    def reports(self, now: float, ssrc: int) -> list[bytes]:
        """Everything untold, as control packets; each fits a datagram.

        Args:
            ssrc: one of the sender's streams; by it the sender knows that it is meant.
        """
        untold, elapsed = self.untold, now - self._told_at
        self.untold, self._told_at = {}, now
        self.due = now + (SOON if len(untold) > elapsed * MUCH_PER_S else USUAL)
        return [self._report(base, some, ssrc) for base, some in self._parts(untold)]

    def _parts(self, untold: dict[int, int]) -> Iterator[tuple[int, Sequence[Arrival]]]:
        """What each report covers: its first number, which may not have come, and what came."""
        if not untold:
            return
        near = next(iter(untold)) if self._next is None else self._next
        low = near - HALF
        came = [(low + (number - low & SEQUENCES), tick) for number, tick in untold.items()]
        came.sort()
        expected = came[0][0] if self._next is None else self._next
        late = bisect_left(came, (expected,))
        if late:
            yield from runs(came[:late])
        if late < len(came):
            self._next = came[-1][0] + 1
            yield from spans(expected, came[late:])

    def _report(self, base: int, came: Sequence[Arrival], ssrc: int) -> bytes:
        self._count, number = self._count + 1, self._count & 0xFF
        return report(base, came, ssrc, number)


def runs(late: Sequence[Arrival]) -> Iterator[tuple[int, Sequence[Arrival]]]:
    """Late packets by themselves: what was told of their neighbours stays true."""
    starts = [at for at, one in enumerate(late) if not at or one[0] != late[at - 1][0] + 1]
    for start, end in pairwise([*starts[-MOST_LATE:], len(late)]):
        for at in range(start, end, MOST_RECEIVED):
            run = late[at : min(end, at + MOST_RECEIVED)]
            yield from spans(run[0][0], run)
