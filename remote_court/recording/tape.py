"""One recording that runs in this process: its reels, and the part they are written to."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from remote_court.recording.keys import MasterKey, SigningKey
from remote_court.recording.ordering import Packet
from remote_court.recording.part import Part
from remote_court.recording.reel import Reel

log = logging.getLogger(__name__)
AGAIN_AFTER_S = 2.0


class Tape:
    """Used by the recorder's thread; others read ``octets``, ``lost`` and ``trouble``.

    A disk that fails costs what was not on it yet: the part is left as it is for the sweep to
    sign, and another is begun as soon as that works.
    """

    def __init__(
        self,
        folder: Path,
        recording: str,
        session: str,
        keys: tuple[MasterKey, SigningKey],
        clock: Callable[[], datetime],
    ) -> None:
        self.recording = recording
        self.session = session
        self.octets = self.lost = 0
        self.trouble = ""
        self.over = False
        self._folder = folder
        self._master, self._signing = keys
        self._clock = clock
        self._part: Part | None = None
        self._began = 0.0
        self._written = 0
        self._try_at = 0.0
        self._reels: list[Reel] = []

    def add(self, reel: Reel) -> None:
        """Somebody's connection is recorded from now on."""
        self._reels.append(reel)
        reel.thread(self._part, self._began)

    def take(self, reel: Reel, number: int, origin: int, packet: Packet, now: float) -> None:
        """A packet of a reel's track has come."""
        if reel.over:
            return
        try:
            reel.take(number, origin, packet, now)
        except OSError as error:
            self._fail(error, now)

    def hear(self, reel: Reel, number: int, ntp: int, timestamp: int, now: float) -> None:
        """A sender's report has come."""
        reel.hear(number, ntp, timestamp, now)

    def end(self, reel: Reel, now: float) -> None:
        """A connection is over."""
        try:
            reel.finish(now)
        except OSError as error:
            self._fail(error, now)

    def tick(self, now: float) -> None:
        """Several times a second: cut what is due and make it durable."""
        if self._part is None:
            if not self.over and now >= self._try_at:
                self._begin(now)
            return
        try:
            for reel in self._reels:
                reel.tick(now)
            self._part.commit()
        except OSError as error:
            self._fail(error, now)
            return
        self.octets = self._written + self._part.octets
        self._reels = [reel for reel in self._reels if not reel.over]

    def finish(self, now: float) -> None:
        """This is all: close every file, and sign."""
        self.over = True
        if self._part is None:
            return
        try:
            for reel in self._reels:
                reel.finish(now)
            self._part.close(self._signing, self._clock())
        except OSError as error:
            self._fail(error, now)
            return
        self.octets = self._written + self._part.octets
        self._part = None

    def _begin(self, now: float) -> None:
        folder = self._folder / self.session / f"{self.recording}-{secrets.token_hex(4)}"
        self._began = now
        try:
            self._part = Part(
                folder,
                recording=self.recording,
                session=self.session,
                master=self._master,
                now=self._clock(),
            )
        except OSError as error:
            self._fail(error, now)
            return
        self.trouble = ""
        for reel in self._reels:
            reel.thread(self._part, now)

    def _fail(self, error: OSError, now: float) -> None:
        self.trouble = error.strerror or type(error).__name__
        log.error("recording %s cannot be written: %s", self.recording, self.trouble)
        self._try_at = now + AGAIN_AFTER_S
        if self._part is not None:
            self._written += self._part.octets
            self._part.abandon()
            self._part = None
        for reel in self._reels:
            reel.thread(None, now)
