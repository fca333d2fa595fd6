"""The participant's media path, without a server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from aiortc.rtcdtlstransport import RTCCertificate
from aiortc.rtp import RtpPacket

from remote_court.demo.offer import Offer
from remote_court.demo.uplink import KEPT, Outgoing, Uplink


@pytest_asyncio.fixture
async def uplink() -> AsyncIterator[Uplink]:
    certificate = RTCCertificate.generateCertificate()
    opened = Uplink(
        Offer(certificate.getFingerprints()),
        certificate,
        on_packet=lambda _: None,
        on_control=lambda _: None,
    )
    yield opened
    await opened.close()


async def test_packets_are_numbered_and_kept_for_who_lost_them(uplink: Uplink) -> None:
    sealed: list[bytes] = []
    uplink._seal = sealed.append  # type: ignore[method-assign]
    stream = Outgoing(7, 96)
    for _ in range(KEPT + 10):
        stream.timestamp += 3000
        uplink.send(stream, b"payload", marker=True, level=30)
    packets = [RtpPacket.parse(data) for data in sealed]
    first = packets[0].sequence_number
    assert [(p.sequence_number - first) & 0xFFFF for p in packets] == list(range(KEPT + 10))
    assert {(p.ssrc, p.payload_type, p.payload) for p in packets} == {(7, 96, b"payload")}
    before = len(sealed)
    uplink.resend(stream, [packets[0].sequence_number, packets[-1].sequence_number])
    assert sealed[before:] == [sealed[before - 1]]
    assert not uplink.connected


async def test_hanging_up_twice_does_no_harm(uplink: Uplink) -> None:
    uplink.hang_up()
    uplink.hang_up()
