"""The Matroska files of one reel: when one begins, when a segment is cut, when the next begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from remote_court.recording import matroska
from remote_court.recording.frames import Frame, Setup
from remote_court.recording.matroska import Cluster, Entry
from remote_court.recording.part import Part

if TYPE_CHECKING:
    from remote_court.recording.reel import Sender, Track

SEGMENT_S = 1.0
"""A segment is cut this often. With what waits for repairs a crash costs two seconds at most."""

HEAD_WAITS_S = 0.8
"""How long the head of a file waits for the first picture."""

IDLE_S = 5.0


class Footage:
    """Frames in, segments out.

    A file's head names its tracks, so a track that shows up later, or changes its parameter
    sets, begins another file; one in which nothing has come for a while is closed.
    """

    def __init__(self, part: Part, sender: Sender, tracks: Sequence[Track]) -> None:
        self._part = part
        self._sender = sender
        self._tracks = tracks
        self._setups: dict[int, Setup] = {}
        self._waiting: list[tuple[int, int, Frame]] = []
        self._waits_since = 0.0
        self._file: int | None = None
        self._begins_ms = 0
        self._head = b""
        self._in_head: dict[int, Setup] = {}
        self._last: dict[int, int] = {}
        self._cluster: Cluster | None = None
        self._cut_at = 0.0
        self._active_at = 0.0

    def put(self, number: int, frame: Frame, at_ms: int, now: float) -> None:
        """Take a frame; ``at_ms`` since the part began."""
        self._active_at = now
        if frame.setup is not None:
            self._setups[number] = frame.setup
        if self._file is not None and not self._fits(number, frame):
            known = {n: s for n, s in self._setups.items() if n in self._in_head or n == number}
            self._close(but=number)
            self._setups = known
            self._begin([(number, at_ms, frame)], now)
        elif self._file is not None:
            self._write(number, frame, at_ms, now)
        else:
            self._wait(number, frame, at_ms, now)

    def clock(self, number: int, ntp: int, at_ms: int, heard_s: float) -> bool:
        """Write a sender's report down; returns whether there is a file it belongs to."""
        if self._file is None or number not in self._in_head:
            return False
        self._part.say(
            "clock",
            file=self._file,
            track=number + 1,
            at_ms=at_ms - self._begins_ms,
            ntp_ms=(ntp * 1000) >> 32,
            heard_ms=round(heard_s * 1000),
        )
        return True

    def tick(self, now: float) -> None:
        """Cut what is due."""
        if self._waiting and now - self._waits_since >= HEAD_WAITS_S:
            self._begin(self._waiting, now)
        if self._cluster is not None and now - self._cut_at >= SEGMENT_S:
            self._cut()
        if self._file is not None and now - self._active_at >= IDLE_S:
            self.finish(now)

    def finish(self, now: float) -> None:
        """Close the file; what comes later begins another."""
        if self._waiting:
            self._begin(self._waiting, now)
        self._close()

    def _close(self, but: int | None = None) -> None:
        if self._file is None:
            return
        self._cut()
        lost = {str(n + 1): t.lost for n, t in enumerate(self._tracks) if t.lost}
        left_out = {
            str(n + 1): t.assembly.left_out
            for n, t in enumerate(self._tracks)
            if t.assembly.left_out
        }
        self._part.close_file(self._file, packets_lost=lost, frames_left_out=left_out)
        self._file = None
        self._setups = {}
        self._last = {}
        for number, track in enumerate(self._tracks):
            if number != but:
                track.assembly.gap()  # the next file begins with a key frame too

    def _fits(self, number: int, frame: Frame) -> bool:
        known = self._in_head.get(number)
        return known is not None and (frame.setup is None or frame.setup.private == known.private)

    def _wait(self, number: int, frame: Frame, at_ms: int, now: float) -> None:
        if not self._waiting:
            self._waits_since = now
        if number in self._setups:
            self._waiting.append((number, at_ms, frame))
        if len(self._setups) == len(self._tracks):
            self._begin(self._waiting, now)

    def _begin(self, frames: list[tuple[int, int, Frame]], now: float) -> None:
        self._begins_ms = begins_ms = min(at_ms for _, at_ms, _ in frames)
        self._in_head = dict(sorted(self._setups.items()))
        entries = [
            Entry(n + 1, t.codec.name, t.source.name, setup, t.codec.pictures)
            for n, setup in self._in_head.items()
            for t in [self._tracks[n]]
        ]
        sender, part = self._sender, self._part
        begins_at = part.began_at + timedelta(milliseconds=begins_ms)
        self._file = part.open_file(
            person=sender.person,
            role=sender.role,
            connection=sender.connection,
            who=part.secret(sender.name),
            label=part.secret(sender.label),
            begins_ms=begins_ms,
            begins_at=begins_at.isoformat(),
            tracks=[
                {"track": n + 1, "source": t.source.name, "codec": t.source.codec}
                for n in self._in_head
                for t in [self._tracks[n]]
            ],
        )
        self._head = matroska.head(begins_at, entries)
        self._waiting = []
        for number, at_ms, frame in frames:
            self._write(number, frame, at_ms, now)

    def _write(self, number: int, frame: Frame, at_ms: int, now: float) -> None:
        at = max(at_ms - self._begins_ms, self._last.get(number, -1) + 1, 0)
        self._last[number] = at
        if self._cluster is not None and (
            now - self._cut_at >= SEGMENT_S or not self._cluster.takes(at)
        ):
            self._cut()
        if self._cluster is None:
            self._cluster, self._cut_at = Cluster(at, at), now
        self._cluster.add(number + 1, at, frame.data, key=frame.key)

    def _cut(self) -> None:
        cluster, self._cluster = self._cluster, None
        if cluster is None or self._file is None:
            return
        data, self._head = self._head + cluster.encode(), b""
        self._part.append(self._file, data, from_ms=cluster.start_ms, to_ms=cluster.end_ms)
