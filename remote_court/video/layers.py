"""A layer: one of several encodings in which a person sends the same picture (simulcast)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from typing_extensions import override

from remote_court.video import vp8
from remote_court.video.legs import Leg, Route
from remote_court.video.lines import Sending
from remote_court.video.port import Port
from remote_court.video.rewriter import is_newer, ticks_between
from remote_court.video.ring import Packet
from remote_court.video.tracks import Track

FRAMES_AHEAD = 3
"""So many whole frames of another layer without one of ours: the sender has dropped ours."""

QUIET = 0.4
"""Seconds without a packet before a layer may count as dropped."""

SETTLED = 1.0
"""Seconds a layer must have lasted before anybody is moved to it."""

PAUSE = 1.0
"""Seconds of silence after which a layer's life starts anew."""


class Layer(Track):
    """A track of which ``family`` are all encodings, itself among them.

    Its receivers may come from another layer: their pictures are then numbered on, so packets
    to them differ in the payload's descriptor too.
    """

    def __init__(
        self, rid: str, sending: Sending, port: Port, send_control: Callable[[bytes], None]
    ) -> None:
        super().__init__(sending, port, send_control)
        self.rid = rid
        self.family: tuple[Layer, ...] = (self,)
        self.size = (0, 0)
        self.heard_at = self.since = float("-inf")
        self.frames: deque[float] = deque(maxlen=FRAMES_AHEAD)
        self._newest = (0, 0)
        self._groups: list[tuple[vp8.Shift, tuple[Route, ...]]] = []

    @override
    def receive(self, packet: Packet, now: float) -> None:
        sequence, _, marker, _, payload = packet
        if self.reception.highest < 0 or is_newer(sequence, self.reception.highest):
            picture, base = vp8.numbers_of(payload)
            self._newest = (picture or 0, base or 0)
            self.size = vp8.size_of(payload) or self.size
            if now - self.heard_at > PAUSE:
                self.since = now
            self.heard_at = now
            if marker:
                self.frames.append(now)
        super().receive(packet, now)

    def lives(self, now: float) -> bool:
        """Whether the sender still sends it; silence counts only while a sibling speaks."""
        if now - self.heard_at <= QUIET:
            return True
        return self.heard_at > 0 and not any(
            len(other.frames) == FRAMES_AHEAD and other.frames[0] > self.heard_at
            for other in self.family
        )

    def settled(self, now: float) -> bool:
        """Whether it has lasted long enough to move somebody to it."""
        return self.lives(now) and now - self.since >= SETTLED

    @override
    def _let_in(self, leg: Leg, extended: int, packet: tuple[int, bytes], now: float) -> None:
        ticks, before = None, leg.track
        if isinstance(before, Layer) and before is not self:
            ticks = self._ticks_since(before, packet[0])
            before.hand_over(leg)
            leg.track, leg.target = self, None
        leg.numbering.begin(packet[1])
        leg.begin(self, extended, packet[0], now, ticks=ticks)

    def _ticks_since(self, before: Layer, stamp: int) -> int | None:
        if before.clock is None or self.clock is None:
            return None
        rate = self.sending.clock_rate
        return ticks_between(before.clock, before.timestamp, self.clock, stamp, rate)

    def hand_over(self, leg: Leg) -> None:
        """A sibling takes the slot over; what came here last was the last that it was sent."""
        self._part(leg, self.heard_at)

    @override
    def _part(self, leg: Leg, now: float) -> None:
        leg.numbering.end(self._newest)
        super()._part(leg, now)

    @override
    def _reroute(self) -> None:
        super()._reroute()
        self._groups = grouped(self._routes)

    @override
    def _forward(self, routes: tuple[Route, ...], packet: Packet, now: float) -> None:
        groups = self._groups if routes is self._routes else grouped(routes)
        sequence, timestamp, marker, padded, payload = packet
        for shift, some in groups:
            moved = vp8.shifted(payload, shift)
            super()._forward(some, (sequence, timestamp, marker, padded, moved), now)


def grouped(routes: Sequence[Route]) -> list[tuple[vp8.Shift, tuple[Route, ...]]]:
    """Routes by what their pictures' numbers are moved by: most receivers moved together."""
    groups: dict[vp8.Shift, list[Route]] = {}
    for route in routes:
        groups.setdefault(route[-1].numbering.shift, []).append(route)
    return [(shift, tuple(some)) for shift, some in groups.items()]
