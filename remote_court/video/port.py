"""The one UDP socket: checks are answered here, DTLS is queued, media is handed over at once."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

from remote_court.clock import monotonic
from remote_court.telemetry import Spans
from remote_court.video import ice
from remote_court.video.datagrams import (
    SIZE,
    STRIDE,
    Inbox,
    Outbox,
    address_of,
)
from remote_court.video.drops import Drops
from remote_court.video.ice import Path

if TYPE_CHECKING:
    from remote_court.video.tracks import Track

BUFFER = 8 << 20
MOST_ADDRESSES = 8
"""Addresses one client may be heard from; the oldest is forgotten."""

ATTEND_EVERY = 0.05
"""Seconds between two looks at the tracks that want something."""

TIMED = 64
"""One burst in so many is timed."""

FORWARDING_S = (50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 50e-3, 0.1)
DTLS = range(20, 64)
MEDIA = 128


class Port:
    """Every client of this worker speaks to this port.

    Packets are opened in ``inbox`` and sealed in ``outbox``, which is sent when a burst has been
    dealt with. ``now`` is when the present burst was read: the clock is asked once for all of
    it. ``forwarding`` is how long bursts took from there to their last packet's being sent: one in
    ``TIMED`` is looked at, ``timed`` datagrams in all. ``due`` are the tracks that want to ask
    something of their senders.
    """

    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        for size in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self.socket.setsockopt(socket.SOL_SOCKET, size, BUFFER)
        try:
            self.socket.bind((host, port))
        except OSError:
            self.socket.close()
            raise
        self.sendto = self.socket.sendto
        self.inbox, self.outbox = Inbox(self.socket), Outbox(self.socket)
        self.drops, self.forwarding = Drops(), Spans(FORWARDING_S)
        self.datagrams = self.bursts = self.timed = 0
        self.now = monotonic()
        self.due: set[Track] = set()
        self._by_ufrag: dict[str, Path] = {}
        self._by_address: dict[int, Path] = {}
        self._addresses: dict[Path, list[int]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def number(self) -> int:
        """The port's number, also where the system chose it."""
        return int(self.socket.getsockname()[1])

    @property
    def dropped(self) -> int:
        """Datagrams that went no further."""
        return self.drops.total

    def open(self) -> None:
        """Listen, on the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self.socket.fileno(), self._readable)

    def close(self) -> None:
        """Listen no more; safe twice."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._loop is not None:
            self._loop.remove_reader(self.socket.fileno())
            self._loop = None
        self.socket.close()

    def attend(self, track: Track) -> None:
        """Look after a track that wants something of its sender, until it wants nothing more.

        Where nobody wants anything, nothing wakes up.
        """
        self.due.add(track)
        if self._timer is None and self._loop is not None:
            self._timer = self._loop.call_later(ATTEND_EVERY, self._attend)

    def _attend(self) -> None:
        self._timer, now = None, monotonic()
        for track in tuple(self.due):
            if not track.tick(now):
                self.due.discard(track)
            elif self._timer is None:
                self.attend(track)

    def new_path(self) -> Path:
        """A path for a client who was invited; ``forget`` it when the client goes."""
        path = Path(self.sendto)
        self._by_ufrag[path.ufrag] = path
        self._addresses[path] = []
        return path

    def forget(self, path: Path) -> None:
        """Answer this client no more."""
        path.close()
        self._by_ufrag.pop(path.ufrag, None)
        for key in self._addresses.pop(path, ()):
            if self._by_address.get(key) is path:
                del self._by_address[key]

    def _readable(self) -> None:
        count = self.inbox.receive()
        self.now = monotonic()
        try:
            self._take(count)
        finally:
            if self.outbox.count:
                self.outbox.flush()
            self.datagrams += count
            self.bursts += 1
            if not self.bursts % TIMED:
                self.timed += count
                self.forwarding.add(monotonic() - self.now)

    def _take(self, count: int) -> None:
        inbox = self.inbox
        lengths, keys, view, find = inbox.lengths, inbox.keys, inbox.view, self._by_address.get
        for cell in range(count):
            size, start = lengths[cell], cell * STRIDE
            path, first = find(keys[cell]), view[start]
            if not 0 < size < SIZE:
                self._refuse(size)
            elif first >= MEDIA and path is not None and path.on_packet is not None:
                path.on_packet(cell, start, size)
            elif first in DTLS and path is not None:
                if not path.push(bytes(view[start : start + size])):
                    self.drops.queue_full += 1
            elif first not in DTLS and first < MEDIA:
                self._on_check(bytes(view[start : start + size]), keys[cell])
            elif path is None:
                self.drops.unknown_address += 1
            else:
                self.drops.not_connected += 1

    def _refuse(self, size: int) -> None:
        if size:
            self.drops.too_long += 1
        else:
            self.drops.malformed += 1

    def _on_check(self, data: bytes, key: int) -> None:
        found = ice.check(data, self._by_ufrag.get)
        if found is None:
            self.drops.bad_check += 1
            return
        path, address = found.path, address_of(key)
        path.heard_at = self.now
        if self._by_address.get(key) is not path:
            self._know(path, key)
        try:
            self.sendto(ice.reply(found, address), address)
        except OSError:
            self.drops.send_failed += 1
            return
        if found.nominates or not path.known.is_set():
            path.nominate(address)

    def _know(self, path: Path, key: int) -> None:
        known = self._addresses[path]
        self._by_address[key] = path
        known.append(key)
        if len(known) > MOST_ADDRESSES:
            oldest = known.pop(0)
            if self._by_address.get(oldest) is path:
                del self._by_address[oldest]
