"""The recording of a room: who is taped, by the court's word, and whether that works."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from prometheus_client import Gauge

from remote_court.recording.recorder import Recorder, Running, Watched
from remote_court.recording.reel import Sender
from remote_court.recording.reel import Source as Coded
from remote_court.telemetry import REGISTRY
from remote_court.video import messages
from remote_court.video.feeds import Feed
from remote_court.video.lines import Source
from remote_court.video.messages import Message
from remote_court.video.peer import Peer
from remote_court.video.permissions import Kind
from remote_court.video.ports import CallState, Growth, State
from remote_court.video.rewriter import Clock
from remote_court.video.tracks import Track

log = logging.getLogger(__name__)
PATIENCE_S = 6.0
"""A recording that has not grown for so long, though packets come, is failing."""

TOGETHER = ((Source.MICROPHONE, Source.CAMERA), (Source.SCREEN,))
"""What goes into one file: a face with its voice; a screen has a file of its own."""

FAILING = Gauge(
    "remote_court_recordings_failing",
    "Recordings on this worker that should run and do not grow",
    registry=REGISTRY,
)


class Reel:
    """One source of a peer, and which of its encodings goes into the file just now."""

    def __init__(self, number: int, feed: Feed, watched: Watched) -> None:
        self.feed = feed
        self._number = number
        self._watched = watched
        self._track: Track | None = None
        self._clock: Clock | None = None

    def turn(self, now: float, *, on: bool) -> None:
        """Tap the best encoding there is, or none.

        One that is as good as another is kept: the picture begins anew with each change.
        """
        best = self.feed.encodings(now)[-1][0] if on else None
        if best is self._track:
            return
        if self._track is not None:
            self._track.tap = None
        self._track = best
        if best is not None:
            best.tap = self._watched.tap(self._number)

    def tick(self) -> None:
        """Ask for a key frame."""
        if self._track is not None and self.feed.kind is Kind.VIDEO:
            self._track.want_key_frame()

    def second(self) -> None:
        """Pass the sender's newest report on."""
        track = self._track
        if track is None or track.clock is None or track.report is None:
            return
        if track.clock != self._clock:
            self._clock = track.clock
            ntp, timestamp = track.clock
            self._watched.hear(self._number, ntp, timestamp, track.report[1])

    @property
    def received(self) -> int:
        """Packets that came of it while they might reach somebody."""
        return sum(track.reception.received for track in self.feed.tracks)


class Taped:
    """A peer's sources that go into one file."""

    def __init__(self, running: Running, peer: Peer, feeds: Sequence[Feed]) -> None:
        who = Sender(
            person=peer.person_id,
            role=peer.role,
            connection=peer.connection_id,
            name=peer.who.name,
            label=peer.who.label,
        )
        sources = [
            Coded(f.sending.source.value, f.sending.codec.value, f.sending.clock_rate)
            for f in feeds
        ]
        self.peer = peer
        self._watched = running.watch(who, sources)
        self.reels = [Reel(number, feed, self._watched) for number, feed in enumerate(feeds)]

    def follow(self, now: float, *, live: bool) -> None:
        """Tap what may be heard or seen now: what reaches nobody is not recorded either."""
        for reel in self.reels:
            reel.turn(now, on=live and bool(reel.feed.audience))

    def tick(self) -> None:
        """Ask for a key frame where pictures wait for one."""
        if self._watched.wants_key:
            for reel in self.reels:
                reel.tick()

    def second(self, now: float, *, live: bool) -> None:
        """Look which encoding is the best by now, and what the sender reports."""
        self.follow(now, live=live)
        for reel in self.reels:
            reel.second()

    def end(self, now: float) -> None:
        """The connection is over, or the recording."""
        for reel in self.reels:
            reel.turn(now, on=False)
        self._watched.end()


