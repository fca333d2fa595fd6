"""libsrtp without copies: packets are sealed and opened where they lie.

``pylibsrtp.Session`` copies each packet in and out and allocates a length; on the forwarding
path that is half of the cost of a packet (ADR 5), so we call its library binding directly.
"""

from __future__ import annotations

from typing import Any

from pylibsrtp import Session
from pylibsrtp._binding import ffi, lib

SIZE = 2048
"""Bytes; a longer datagram is none of WebRTC's and is dropped."""

ROOM = 256
"""Bytes a packet may grow by: our header and the longest trailer of libsrtp."""

protect = lib.srtp_protect
unprotect = lib.srtp_unprotect


class Workspace:
    """A buffer libsrtp works in: ``cdata`` and ``length`` for it, ``view`` for us."""

    __slots__ = ("cdata", "length", "view")

    def __init__(self) -> None:
        self.cdata: Any = ffi.new("unsigned char[]", SIZE + ROOM)
        self.length: Any = ffi.new("int *")
        self.view = memoryview(ffi.buffer(self.cdata))


def handle(session: Session) -> Any:
    """What the library calls a session; lives only as long as the session object does."""
    return session._srtp[0]  # noqa: SLF001 - kept by a contract test
