"""Callers that say how long a packet took, by the kernel's own clock, and hardly cost anything.

A packet's way begins right before it is handed to the kernel and ends when the kernel has it for
the receiving socket (SO_TIMESTAMPNS): how late this process wakes up for it does not count. The
kernel lets one media packet in 64 through to the receiver (SO_ATTACH_FILTER), so that one
generator takes in what a worker sends at most of a core. What is left besides the worker is the
machine: `Echo` is a program that only sends back what it gets, asked meanwhile.
"""

from __future__ import annotations

import asyncio
import ctypes
import socket
import struct
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from _callers import CONTROL, Caller
from aiortc.rtcdtlstransport import RTCCertificate
from typing_extensions import override

from remote_court.demo.offer import Offer
from remote_court.demo.uplink import BURST
from remote_court.video.port import DTLS, MEDIA

SO_ATTACH_FILTER, SO_TIMESTAMPNS = 26, 35
ONE_IN = 64
STAMP = struct.Struct("qq")
NS = 1_000_000_000
PROBES_PER_S = 200

LOAD_BYTE, LOAD_HALF, AND = 0x30, 0x28, 0x54
IF_AT_LEAST, IF_EQUAL, RETURN = 0x35, 0x15, 0x06
PAYLOAD = 8
"""Where a datagram's payload begins for a filter: behind the header of UDP."""

FILTER: tuple[tuple[int, int, int, int], ...] = (
    (LOAD_BYTE, 0, 0, PAYLOAD),
    (IF_AT_LEAST, 0, 6, MEDIA),  # checks and handshakes pass
    (LOAD_BYTE, 0, 0, PAYLOAD + 1),
    (IF_AT_LEAST, 0, 1, CONTROL.start),
    (IF_AT_LEAST, 0, 3, CONTROL.stop),  # so do reports
    (LOAD_HALF, 0, 0, PAYLOAD + 2),
    (AND, 0, 0, ONE_IN - 1),
    (IF_EQUAL, 0, 1, 0),
    (RETURN, 0, 0, 0xFFFF),
    (RETURN, 0, 0, 0),
)


def attach(receiver: socket.socket) -> None:
    """Let the kernel drop all media packets but those whose number 64 divides."""
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in FILTER)
    kept = ctypes.create_string_buffer(code)
    program = struct.pack("HL", len(FILTER), ctypes.addressof(kept))
    receiver.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)


class Sampled(Caller):
    """Notes when each of its packets goes, and when one in 64 of those for it comes.

    ``went`` is by the number of the packet, ``came`` by that of the slot's; nanoseconds.
    """

    def __init__(self, offer: Offer, certificate: RTCCertificate) -> None:
        super().__init__(offer, certificate)
        self.went: dict[int, int] = {}
        self.came: dict[int, int] = {}
        self._offsets: dict[Sampled, int] = {}
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)

    def follow(self, sender: Sampled) -> None:
        """From here on packets are sampled; all that were sent so far have come."""
        ((_, newest),) = self.streams.items()
        self._offsets[sender] = (newest - sender.video.sequence) & 0xFFFF
        attach(self.socket)

    def delays(self, sender: Sampled) -> list[float]:
        """Seconds that packets of a sender took."""
        offset = self._offsets[sender]
        pairs = ((at, sender.went.get((n - offset) & 0xFFFF)) for n, at in self.came.items())
        return [(at - went) / NS for at, went in pairs if went is not None]

    @override
    def _seal(self, packet: bytes) -> None:
        assert self._outgoing is not None
        sealed = self._outgoing.protect(packet)
        self.went[int.from_bytes(packet[2:4])] = time.time_ns()
        self._path.send(sealed)

    @override
    def _readable(self) -> None:
        for _ in range(BURST):
            try:
                data, extra, _, address = self.socket.recvmsg(2048, 64)
            except OSError:  # nothing more, or an ICMP answer
                return
            if data and data[0] >= MEDIA and data[1] not in CONTROL:
                self._on_media(data)
                self.came[int.from_bytes(data[2:4])] = stamp(extra)
            elif data and data[0] in DTLS:
                self._path.push(data)
            elif data:
                self._on_check(data, address)


def stamp(extra: list[tuple[int, int, bytes]]) -> int:
    """When the kernel had a datagram, in nanoseconds since 1970."""
    ((_, _, packed),) = [one for one in extra if one[1] == SO_TIMESTAMPNS]
    seconds, nanoseconds = STAMP.unpack(packed)
    return int(seconds * NS + nanoseconds)


class Echo:
    """The way to a program that sends everything back, and how long it takes there."""

    def __init__(self, port: int) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.connect(("127.0.0.1", port))

    async def ask(self, seconds: float) -> list[float]:
        """Seconds that each of many probes took, sent at an even pace."""
        loop, took = asyncio.get_running_loop(), list[float]()

        def readable() -> None:
            data, extra, _, _ = self.socket.recvmsg(64, 64)
            took.append((stamp(extra) - int.from_bytes(data)) / NS)

        loop.add_reader(self.socket.fileno(), readable)
        began = time.monotonic()
        for number in range(round(seconds * PROBES_PER_S)):
            await asyncio.sleep(max(0.0, began + number / PROBES_PER_S - time.monotonic()))
            self.socket.send(time.time_ns().to_bytes(8))
        await asyncio.sleep(0.1)
        loop.remove_reader(self.socket.fileno())
        return took


@asynccontextmanager
async def echoing() -> AsyncIterator[Echo]:
    """Run the program for as long as the context lasts."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    echo = Echo(int(await process.stdout.readline()))
    try:
        yield echo
    finally:
        echo.socket.close()
        process.kill()
        await process.wait()


def main() -> None:
    """Send back whatever comes, until killed."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mirror:
        mirror.bind(("127.0.0.1", 0))
        print(mirror.getsockname()[1], flush=True)
        while True:
            data, address = mirror.recvfrom(64)
            mirror.sendto(data, address)


if __name__ == "__main__":
    main()