class Taping:
    """Follows the court's word; ``message`` is what everybody in the room is told."""

    def __init__(
        self,
        session_id: str,
        recorder: Recorder | None,
        unrecorded: frozenset[str] = frozenset(),
    ) -> None:
        self._session_id = session_id
        self._unrecorded = unrecorded
        self._recorder = recorder
        self._recording = ""
        self._running: Running | None = None
        self._taped: dict[Peer, list[Taped]] = {}
        self._live = False
        self._failing = False
        self._octets = self._packets = 0
        self._grew_at = 0.0

    @property
    def message(self) -> Message:
        """Whether the call is recorded."""
        return messages.recording(on=bool(self._recording), failing=self._failing)

    @property
    def growth(self) -> Growth | None:
        """How the recording does; None where none runs."""
        if not self._recording:
            return None
        if self._running is None:
            return Growth(self._recording, 0, 0, True, "no recorder")
        running = self._running
        return Growth(self._recording, running.octets, running.lost, self._failing, running.trouble)

    def follow(self, call: CallState, peers: Sequence[Peer], now: float) -> bool:
        """Bring the taps in line with the court's word; returns whether people must be told."""
        wanted = "" if call.state is State.CLOSED else call.recording
        changed = wanted != self._recording
        if changed:
            self._stop(now)
            self._start(wanted, now)
        live = call.state is State.LIVE
        if live and not self._live:
            self._grew_at = now
        self._live = live
        if self._running is not None:
            self._tape(self._running, peers, now)
        return changed

    def listen(self) -> None:
        """A few times a second: ask for key frames where pictures wait for one."""
        for taped in self._each():
            taped.tick()

    def second(self, now: float) -> bool:
        """Once a second: whether it grows. Returns whether people must be told."""
        for taped in self._each():
            taped.second(now, live=self._takes(taped.peer))
        if not self._recording:
            return False
        if self._running is None:
            return self._judge(self._live)
        octets = self._running.octets
        packets = self._received()
        if octets != self._octets or packets == self._packets or not self._live:
            self._grew_at = now
        self._octets, self._packets = octets, packets
        return self._judge(now - self._grew_at >= PATIENCE_S)

    def _judge(self, failing: bool) -> bool:
        if failing is self._failing:
            return False
        self._failing = failing
        FAILING.inc(1 if failing else -1)
        if failing:
            trouble = "no recorder" if self._running is None else self._running.trouble
            log.error(
                "recording %s of session %s does not grow: %s",
                self._recording,
                self._session_id,
                trouble or "no reason known",
            )
        return True

    def _received(self) -> int:
        taken = (taped for taped in self._each() if self._takes(taped.peer))
        reels = (reel for taped in taken for reel in taped.reels)
        return sum(reel.received for reel in reels if reel.feed.audience)

    def _each(self) -> list[Taped]:
        return [taped for each in self._taped.values() for taped in each]

    def _start(self, wanted: str, now: float) -> None:
        self._recording, self._grew_at, self._octets = wanted, now, 0
        if wanted and self._recorder is not None:
            self._running = self._recorder.open(wanted, self._session_id)

    def _stop(self, now: float) -> None:
        self._judge(False)
        for taped in self._each():
            taped.end(now)
        self._taped.clear()
        if self._running is not None:
            self._running.finish()
            self._running = None

    def _tape(self, running: Running, peers: Sequence[Peer], now: float) -> None:
        for gone in self._taped.keys() - set(peers):
            for taped in self._taped.pop(gone):
                taped.end(now)
        for peer in peers:
            if peer not in self._taped:
                self._taped[peer] = [
                    Taped(running, peer, feeds) for feeds in together(peer.media.feeds)
                ]
            for taped in self._taped[peer]:
                taped.follow(now, live=self._takes(peer))

    def _takes(self, peer: Peer) -> bool:
        """Whether what this person sends may be recorded where they are."""
        return self._live and peer.station not in self._unrecorded


def together(feeds: Mapping[Source, Feed]) -> list[list[Feed]]:
    """Sources by the file they go into."""
    groups = [[feeds[s] for s in sources if s in feeds] for sources in TOGETHER]
    return [group for group in groups if group]
