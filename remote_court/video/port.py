"""The one UDP socket: checks are answered here, DTLS is queued, media is handed over at once."""

from __future__ import annotations

import asyncio
import socket

from remote_court.clock import monotonic
from remote_court.video import ice
from remote_court.video.ice import Address, Path
from remote_court.video.srtp import SIZE, Workspace

BURST = 64
"""Datagrams read before others of the event loop get their turn."""

BUFFER = 8 << 20
MOST_ADDRESSES = 8
"""Addresses one client may be heard from; the oldest is forgotten."""

DTLS = range(20, 64)
MEDIA = 128


class Port:
    """Every client of this worker speaks to this port.

    ``inbound`` and ``outbound`` are where packets are opened and sealed; one packet at a time.
    ``now`` is when the present burst was read: the clock is asked once for all of it.
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
        self.inbound, self.outbound = Workspace(), Workspace()
        self.dropped = 0
        self.now = monotonic()
        self._by_ufrag: dict[str, Path] = {}
        self._by_address: dict[Address, Path] = {}
        self._addresses: dict[Path, list[Address]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def number(self) -> int:
        """The port's number, also where the system chose it."""
        return int(self.socket.getsockname()[1])

    def open(self) -> None:
        """Listen, on the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self.socket.fileno(), self._readable)

    def close(self) -> None:
        """Listen no more; safe twice."""
        if self._loop is not None:
            self._loop.remove_reader(self.socket.fileno())
            self._loop = None
        self.socket.close()

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
        for address in self._addresses.pop(path, ()):
            if self._by_address.get(address) is path:
                del self._by_address[address]

    def _readable(self) -> None:
        self.now = monotonic()
        receive, view, find = self.socket.recvfrom_into, self.inbound.view, self._by_address.get
        for _ in range(BURST):
            try:
                size, address = receive(view)
            except BlockingIOError:
                return
            except OSError:  # an ICMP answer to something we sent; the next read is fine
                continue
            if not 0 < size < SIZE:
                self.dropped += 1
                continue
            path, first = find(address), view[0]
            if first >= MEDIA and path is not None and path.on_packet is not None:
                path.on_packet(size)
            elif first in DTLS and path is not None:
                path.push(bytes(view[:size]))
            elif first not in DTLS and first < MEDIA:
                self._on_check(bytes(view[:size]), address)
            else:
                self.dropped += 1

    def _on_check(self, data: bytes, address: Address) -> None:
        found = ice.check(data, self._by_ufrag.get)
        if found is None:
            self.dropped += 1
            return
        path, request = found
        path.heard_at = self.now
        if self._by_address.get(address) is not path:
            self._know(path, address)
        try:
            self.sendto(ice.reply(request, path, address), address)
        except OSError:
            self.dropped += 1
            return
        if "USE-CANDIDATE" in request.attributes or not path.known.is_set():
            path.nominate(address)

    def _know(self, path: Path, address: Address) -> None:
        known = self._addresses[path]
        self._by_address[address] = path
        known.append(address)
        if len(known) > MOST_ADDRESSES:
            oldest = known.pop(0)
            if self._by_address.get(oldest) is path:
                del self._by_address[oldest]
