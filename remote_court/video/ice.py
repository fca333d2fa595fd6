"""Connectivity checks, answered; and a path shaped as aiortc's DTLS wants it.

We are ICE-lite: we never ask, we answer, and we send to the address the client nominates.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from struct import error as struct_error

from aioice import stun

Address = tuple[str, int]

NOWHERE: Address = ("0.0.0.0", 0)  # noqa: S104 - sending to it fails, as it should
MOST_WAITING = 32
"""Handshake datagrams kept; a flood beyond is dropped, DTLS sends again."""


class Path:
    """One client's way to us: its credentials, its present address, its DTLS datagrams.

    ``_recv``, ``_send`` and ``role`` are what ``RTCDtlsTransport`` asks of an ICE transport.
    """

    role = "controlled"

    def __init__(self, sendto: Callable[[bytes, Address], int]) -> None:
        self.ufrag = secrets.token_hex(4)
        self.password = secrets.token_hex(16)
        self.address = NOWHERE
        self.heard_at = 0.0
        self.on_packet: Callable[[int], None] | None = None
        self.known = asyncio.Event()
        self._sendto = sendto
        self._inbox: asyncio.Queue[bytes | None] = asyncio.Queue(MOST_WAITING)

    def nominate(self, address: Address) -> None:
        """Send to this address from now on."""
        self.address = address
        self.known.set()

    def push(self, datagram: bytes) -> None:
        """Hand a DTLS datagram to the handshake."""
        if not self._inbox.full():
            self._inbox.put_nowait(datagram)

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
            return


def check(data: bytes, find: Callable[[str], Path | None]) -> tuple[Path, stun.Message] | None:
    """Read a binding request that is meant for one of our paths and proves it; else None."""
    try:
        request = stun.parse_message(data)
    except (ValueError, struct_error, IndexError):
        return None
    if request.message_class is not stun.Class.REQUEST:
        return None
    if request.message_method is not stun.Method.BINDING:
        return None
    path = find(str(request.attributes.get("USERNAME", "")).partition(":")[0])
    if path is None or not request.check_message_integrity(path.password.encode()):
        return None
    return path, request


def reply(request: stun.Message, path: Path, address: Address) -> bytes:
    """The answer to a binding request: where it came from, signed."""
    answer = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, request.transaction_id)
    answer.attributes["XOR-MAPPED-ADDRESS"] = address
    answer.add_message_integrity(path.password.encode())
    return bytes(answer)
