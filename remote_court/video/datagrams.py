"""Datagrams in batches: many are read, and many are sent, by one call to the system.

Both boxes are arenas that never move: a packet is opened where it was received and sealed where
it is sent from, and what the forwarding loop touches are flat views of numbers. On Linux the
boxes are ``recvmmsg`` and ``sendmmsg`` themselves, called through cffi (no compiler is needed);
elsewhere the same arenas are filled and emptied one datagram at a time.
"""

from __future__ import annotations

import errno
import socket
import struct
import sys
import time
from typing import Any, Protocol

from cffi import FFI

SIZE = 2048
"""Bytes; a longer datagram is none of WebRTC's and is dropped."""

ROOM = 256
"""Bytes a packet may grow by: our header and the longest trailer of libsrtp."""

STRIDE = SIZE + ROOM
BURST = 64
"""Datagrams read before others of the event loop get their turn."""

BATCH = 128
"""Datagrams sent by one call at most."""

STAMPED = 35
"""``SO_TIMESTAMPNS``, which Python has no name for: the system says when each datagram came."""

Address = tuple[str, int]

ffi = FFI()
ffi.cdef(
    """
    struct iovec { void *iov_base; size_t iov_len; };
    struct stamp { size_t len; int level; int type; long seconds; long nanoseconds; };
    struct msghdr { void *msg_name; uint32_t msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
                    void *msg_control; size_t msg_controllen; int msg_flags; };
    struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
    int recvmmsg(int fd, struct mmsghdr *vector, unsigned int n, int flags, void *timeout);
    int sendmmsg(int fd, struct mmsghdr *vector, unsigned int n, int flags);
    """
)
SOCKADDR = struct.Struct("=HH4s8x")
"""``sockaddr_in``, its port and address as they travel."""

HEADER_SIZE = ffi.sizeof("struct mmsghdr")
LENGTH_AT = ffi.offsetof("struct mmsghdr", "msg_len") // 4
STAMP_SIZE, LONG = ffi.sizeof("struct stamp"), ffi.sizeof("long")
SECONDS_AT = ffi.offsetof("struct stamp", "seconds") // LONG


def sockaddr(address: Address) -> bytes:
    """An address as the system writes it."""
    host, port = address
    return SOCKADDR.pack(socket.AF_INET, socket.htons(port), socket.inet_aton(host))


def address_of(key: int) -> Address:
    """The address behind a key of ``Inbox.keys``: the first eight bytes of a ``sockaddr_in``."""
    _, port, host = SOCKADDR.unpack(key.to_bytes(8, sys.byteorder) + bytes(8))
    return socket.inet_ntoa(host), socket.ntohs(port)


class Name:
    """Where one client is reached: ``handle`` is what a datagram to it is marked with."""

    __slots__ = ("_cdata", "_view", "handle")

    def __init__(self) -> None:
        self._cdata = ffi.new("unsigned char[]", SOCKADDR.size)
        self._view = ffi.buffer(self._cdata)
        self.handle = int(ffi.cast("uintptr_t", self._cdata))
        self.move(("0.0.0.0", 0))  # noqa: S104 - sending to it fails, as it should

    def move(self, address: Address) -> None:
        """The client is somewhere else now; what is marked already goes there too."""
        self._view[:] = sockaddr(address)


class Arena:
    """Cells of ``STRIDE`` bytes one after another, and the system's headers that point at them.

    ``cells`` are libsrtp's pointers, ``view`` is all bytes; cell ``n`` starts at ``n * STRIDE``.
    """

    def __init__(self, cells: int, room: int) -> None:
        self._data = ffi.new("unsigned char[]", cells * STRIDE)
        self._vectors = ffi.new("struct iovec[]", cells)
        self.headers = ffi.new("struct mmsghdr[]", cells)
        self.cells: list[Any] = [self._data + at * STRIDE for at in range(cells)]
        self.view = memoryview(ffi.buffer(self._data))
        self.length = ffi.new("int *")
        for at in range(cells):
            self._vectors[at].iov_base, self._vectors[at].iov_len = self.cells[at], room
            header = self.headers[at].msg_hdr
            header.msg_iov, header.msg_iovlen = self._vectors + at, 1
            header.msg_namelen = SOCKADDR.size
        self._words = memoryview(ffi.buffer(self.headers))


