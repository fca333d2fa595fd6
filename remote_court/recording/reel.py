"""What one connection sends of sound and picture, on its way into files. Used by one thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from remote_court.recording.assembly import Assembly
from remote_court.recording.codecs import CODECS
from remote_court.recording.footage import Footage
from remote_court.recording.frames import Frame
from remote_court.recording.ordering import Gap, Ordering, Packet
from remote_court.recording.part import Part
from remote_court.recording.timeline import Timeline

PATIENCE_S = {True: 0.5, False: 0.15}
"""How long a missing packet of pictures, and of sound, is waited for."""

CLOCKS_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class Source:
    """A track to be recorded: ``microphone``, ``camera`` or ``screen``, and how it is coded."""

    name: str
    codec: str
    clock_rate: int


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose connection it is; ``name`` and ``label`` are written under the data key only."""

    person: str
    role: str
    connection: str
    name: str
    label: str


class Track:
    """One source: its packets in order, its frames, its clock."""

    def __init__(self, source: Source) -> None:
        codec = CODECS[source.codec]
        self.source = source
        self.codec = codec
        self.assembly = Assembly(codec)
        self.timeline: Timeline | None = None
        self.lost = 0
        self.origin = -1
        self.restart(0)
        self.heard_at = 0.0
        self.arrivals = 0

    def restart(self, origin: int) -> None:
        """Another stream goes on where this one was: a layer of the same picture."""
        if origin == self.origin:
            return
        self.origin = origin
        self.ordering = Ordering(PATIENCE_S[self.codec.pictures])
        self.assembly.gap()
        if self.timeline is not None:
            self.timeline.restart()

    def frames(self, ordered: Iterable[Packet | Gap]) -> list[Frame]:
        """The frames that are whole by these packets."""
        out = []
        for piece in ordered:
            if isinstance(piece, Gap):
                self.lost += piece.lost
                self.assembly.gap()
            else:
                out += self.assembly.put(piece)
        return out


class Reel:
    """The tracks of one connection that belong together, and the file they go into."""

    def __init__(self, sender: Sender, sources: Sequence[Source]) -> None:
        self.sender = sender
        self.tracks = [Track(source) for source in sources]
        self.footage: Footage | None = None
        self.dropped = 0
        self.over = False

    @property
    def wants_key(self) -> bool:
        """Whether pictures wait for a key frame."""
        return any(t.arrivals and t.codec.pictures and t.assembly.wants_key for t in self.tracks)

    def thread(self, part: Part | None, began: float) -> None:
        """Go into another part from now on, or into none."""
        self.footage = None
        for track in self.tracks:
            track.timeline = Timeline(track.source.clock_rate, began)
            track.assembly.gap()
        if part is not None:
            self.footage = Footage(part, self.sender, self.tracks)

    def take(self, number: int, origin: int, packet: Packet, now: float) -> None:
        """A packet of a track has come; ``origin`` tells its streams apart."""
        track = self.tracks[number]
        track.restart(origin)
        track.arrivals += 1
        self._place(number, track.frames(track.ordering.put(packet, now)), now)

    def hear(self, number: int, ntp: int, timestamp: int, now: float) -> None:
        """A sender's report: which moment of its clock a timestamp is."""
        track, footage = self.tracks[number], self.footage
        if footage is None or track.timeline is None or now - track.heard_at < CLOCKS_EVERY_S:
            return
        at_ms = track.timeline.look_up_ms(timestamp)
        if at_ms is not None and footage.clock(number, ntp, at_ms, now - track.timeline.began):
            track.heard_at = now

    def tick(self, now: float) -> None:
        """Several times a second: what is due."""
        for number, track in enumerate(self.tracks):
            self._place(number, track.frames(track.ordering.due(now)), now)
        if self.footage is not None:
            self.footage.tick(now)

    def finish(self, now: float) -> None:
        """Nothing more will come."""
        for number, track in enumerate(self.tracks):
            self._place(number, track.frames(track.ordering.rest()), now)
        if self.footage is not None:
            self.footage.finish(now)
        self.over = True

    def _place(self, number: int, frames: Iterable[Frame], now: float) -> None:
        timeline, footage = self.tracks[number].timeline, self.footage
        if footage is None or timeline is None:
            return
        for frame in frames:
            footage.put(number, frame, timeline.at_ms(frame.timestamp, now), now)
