"""What arrived of a stream and what did not: losses, reports, what to ask for again; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from remote_court.video.rewriter import HALF, SEQUENCES

MOST_MISSING = 100
LARGEST_GAP = 300
TRIES = 10
PATIENCE = 0.6
"""Seconds after which a packet is of no use to anybody; a key frame comes sooner."""

FIRST_ROUND_TRIP = 0.08
SOONEST, LATEST = 0.03, 0.25
"""Bounds, in seconds, of the time between two requests for the same packet."""


class Arrival(Enum):
    """How a packet relates to the newest before it."""

    AHEAD = auto()
    LATE = auto()
    DUPLICATE = auto()
    RESTART = auto()


@dataclass(slots=True)
class Missing:
    """A packet that did not come: since when, when last asked for, how often."""

    since: float
    asked_at: float = 0.0
    tries: int = 0


@dataclass(slots=True)
class Reception:
    """The state of one incoming stream.

    ``given_up`` counts packets that were asked for in vain; ``round_trip`` is how long, in seconds,
    a packet takes from being asked for to coming.

    The caller counts ``received`` and, for a packet that is simply the next, moves ``highest``
    (and ``cycles``) itself; all others go through ``note``.
    """

    highest: int = -1
    cycles: int = 0
    received: int = 0
    first: int = 0
    jitter: float = 0.0
    missing: dict[int, Missing] = field(default_factory=dict)
    given_up: int = 0
    round_trip: float = FIRST_ROUND_TRIP
    _transit: float | None = None
    _expected_before: int = 0
    _received_before: int = 0

    def note(self, sequence: int, now: float, *, ask: bool) -> Arrival:
        """Take note of a packet that is not simply the next one.

        ``ask`` says whether what is missing shall be asked for again.
        """
        if self.highest < 0:
            self.first = self.highest = sequence
            return Arrival.AHEAD
        ahead = (sequence - self.highest) & SEQUENCES
        if ahead >= HALF:
            lack = self.missing.pop(sequence, None)
            if lack is not None and lack.tries == 1:
                self.round_trip += (now - lack.asked_at - self.round_trip) / 4
            return Arrival.LATE if lack is not None or not ask else Arrival.DUPLICATE
        if ahead == 0:
            return Arrival.DUPLICATE
        if ask and ahead <= LARGEST_GAP:
            self._miss(range(self.highest + 1, self.highest + ahead), now)
        if sequence < self.highest:
            self.cycles += 1
        self.highest = sequence
        if ahead > LARGEST_GAP:
            self.missing.clear()
            return Arrival.RESTART
        return Arrival.AHEAD

    def _miss(self, gap: range, now: float) -> None:
        for number in gap[-MOST_MISSING:]:
            self.missing[number & SEQUENCES] = Missing(since=now)
        while len(self.missing) > MOST_MISSING:
            del self.missing[next(iter(self.missing))]

    def to_ask(self, now: float) -> Iterator[int]:
        """Numbers to ask for now, each once in a round trip and a quarter; gives old ones up."""
        every = min(LATEST, max(SOONEST, self.round_trip * 1.25))
        for number, lack in list(self.missing.items()):
            if now - lack.since > PATIENCE or lack.tries >= TRIES:
                del self.missing[number]
                self.given_up += 1
            elif lack.tries == 0 or now - lack.asked_at >= every:
                lack.asked_at, lack.tries = now, lack.tries + 1
                yield number

    def time(self, timestamp: int, now: float, clock_rate: int) -> None:
        """Feed the jitter estimate (RFC 3550, A.8) with one packet of a frame."""
        transit = now * clock_rate - timestamp
        if self._transit is not None:
            step = abs(transit - self._transit)
            if step < clock_rate * 5:
                self.jitter += (step - self.jitter) / 16
        self._transit = transit

    @property
    def extended(self) -> int:
        """The highest number with the count of its wraps above it."""
        return (self.cycles << 16) | max(self.highest, 0)

    def extend(self, sequence: int) -> int:
        """A number at or before the highest, with its wraps."""
        return self.extended - ((self.highest - sequence) & SEQUENCES)

    def loss(self) -> tuple[int, int]:
        """Fraction lost since the last call (in 256ths) and all that was lost."""
        expected = self.extended - self.first + 1 if self.highest >= 0 else 0
        expected_now = expected - self._expected_before
        received_now = self.received - self._received_before
        self._expected_before, self._received_before = expected, self.received
        lost_now = expected_now - received_now
        fraction = 0 if expected_now <= 0 or lost_now <= 0 else (lost_now << 8) // expected_now
        return min(fraction, 255), expected - self.received
