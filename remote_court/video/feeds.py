"""A feed: what a person sends as one source, in one track or in several layers of one picture."""

from __future__ import annotations

from collections.abc import Callable

from remote_court.video import extensions
from remote_court.video.allocation import Encoding
from remote_court.video.layers import Layer
from remote_court.video.lines import Sending
from remote_court.video.permissions import Kind
from remote_court.video.port import Port
from remote_court.video.rates import Rates
from remote_court.video.tracks import NOBODY, Track

SQUEEZED_BPS = 120_000.0
"""What a single encoding needs at least: its sender is told to fit the poorest line."""


class Feed:
    """A microphone, a camera or a screen; ``tracks`` are its encodings, one at least.

    ``audience`` is the set of stations its packets may reach; nobody hears who is ``silenced``.
    """

    def __init__(self, sending: Sending, port: Port, send_control: Callable[[bytes], None]) -> None:
        self.sending = sending
        self.kind: Kind = sending.kind
        self.layers = tuple(Layer(rid, sending, port, send_control) for rid in sending.rids)
        for layer in self.layers:
            layer.family = self.layers
        self.tracks: tuple[Track, ...] = self.layers or (Track(sending, port, send_control),)
        self._audience = NOBODY
        self._living: tuple[bool, ...] = ()
        self._rate = Rates(len(self.tracks))

    @property
    def track(self) -> Track:
        """Its first encoding; the only one, unless it has layers."""
        return self.tracks[0]

    @property
    def audience(self) -> frozenset[str]:
        """The stations its packets may reach."""
        return self._audience

    @audience.setter
    def audience(self, roles: frozenset[str]) -> None:
        self._audience = roles
        for track in self.tracks:
            track.audience = roles

    def named_by(self, block: memoryview, payload_type: int) -> Track | None:
        """The encoding that a packet of unknown SSRC says it belongs to, in its extensions."""
        sending = self.sending
        if extensions.word(block, sending.mid_id) != sending.mid:
            return None
        if payload_type == sending.payload_type:
            name_id = sending.rid_id
        elif payload_type == sending.rtx_payload_type:
            name_id = sending.repaired_id
        else:
            return None
        if not self.layers:
            return self.track
        rid = extensions.word(block, name_id)
        return next((layer for layer in self.layers if layer.rid == rid), None)

    def encodings(self, now: float) -> list[tuple[Track, Encoding]]:
        """What can be had of it now, the smallest first; one at least."""
        if not self.layers:
            return [(self.track, Encoding((0, 0), min(self._rate.bps[0], SQUEEZED_BPS)))]
        known: list[tuple[Track, Encoding]] = [
            (layer, Encoding(layer.size, bps))
            for layer, bps in zip(self.layers, self._rate.bps, strict=True)
            if layer.settled(now)
        ]
        known.sort(key=lambda pair: (pair[1].pixels, pair[1].bps))
        return known or [(self._first_living(now), Encoding((0, 0), 0.0))]

    def _first_living(self, now: float) -> Track:
        return next((layer for layer in self.layers if layer.lives(now)), self.track)

    def second(self, now: float) -> None:
        """Once a second: measure."""
        self._rate.read(now, [track.octets for track in self.tracks])

    def watch(self, now: float) -> bool:
        """A few times a second: whether a layer came or went."""
        living = tuple(layer.settled(now) for layer in self.layers)
        before, self._living = self._living, living
        return living != before
