"""Bare callers: they send packets shaped as frames, count what comes, and report as browsers do.

Nothing is decoded, and nothing that arrives is opened: the generator must cost less than what it
loads. One caller is one transport (ICE, DTLS, SRTP), whoever serves it.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import Sequence
from typing import NamedTuple

from aioice import stun
from aiortc.rtcdtlstransport import RTCCertificate

from remote_court.demo.offer import AUDIO, VIDEO, Offer
from remote_court.demo.uplink import PRIORITY, Outgoing, Uplink
from remote_court.video import ice, rtcp
from remote_court.video.datagrams import Address

CONTROL = range(192, 224)
FRAMES = 30
"""Pictures a second: a sender's packets come in bursts, one a picture, as a camera's do."""

REPORT_EVERY = 1.0
SIZE = 1100
SOUND = 120
HEAD, TAG = 12, 16


class Caller(Uplink):
    """A transport that counts media packets without opening them."""

    def __init__(self, offer: Offer, certificate: RTCCertificate) -> None:
        super().__init__(
            offer, certificate, on_packet=lambda _: None, on_control=lambda _: None, bind=""
        )
        self.received = 0
        self.streams: dict[int, int] = {}
        self.video = Outgoing(offer.video_ssrc, VIDEO)
        self.audio = Outgoing(offer.audio_ssrc, AUDIO)

    def _on_media(self, data: bytes) -> None:
        if data[1] not in CONTROL:
            self.received += 1
            self.streams[int.from_bytes(data[8:12])] = int.from_bytes(data[2:4])

    def report(self) -> None:
        """Say what arrived, as receivers do every second."""
        blocks = [
            rtcp.report_block(
                ssrc, fraction_lost=0, lost=0, highest=highest, jitter=0, lsr=0, dlsr=0
            )
            for ssrc, highest in self.streams.items()
        ]
        if blocks and self.connected:
            self.send_control(rtcp.receiver_report(blocks))


class Arrival(NamedTuple):
    """A media packet came: its slot's SSRC, its number, when, and whether it is sound."""

    ssrc: int
    number: int
    at: float
    sound: bool


class Clocked(Caller):
    """A caller that notes when each packet comes."""

    def __init__(self, offer: Offer, certificate: RTCCertificate) -> None:
        super().__init__(offer, certificate)
        self.arrivals: list[Arrival] = []

    def _on_media(self, data: bytes) -> None:
        if data[1] not in CONTROL:
            ssrc, number = int.from_bytes(data[8:12]), int.from_bytes(data[2:4])
            sound = data[1] & 0x7F == AUDIO
            self.arrivals.append(Arrival(ssrc, number, time.monotonic(), sound))
        super()._on_media(data)

    def slots(self) -> dict[int, list[Arrival]]:
        """What came, by slot."""
        found: dict[int, list[Arrival]] = {}
        for one in self.arrivals:
            found.setdefault(one.ssrc, []).append(one)
        return found


class FullCaller(Caller):
    """A caller that also answers checks, for servers that check themselves (RFC 8445).

    It nominates where it made the offer, and is nominated to where the server made it.
    """

    controlling = True

    def _request(self, name: str, password: str) -> bytes:
        if self.controlling:
            return super()._request(name, password)
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes["USERNAME"] = name
        request.attributes["PRIORITY"] = PRIORITY
        request.attributes["ICE-CONTROLLED"] = 1
        request.add_message_integrity(password.encode())
        request.add_fingerprint()
        return bytes(request)

    def _on_check(self, data: bytes, address: Address) -> None:
        if data[0] == 1:
            if self.controlling:
                super()._on_check(data, address)
            return
        self._path.ufrag, self._path.password = self._offer.ufrag, self._offer.password
        found = ice.check(data, lambda _: self._path)
        if found is None:
            return
        self.socket.sendto(ice.reply(found, address), address)
        if found.nominates:
            found.path.nominate(address)


def fingerprinted(*, pairs: int, sends: Sequence[str]) -> tuple[Offer, RTCCertificate]:
    """An offer and the certificate behind it."""
    certificate = RTCCertificate.generateCertificate()
    offer = Offer(
        [f for f in certificate.getFingerprints() if f.algorithm == "sha-256"],
        pairs=pairs,
        microphone="audio" in sends,
        camera="video" in sends,
    )
    return offer, certificate


async def film(
    caller: Caller, per_second: int, seconds: float, phase: float, pictures: int = FRAMES
) -> int:
    """Send pictures at an even pace, ``per_second`` packets; returns how many packets went.

    ``phase`` (0 to 1) is where in the time of a picture this sender begins, so that senders
    do not beat in step; ``pictures`` is how many there are a second.
    """
    payload = b"\x10\x00" + os.urandom(SIZE - HEAD - 2)
    stream, sent, frame = caller.video, 0, 0
    began = time.monotonic() + phase / pictures
    while True:
        await asyncio.sleep(max(0.0, began + frame / pictures - time.monotonic()))
        if time.monotonic() - began >= seconds:
            return sent
        frame += 1
        due = frame * per_second // pictures
        stream.timestamp += 90_000 // pictures
        while sent < due:
            sent += 1
            caller.send(stream, payload, marker=sent == due)


async def speak(caller: Caller, per_second: int, seconds: float, phase: float) -> int:
    """Send sound, a packet at a time; returns how many went."""
    payload = os.urandom(SOUND)
    stream, sent = caller.audio, 0
    began = time.monotonic() + phase / per_second
    while True:
        await asyncio.sleep(max(0.0, began + sent / per_second - time.monotonic()))
        if time.monotonic() - began >= seconds:
            return sent
        stream.timestamp += 48_000 // per_second
        caller.send(stream, payload, marker=False, level=20 + secrets.randbelow(30))
        sent += 1


async def reporting(callers: Sequence[Caller]) -> None:
    """Reports of all callers, spread over each second, until cancelled."""
    while True:
        for caller in callers:
            await asyncio.sleep(REPORT_EVERY / max(1, len(callers)))
            caller.report()