class Inbox(Arena):
    """What was read last: datagram ``n`` has ``lengths[n]`` bytes and came from ``keys[n]``.

    See ``address_of`` for what a key is. It came at ``seconds[n]`` and ``nanoseconds[n]`` of the
    system's wall clock: to the machine, whenever we found time to read it.
    """

    def __init__(self, read: socket.socket) -> None:
        super().__init__(BURST, SIZE)
        self._names = ffi.new("unsigned char[]", BURST * SOCKADDR.size)
        self._stamps = ffi.new("struct stamp[]", BURST)
        for at in range(BURST):
            header = self.headers[at].msg_hdr
            header.msg_name = self._names + at * SOCKADDR.size
            header.msg_control, header.msg_controllen = self._stamps + at, STAMP_SIZE
        if sys.platform == "linux":
            read.setsockopt(socket.SOL_SOCKET, STAMPED, 1)
        stamps = memoryview(ffi.buffer(self._stamps)).cast("l")
        self.seconds = stamps[SECONDS_AT :: STAMP_SIZE // LONG]
        self.nanoseconds = stamps[SECONDS_AT + 1 :: STAMP_SIZE // LONG]
        self.lengths = self._words.cast("I")[LENGTH_AT :: HEADER_SIZE // 4]
        self.keys = memoryview(ffi.buffer(self._names)).cast("Q")[:: SOCKADDR.size // 8]
        self._fileno = read.fileno()

    def receive(self) -> int:
        """Read what is there, ``BURST`` at most; returns how many came."""
        count = LIBC.recvmmsg(self._fileno, self.headers, BURST, socket.MSG_DONTWAIT, ffi.NULL)
        return max(0, count)


class Outbox(Arena):
    """What is to be sent: fill cell ``count``, mark it, add one; ``flush`` sends them all.

    Cell ``n`` is marked by its bytes, ``lengths[n]``, and the handle of a name, ``names[n]``.
    """

    def __init__(self, sent: socket.socket) -> None:
        super().__init__(BATCH, 0)
        self.lengths = memoryview(ffi.buffer(self._vectors)).cast("Q")[1::2]
        self.names = self._words.cast("Q")[:: HEADER_SIZE // 8]
        self.count = 0
        self.failed = 0
        self._fileno = sent.fileno()

    def flush(self) -> None:
        """Send what waits. What cannot be sent is lost, as on any line, and counted."""
        count, self.count, done = self.count, 0, 0
        while done < count:
            sent = LIBC.sendmmsg(
                self._fileno, self.headers + done, count - done, socket.MSG_DONTWAIT
            )
            if sent > 0:
                done += sent
            elif ffi.errno in FULL:
                self.failed += count - done
                return
            else:  # this one's address is bad; the others' are not
                self.failed += 1
                done += 1


FULL = frozenset({errno.EAGAIN, errno.ENOBUFS, errno.EBADF})


class System(Protocol):
    """The two calls a box makes."""

    def recvmmsg(self, fd: int, vector: Any, n: int, flags: int, timeout: Any) -> int:
        """Read several datagrams."""

    def sendmmsg(self, fd: int, vector: Any, n: int, flags: int) -> int:
        """Send several datagrams."""


class OneByOne:
    """The two calls where the system has them not, by the one-datagram calls of Python."""

    def recvmmsg(self, fd: int, vector: Any, n: int, flags: int, timeout: Any) -> int:
        """Read until nothing is there."""
        del timeout
        with socket.socket(fileno=socket.dup(fd)) as ours:
            for at in range(n):
                header = vector[at].msg_hdr
                cell = ffi.buffer(header.msg_iov.iov_base, header.msg_iov.iov_len)
                try:
                    size, address = ours.recvfrom_into(memoryview(cell), 0, flags)
                except OSError as error:
                    ffi.errno = error.errno or errno.EIO
                    return at or -1
                vector[at].msg_len = size
                ffi.buffer(header.msg_name, SOCKADDR.size)[:] = sockaddr(address)
                stamp = ffi.cast("struct stamp *", header.msg_control)
                stamp.seconds, stamp.nanoseconds = divmod(time.time_ns(), 1_000_000_000)
        return n

    def sendmmsg(self, fd: int, vector: Any, n: int, flags: int) -> int:
        """Send until one cannot be sent."""
        with socket.socket(fileno=socket.dup(fd)) as ours:
            for at in range(n):
                header = vector[at].msg_hdr
                _, port, host = SOCKADDR.unpack(ffi.buffer(header.msg_name, SOCKADDR.size))
                cell = ffi.buffer(header.msg_iov.iov_base, header.msg_iov.iov_len)
                to = (socket.inet_ntoa(host), socket.ntohs(port))
                try:
                    ours.sendto(memoryview(cell), flags, to)
                except OSError as error:
                    ffi.errno = error.errno or errno.EIO
                    return at or -1
        return n


LIBC: System = ffi.dlopen(None) if sys.platform == "linux" else OneByOne()
