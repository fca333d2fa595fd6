"""The media path of a participant that is no browser: checks, DTLS, SRTP over one socket.

The mirror image of ``video.port``; aiortc's own ICE offers no candidate on a machine that has
only a loopback address.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections import deque
from collections.abc import Callable
from struct import Struct
from struct import error as struct_error
from typing import Any

from aioice import stun
from aiortc import sdp
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsTransport
from pylibsrtp import Error as SrtpError
from pylibsrtp import Session

from remote_court.demo.offer import LEVEL_ID, Offer
from remote_court.video import rtcp
from remote_court.video.datagrams import Address
from remote_court.video.ice import Path
from remote_court.video.sdp import OTHER_ROLE

HEADER = Struct(">BBHII")
LEVEL = Struct(">BBHIIIBBBB")
CHECK_EVERY = 2.0
CONNECT_EVERY = 0.1
BURST = 64
PRIORITY = 0x6E7F00FF
KEPT = 256


class Outgoing:
    """The numbering of one stream we send, and its last packets."""

    def __init__(self, ssrc: int, payload_type: int) -> None:
        self.ssrc = ssrc
        self.payload_type = payload_type
        self.sequence = secrets.randbits(15)
        self.timestamp = 0
        self.packets = self.octets = 0
        self.kept: deque[tuple[int, bytes]] = deque(maxlen=KEPT)


class Uplink:
    """One connection to a media worker.

    ``on_packet`` gets each decrypted packet that arrives; ``on_control`` what the server asks.
    """

    def __init__(
        self,
        offer: Offer,
        certificate: RTCCertificate,
        *,
        on_packet: Callable[[bytes], None],
        on_control: Callable[[rtcp.Heard], None],
        bind: str = "",
    ) -> None:
        self._offer = offer
        self._certificate = certificate
        self._on_packet = on_packet
        self._on_control = on_control
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.bind((bind, 0))
        self._path = Path(self.socket.sendto)
        self._dtls: RTCDtlsTransport | None = None
        self._incoming: Session | None = None
        self._outgoing: Session | None = None
        self._checks: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self.socket.fileno(), self._readable)

    async def connect(self, answer: str) -> None:
        """Reach the server of this answer and agree on keys; raises ConnectionError."""
        line = next(m for m in sdp.SessionDescription.parse(answer).media if m.port and m.dtls)
        assert line.ice is not None
        assert line.dtls is not None
        candidates = [(c.ip, c.port) for c in line.ice_candidates]
        name = f"{line.ice.usernameFragment}:{self._offer.ufrag}"
        self._checks = asyncio.create_task(self._check(candidates, name, str(line.ice.password)))
        await self._path.known.wait()
        self._dtls = dtls = RTCDtlsTransport(self._path, [self._certificate])  # type: ignore[arg-type]
        dtls._set_role(OTHER_ROLE[line.dtls.role])  # noqa: SLF001 - kept by a contract test
        await dtls.start(line.dtls)
        if dtls.state != "connected":
            raise ConnectionError(dtls.state)
        self._incoming, self._outgoing = dtls._rx_srtp, dtls._tx_srtp  # noqa: SLF001

    def hang_up(self) -> None:
        """Send and receive no more; safe twice."""
        if self.socket.fileno() < 0:
            return
        self._path.close()
        self._loop.remove_reader(self.socket.fileno())
        self.socket.close()

    async def close(self) -> None:
        """Hang up, and wait for what still runs."""
        self.hang_up()
        if self._checks is not None:
            self._checks.cancel()
            await asyncio.gather(self._checks, return_exceptions=True)
        if self._dtls is not None:
            await self._dtls.stop()

    @property
    def connected(self) -> bool:
        """Whether packets can be sent."""
        return self._outgoing is not None

    async def _check(self, candidates: list[Address], name: str, password: str) -> None:
        """Ask every address until one answers, then keep that one awake."""
        while True:
            known = self._path.known.is_set()
            for address in [self._path.address] if known else candidates:
                self._send_to(self._request(name, password), address)
            await asyncio.sleep(CHECK_EVERY if known else CONNECT_EVERY)

    def _request(self, name: str, password: str) -> bytes:
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes["USERNAME"] = name
        request.attributes["PRIORITY"] = PRIORITY
        request.attributes["ICE-CONTROLLING"] = 1
        request.attributes["USE-CANDIDATE"] = None
        request.add_message_integrity(password.encode())
        request.add_fingerprint()
        return bytes(request)

    def _send_to(self, data: bytes, address: Address) -> None:
        try:
            self.socket.sendto(data, address)
        except OSError:  # no way to this one of the server's addresses
            return

    def _readable(self) -> None:
        for _ in range(BURST):
            try:
                data, address = self.socket.recvfrom(2048)
            except OSError:  # nothing more, or an ICMP answer
                return
            if not data:
                continue
            if data[0] > 127:  # noqa: PLR2004 - RFC 7983
                self._on_media(data)
            elif data[0] > 19:  # noqa: PLR2004 - RFC 7983
                self._path.push(data)
            else:
                self._on_check(data, address)

    def _on_check(self, data: bytes, address: Address) -> None:
        if self._path.known.is_set():
            return
        try:
            answer = stun.parse_message(data)
        except (ValueError, struct_error):
            return
        if answer.message_class is stun.Class.RESPONSE:
            self._path.nominate(address)

    def _on_media(self, data: bytes) -> None:
        if self._incoming is None:
            return
        try:
            if 192 <= data[1] <= 223:  # noqa: PLR2004 - RFC 5761
                self._on_control(rtcp.read(self._incoming.unprotect_rtcp(data)))
            else:
                self._on_packet(self._incoming.unprotect(data))
        except (SrtpError, ValueError):
            return

    def send(
        self, stream: Outgoing, payload: bytes, *, marker: bool, level: int | None = None
    ) -> None:
        """Send one packet of a stream, at the stream's timestamp."""
        stream.sequence = (stream.sequence + 1) & 0xFFFF
        kind = stream.payload_type | (0x80 if marker else 0)
        stamp = stream.timestamp & 0xFFFFFFFF
        if level is None:
            head = HEADER.pack(0x80, kind, stream.sequence, stamp, stream.ssrc)
        else:
            fields: tuple[Any, ...] = (0xBEDE0001, LEVEL_ID << 4, level, 0, 0)
            head = LEVEL.pack(0x90, kind, stream.sequence, stamp, stream.ssrc, *fields)
        stream.packets += 1
        stream.octets += len(payload)
        stream.kept.append((stream.sequence, head + payload))
        self._seal(head + payload)

    def resend(self, stream: Outgoing, lost: list[int]) -> None:
        """Send again what the server lost, as it was."""
        wanted = set(lost)
        for sequence, packet in stream.kept:
            if sequence in wanted:
                self._seal(packet)

    def send_control(self, compound: bytes) -> None:
        """Send control packets."""
        if self._outgoing is not None:
            self._path.send(self._outgoing.protect_rtcp(compound))

    def _seal(self, packet: bytes) -> None:
        if self._outgoing is not None:
            self._path.send(self._outgoing.protect(packet))
