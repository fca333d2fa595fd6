"""Connectivity checks, answered; and a path shaped as aiortc's DTLS wants it.

We are ICE-lite: we never ask, we answer, and we send to the address the client nominates.
Checks come every few seconds from everybody, and in any number from strangers, so they are read
here by hand: a general parser costs ten times as much.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from struct import Struct

from remote_court.video.datagrams import Address, Name, sockaddr

NOWHERE: Address = ("0.0.0.0", 0)  # noqa: S104 - sending to it fails, as it should
MOST_WAITING = 32
"""Handshake datagrams kept; a flood beyond is dropped, DTLS sends again."""

COOKIE = b"\x21\x12\xa4\x42"
BINDING_REQUEST, BINDING_RESPONSE = b"\x00\x01", b"\x01\x01"
USERNAME, INTEGRITY, USE_CANDIDATE = 0x0006, 0x0008, 0x0025
XOR_MAPPED_ADDRESS = b"\x00\x20\x00\x08\x00\x01"
INTEGRITY_HEAD, FINGERPRINT_HEAD = b"\x00\x08\x00\x14", b"\x80\x28\x00\x04"
FINGERPRINT_XOR = 0x5354554E
HEAD, MAC, FINGERPRINT = 20, 20, 8
LONGEST_NAME = 513
"""Bytes of a USERNAME (RFC 8489, 14.3)."""

ATTRIBUTE = Struct(">HH")


class Path:
    """One client's way to us: its credentials, its present address, its DTLS datagrams.

    ``name`` is that address for whoever sends in batches. ``on_packet`` is given where in the
    inbox a packet lies: its cell, its first byte's place, its size. ``_recv``, ``_send`` and
    ``role`` are what ``RTCDtlsTransport`` asks of an ICE transport.
    """

    role = "controlled"

    def __init__(self, sendto: Callable[[bytes, Address], int]) -> None:
        self.ufrag = secrets.token_hex(4)
        self.password = secrets.token_hex(16)
        self.address = NOWHERE
        self.name = Name()
        self.heard_at = 0.0
        self.on_packet: Callable[[int, int, int], None] | None = None
        self.known = asyncio.Event()
        self.failed = 0
        self._sendto = sendto
        self._inbox: asyncio.Queue[bytes | None] = asyncio.Queue(MOST_WAITING)

    def nominate(self, address: Address) -> None:
        """Send to this address from now on."""
        if address != self.address:
            self.address = address
            self.name.move(address)
        self.known.set()

    def push(self, datagram: bytes) -> bool:
        """Hand a DTLS datagram to the handshake; returns whether there was room for it."""
        if self._inbox.full():
            return False
        self._inbox.put_nowait(datagram)
        return True

    def close(self) -> None:
        """Wake whoever waits for a datagram; it sees a lost connection."""
        self.on_packet = None
        if self._inbox.full():
            self._inbox.get_nowait()
        self._inbox.put_nowait(None)

    async def _recv(self) -> bytes:
        datagram = await self._inbox.get()
        if datagram is None:
            raise ConnectionError
        return datagram

    async def _send(self, data: bytes) -> None:
        self.send(data)

    def send(self, data: bytes) -> None:
        """Send to the client, or nowhere: a full or broken path is the same as a lossy one."""
        try:
            self._sendto(data, self.address)
        except OSError:
            self.failed += 1


@dataclass(frozen=True, slots=True)
class Check:
    """A binding request that proved it is meant for this path."""

    path: Path
    transaction: bytes
    nominates: bool


def check(data: bytes, find: Callable[[str], Path | None]) -> Check | None:
    """Read a binding request that is meant for one of our paths and proves it; else None.

    Source:
        RFC 8489, 5 and 14; RFC 8445, 7.3. What follows the integrity is not believed.
    """
    if not is_request(data):
        return None
    path, nominates = None, False
    for kind, at, length in attributes(data):
        if kind == USERNAME and length <= LONGEST_NAME:
            path = find(data[at : at + length].partition(b":")[0].decode("ascii", "replace"))
        elif kind == USE_CANDIDATE:
            nominates = True
        elif kind == INTEGRITY and path is not None and length == MAC:
            return Check(path, data[8:HEAD], nominates) if proves(path, data, at) else None
        if path is None and kind in {USERNAME, INTEGRITY}:
            return None
    return None


def is_request(data: bytes) -> bool:
    """Whether this is the head of a binding request, and as long as it says."""
    size = len(data)
    return (
        size >= HEAD
        and not size % 4
        and data[:2] == BINDING_REQUEST
        and data[4:8] == COOKIE
        and int.from_bytes(data[2:4]) == size - HEAD
    )


def attributes(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of each attribute's value, as long as they lie within."""
    at, size = HEAD, len(data)
    while at + 4 <= size:
        kind, length = ATTRIBUTE.unpack_from(data, at)
        value, at = at + 4, at + 4 + (length + 3 & ~3)
        if at > size:
            return
        yield kind, value, length


def proves(path: Path, data: bytes, at: int) -> bool:
    """Whether the integrity at this place is made with the path's password."""
    covered = data[:2] + (at + MAC - HEAD).to_bytes(2) + data[4 : at - 4]
    mac = hmac.digest(path.password.encode(), covered, "sha1")
    return hmac.compare_digest(mac, data[at : at + MAC])


def reply(request: Check, address: Address) -> bytes:
    """The answer to a binding request: where it came from, signed."""
    name = sockaddr(address)
    port = bytes(a ^ b for a, b in zip(name[2:4], COOKIE[:2], strict=True))
    host = bytes(a ^ b for a, b in zip(name[4:8], COOKIE, strict=True))
    body = COOKIE + request.transaction + XOR_MAPPED_ADDRESS + port + host
    attributes = len(body) - 16
    length = (attributes + 4 + MAC).to_bytes(2)
    mac = hmac.digest(request.path.password.encode(), BINDING_RESPONSE + length + body, "sha1")
    body += INTEGRITY_HEAD + mac
    message = BINDING_RESPONSE + (attributes + 4 + MAC + FINGERPRINT).to_bytes(2) + body
    return message + FINGERPRINT_HEAD + (zlib.crc32(message) ^ FINGERPRINT_XOR).to_bytes(4)
