"""A track and its receivers on real sockets and real keys, without handshakes."""

from __future__ import annotations

import itertools
import socket
from dataclasses import dataclass

from aiortc.rtp import RtcpPacket, RtpPacket
from pylibsrtp import Policy, Session

from remote_court.video.codecs import Codec, Payload
from remote_court.video.feeds import Feed
from remote_court.video.ice import Path
from remote_court.video.legs import Leg
from remote_court.video.lines import Receiving, Sending, Source
from remote_court.video.permissions import Kind
from remote_court.video.port import Port

PROFILE = Policy.SRTP_PROFILE_AEAD_AES_128_GCM
KEY = b"k" * 28
NUMBERS = itertools.count(5000)
KEY_FRAME, DELTA = b"\x10\x00key", b"\x10\x01delta"


def session(direction: int) -> Session:
    policy = Policy(key=KEY, ssrc_type=direction, srtp_profile=PROFILE)
    policy.allow_repeat_tx = True
    policy.window_size = 1024
    return Session(policy)


@dataclass
class Receiver:
    """Somebody's slot, and the socket on which its packets arrive."""

    leg: Leg
    socket: socket.socket
    opener: Session

    def packets(self) -> list[RtpPacket]:
        """What has arrived, opened."""
        return [
            RtpPacket.parse(self.opener.unprotect(data)) for data in self._datagrams(media=True)
        ]

    def reports(self) -> list[object]:
        """The control packets that have arrived."""
        found: list[object] = []
        for data in self._datagrams(media=False):
            found += RtcpPacket.parse(self.opener.unprotect_rtcp(data))
        return found

    def _datagrams(self, *, media: bool) -> list[bytes]:
        found = []
        while True:
            try:
                data = self.socket.recv(2048)
            except BlockingIOError:
                return found
            if (192 <= data[1] <= 223) is not media:
                found.append(data)


class Bench:
    """One sender's track, any number of receivers; close it."""

    def __init__(self, kind: Kind = Kind.VIDEO, port: Port | None = None) -> None:
        self.port = port or Port("127.0.0.1", 0)
        self.asked: list[bytes] = []
        source = Source.CAMERA if kind is Kind.VIDEO else Source.MICROPHONE
        sending = Sending("0", source, 96, 97, 77, None, 90_000, 1, 4)
        self.feed = Feed(sending, self.port, self.asked.append)
        self.feed.audience = frozenset({"inmate"})
        self.track = self.feed.track
        self.receivers: list[Receiver] = []

    def receiver(self, role: str = "inmate", *, rtx: bool = True) -> Receiver:
        """A slot of somebody of this role, not attached yet."""
        ours = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        ours.bind(("127.0.0.1", 0))
        ours.setblocking(False)
        path = Path(self.port.sendto)
        path.nominate(ours.getsockname())
        slot = Receiving(
            mid="1",
            kind=self.track.kind,
            pair=0,
            ssrc=next(NUMBERS),
            rtx_ssrc=next(NUMBERS) if rtx else None,
            clock_rate=90_000,
            extension_mask=0xFFFFFF,
            extension_constant=0x32000000,
            payloads=(Payload(Codec.VP8, 110, 111 if rtx else None),),
        )
        leg = Leg(slot, role, path)
        leg.session = session(Policy.SSRC_ANY_OUTBOUND)
        self.receivers.append(Receiver(leg, ours, session(Policy.SSRC_ANY_INBOUND)))
        return self.receivers[-1]

    def send(self, sequence: int, payload: bytes = KEY_FRAME, *, now: float = 1.0) -> None:
        """A packet of the sender has come in and was opened."""
        stamp = (sequence * 3000) & 0xFFFFFFFF
        self.track.receive((sequence & 0xFFFF, stamp, 0x80, 0, payload), now)
        self.port.outbox.flush()

    def close(self) -> None:
        self.port.close()
        for receiver in self.receivers:
            receiver.socket.close()
