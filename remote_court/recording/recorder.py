"""The recorder of a process: a bounded queue, and one thread that writes.

The event loop only appends to the queue. When that is full the recording loses packets, counted,
and the call loses nothing.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from prometheus_client import Counter, Gauge

from remote_court.recording.keys import MasterKey, SigningKey
from remote_court.recording.ordering import Packet
from remote_court.recording.reel import Reel, Sender, Source
from remote_court.recording.tape import Tape
from remote_court.telemetry import REGISTRY

MOST_QUEUED = 8192
"""Packets, some ten megabytes: two seconds of twenty hearings."""

TURN_S, TICK_S = 0.02, 0.1
BREATH = 16
"""After so many packets the thread lets the event loop go first."""

LOST = Counter(
    "remote_court_recording_lost_packets",
    "Packets the recorder could not take because its queue was full",
    registry=REGISTRY,
)
WRITTEN = Gauge(
    "remote_court_recording_octets", "Bytes of running recordings on disk", registry=REGISTRY
)
Job = tuple[Callable[..., None], tuple[Any, ...]]


class Recorder:
    """``open`` a recording, ``watch`` connections of it, ``finish`` it; ``close`` at the end."""

    def __init__(
        self,
        folder: Path,
        keys: tuple[MasterKey, SigningKey],
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._folder = folder
        self._keys = keys
        self._clock = now
        self.now = monotonic
        self._queue: deque[Job] = deque()
        self._tapes: list[Tape] = []
        self._something = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    @property
    def works(self) -> bool:
        """Whether the thread is there."""
        return self._thread.is_alive()

    def open(self, recording: str, session: str) -> Running:
        """Begin to write a recording."""
        tape = Tape(self._folder, recording, session, self._keys, self._clock)
        self.do(self._start, tape)
        return Running(self, tape)

    def close(self) -> None:
        """Finish and sign all that runs; waits for the disk."""
        self._closing = True
        self._something.set()
        self._thread.join()

    def do(self, job: Callable[..., None], *args: object) -> None:
        """Let the thread do something; never refused."""
        self._queue.append((job, args))
        self._something.set()

    def feed(
        self, tape: Tape, reel: Reel, number: int, origin: int, packet: Packet, now: float
    ) -> None:
        """Hand over a packet, unless the thread is too far behind."""
        if len(self._queue) < MOST_QUEUED:
            self._queue.append((tape.take, (reel, number, origin, packet, now)))
        else:
            tape.lost += 1
            LOST.inc()

    def _start(self, tape: Tape) -> None:
        self._tapes.append(tape)
        tape.tick(self.now())

    def _run(self) -> None:
        ticked = self.now()
        while not self._closing or self._queue:
            self._drain()
            now = self.now()
            if now - ticked >= TICK_S:
                ticked = now
                self._tick(now)
            if self._tapes:
                time.sleep(TURN_S)
            elif not self._closing:
                self._something.wait()
                self._something.clear()
        for tape in self._tapes:
            tape.finish(self.now())

    def _drain(self) -> None:
        queue = self._queue
        for count in range(1, len(queue) + 1):
            job, args = queue.popleft()
            job(*args)
            if count % BREATH == 0:
                time.sleep(0)

    def _tick(self, now: float) -> None:
        for tape in self._tapes:
            tape.tick(now)
        self._tapes = [tape for tape in self._tapes if not tape.over]
        WRITTEN.set(sum(tape.octets for tape in self._tapes))


class Running:
    """A recording that runs, as the event loop holds it."""

    def __init__(self, recorder: Recorder, tape: Tape) -> None:
        self._recorder = recorder
        self._tape = tape

    @property
    def octets(self) -> int:
        """Bytes that are on disk."""
        return self._tape.octets

    @property
    def lost(self) -> int:
        """Packets that could not be taken."""
        return self._tape.lost

    @property
    def trouble(self) -> str:
        """What the system said when it last could not write; empty while it can."""
        return self._tape.trouble if self._recorder.works else "the recorder has stopped"

    def watch(self, sender: Sender, sources: Sequence[Source]) -> Watched:
        """Record a connection's tracks that belong together."""
        reel = Reel(sender, sources)
        self._recorder.do(self._tape.add, reel)
        return Watched(self._recorder, self._tape, reel)

    def finish(self) -> None:
        """No more comes: sign it."""
        self._recorder.do(self._finish)

    def _finish(self) -> None:
        self._tape.finish(self._recorder.now())


class Watched:
    """A connection that is recorded, as the event loop holds it."""

    def __init__(self, recorder: Recorder, tape: Tape, reel: Reel) -> None:
        self._recorder = recorder
        self._tape = tape
        self._reel = reel
        self._origins = 0

    @property
    def wants_key(self) -> bool:
        """Whether its pictures wait for a key frame."""
        return self._reel.wants_key

    def tap(self, number: int) -> Callable[[Packet, float], None]:
        """What a track calls with each packet; each stream that goes into it has its own."""
        self._origins += 1
        return partial(self._recorder.feed, self._tape, self._reel, number, self._origins)

    def hear(self, number: int, ntp: int, timestamp: int, now: float) -> None:
        """A sender's report has come."""
        self._recorder.do(self._tape.hear, self._reel, number, ntp, timestamp, now)

    def end(self) -> None:
        """The connection is over."""
        self._recorder.do(self._finish)

    def _finish(self) -> None:
        self._tape.end(self._reel, self._recorder.now())
