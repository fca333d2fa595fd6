"""Packets of one client, from the socket to its tracks."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiortc.rtp import RtcpReceiverInfo
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pylibsrtp import Policy

from remote_court.video import extensions, rtcp, srtp
from remote_court.video import media as media_module
from remote_court.video.datagrams import STRIDE
from remote_court.video.lines import Source
from remote_court.video.media import LOST_AFTER, Media
from remote_court.video.port import Port
from remote_court.video.tracks import NO_PLACE

from . import feedback
from .test_wiring import person
from .wires import session

SENDER = session(Policy.SSRC_ANY_OUTBOUND)


@pytest.fixture
def port() -> Iterator[Port]:
    opened = Port("127.0.0.1", 0)
    yield opened
    opened.close()


@pytest.fixture
def media(port: Port) -> Media:
    """A client's media as after its handshake, with keys we know."""
    return with_keys(person(port, "anna", "visitor").media)


def with_keys(ours: Media) -> Media:
    ours._incoming = session(Policy.SSRC_ANY_INBOUND)
    ours._outgoing = session(Policy.SSRC_ANY_OUTBOUND)
    ours._unseal = srtp.handle(ours._incoming)
    return ours


def arrive(media: Media, datagram: bytes) -> None:
    cell, start = 3, 3 * STRIDE
    media._inbox.view[start : start + len(datagram)] = datagram
    media._on_packet(cell, start, len(datagram))


def packet(
    ssrc: int,
    sequence: int,
    payload: bytes,
    *,
    kind: int = 96,
    first: int = 0x80,
    extra: bytes = b"",
) -> bytes:
    head = bytes([first, kind]) + sequence.to_bytes(2) + bytes(4) + ssrc.to_bytes(4)
    return session(Policy.SSRC_ANY_OUTBOUND).protect(head + extra + payload)


def test_a_packet_finds_its_track(media: Media) -> None:
    camera = media.feeds[Source.CAMERA].track
    arrive(media, packet(camera.ssrc or 0, 7, b"\x10\x00picture"))
    assert camera.reception.received == 1
    assert camera.ring.get(7) == (7, 0, 0, 0, b"\x10\x00picture")


def test_a_retransmission_is_unwrapped(media: Media) -> None:
    camera = media.feeds[Source.CAMERA].track
    for sequence in (1, 3):
        arrive(media, packet(camera.ssrc or 0, sequence, b"x"))
    repair = camera.sending.rtx_ssrc or 0
    arrive(media, packet(repair, 50, b"\x00\x02again", kind=97))
    assert camera.ring.get(2) == (2, 0, 0, 0, b"again")
    arrive(media, packet(repair, 51, b"\0\0\0\x04", kind=97, first=0xA0))  # a probe: only padding
    assert camera.reception.received == 3


def test_loudness_is_heard_on_the_way(media: Media) -> None:
    microphone = media.feeds[Source.MICROPHONE].track
    extra = b"\xbe\xde\x00\x01\x10\x94\x00\x00"
    arrive(media, packet(microphone.ssrc or 0, 1, b"opus", kind=111, first=0x90, extra=extra))
    assert microphone.level == 20
    assert microphone.ring.get(1) == (1, 0, 0, 0, b"opus")


def test_a_stranger_is_known_by_the_m_line_it_names(media: Media) -> None:
    camera = media.feeds[Source.CAMERA].track
    camera.ssrc = None
    media._by_ssrc.clear()
    named = b"\xbe\xde\x00\x01\x40" + camera.sending.mid.encode() + b"\x00\x00"
    arrive(media, packet(4242, 1, b"\x10\x00p", first=0x90, extra=named))
    assert camera.ssrc == 4242
    arrive(media, packet(4343, 1, b"\x10\x00p", first=0x90, extra=named))
    assert (camera.ssrc, media.failed) == (4242, 1)


LAYERED = """a=rid:q send
a=rid:f send
a=simulcast:send q;f
a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id
""".replace("\n", "\r\n")


@pytest.fixture
def layered(port: Port) -> Media:
    """As ``media``, of a client whose camera comes in two layers."""
    return with_keys(person(port, "anna", "visitor", camera=LAYERED).media)


def named(*words: tuple[int, bytes]) -> bytes:
    body = b"".join(bytes([name << 4 | len(word) - 1]) + word for name, word in words)
    body += bytes(-len(body) % 4)
    return b"\xbe\xde" + (len(body) // 4).to_bytes(2) + body


def test_layers_are_told_apart_by_name_and_then_by_ssrc(layered: Media) -> None:
    q, f = layered.feeds[Source.CAMERA].layers
    extra = {name: named((4, b"1"), (10, name)) for name in (b"q", b"f")}
    arrive(layered, packet(600, 1, b"\x10\x00f", first=0x90, extra=extra[b"f"]))
    arrive(layered, packet(500, 1, b"\x10\x00q", first=0x90, extra=extra[b"q"]))
    arrive(layered, packet(500, 3, b"\x10\x00q"))
    assert (q.ssrc, f.ssrc) == (500, 600)
    assert (q.reception.received, f.reception.received) == (2, 1)
    repair = named((4, b"1"), (11, b"q"))
    arrive(layered, packet(501, 9, b"\x00\x02again", kind=97, first=0x90, extra=repair))
    assert q.ring.get(2) == (2, 0, 0, 0, b"again")
    arrive(layered, packet(502, 9, b"\x00\x02more", kind=97, first=0x90, extra=repair))
    arrive(layered, packet(601, 2, b"\x10\x00x", first=0x90, extra=extra[b"f"]))
    assert (f.ssrc, layered.failed) == (600, 2)


def test_a_forged_name_teaches_nothing(layered: Media) -> None:
    q, _ = layered.feeds[Source.CAMERA].layers
    forged = bytearray(packet(666, 1, b"p", first=0x90, extra=named((4, b"1"), (10, b"q"))))
    forged[-1] ^= 1
    arrive(layered, bytes(forged))
    assert (q.ssrc, layered.failed) == (None, 1)
    arrive(layered, packet(500, 1, b"p", first=0x90, extra=named((4, b"1"), (10, b"q"))))
    assert q.ssrc == 500


def test_each_layer_is_reported_and_limited(layered: Media) -> None:
    sent: list[bytes] = []
    layered.path._sendto = lambda data, _: sent.append(data) or len(data)
    for ssrc, name in ((500, b"q"), (600, b"f")):
        extra = named((4, b"1"), (10, name))
        arrive(layered, packet(ssrc, 1, b"\x10\x00p", first=0x90, extra=extra))
    layered.second(1.0, 700_000)
    heard: Any = rtcp.read(session(Policy.SSRC_ANY_INBOUND).unprotect_rtcp(sent[-1]))
    assert [block.ssrc for block in heard.reports] == [500, 600]


NUMBERED = f"a=extmap:5 {extensions.NUMBER}\r\na=rtcp-fb:96 transport-cc\r\n"


@pytest.fixture
def numbered(port: Port) -> Media:
    """As ``media``, of a client that numbers what it sends of its camera."""
    return with_keys(person(port, "anna", "visitor", camera=NUMBERED).media)


def told(media: Media, now: float, work: Callable[[], object]) -> list[feedback.Feedback]:
    """What the client is told of the packets that came, while this is done at this time."""
    sent: list[bytes] = []
    media.path._sendto = lambda data, _: sent.append(data) or len(data)
    media._port.now = now
    seconds, nanoseconds = divmod(round(now * 1e9), 1_000_000_000)
    media._inbox.seconds[3], media._inbox.nanoseconds[3] = seconds, nanoseconds
    work()
    opener = session(Policy.SSRC_ANY_INBOUND)
    return [feedback.read(opener.unprotect_rtcp(data)[8:]) for data in sent]


def test_a_client_that_numbers_its_packets_is_told_when_they_came(numbered: Media) -> None:
    camera = numbered.feeds[Source.CAMERA].track
    number = itertools.count(1)

    def come(of_all: int, *before: tuple[int, bytes]) -> None:
        extra = named(*before, (5, of_all.to_bytes(2)))
        data = packet(camera.ssrc or 0, next(number), b"p", first=0x90, extra=extra)
        arrive(numbered, data)

    (one,) = told(numbered, 1.0, lambda: come(0xFFFE))
    assert (one.ssrc, one.count, one.seen) == (camera.ssrc, 0, {0xFFFE: 4000})
    assert told(numbered, 1.05, lambda: come(0xFFFF)) == []
    assert told(numbered, 1.06, lambda: come(1, (2, b"abc"))) == []
    (one,) = told(numbered, 1.125, lambda: come(2, (2, b"abc"), (4, b"1")))
    assert (one.count, one.seen) == (1, {0xFFFF: 4200, 0: None, 1: 4240, 2: 4500})
    assert told(numbered, 1.15, lambda: come(3)) == []
    assert told(numbered, 1.2, lambda: numbered.watch(1.2)) == []
    (one,) = told(numbered, 1.4, lambda: numbered.watch(1.4))
    assert (one.count, one.seen) == (2, {3: 4600})
    assert told(numbered, 1.6, lambda: numbered.watch(1.6)) == []


def test_repairs_and_probes_are_told_too_and_what_no_key_signed_is_not(numbered: Media) -> None:
    camera, extra = numbered.feeds[Source.CAMERA].track, named((5, b"\0\7"))
    forged = bytearray(packet(camera.ssrc or 0, 1, b"p", first=0x90, extra=extra))
    forged[-1] ^= 1
    arrive(numbered, packet(camera.ssrc or 0, 2, b"p"))
    arrive(numbered, bytes(forged))
    assert not numbered.arrivals.untold
    numbered.arrivals.due = float("inf")
    repair = camera.sending.rtx_ssrc or 0
    arrive(numbered, packet(repair, 1, b"\0\0\0\4", kind=97, first=0xB0, extra=extra))
    assert list(numbered.arrivals.untold) == [7]


def test_who_did_not_ask_for_it_is_told_nothing(media: Media) -> None:
    camera, extra = media.feeds[Source.CAMERA].track, named((5, b"\0\7"))
    assert (
        told(
            media,
            1.0,
            lambda: arrive(media, packet(camera.ssrc or 0, 1, b"p", first=0x90, extra=extra)),
        )
        == []
    )
    assert not media.arrivals.untold


@given(data=st.binary(max_size=24), words=st.integers(0, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_numbers_are_read_within_their_packet(numbered: Media, data: bytes, words: int) -> None:
    camera = numbered.feeds[Source.CAMERA].track
    block = b"\xbe\xde" + words.to_bytes(2) + data
    numbered.arrivals.untold.clear()
    numbered.arrivals.due = float("inf")
    numbered._number_at = NO_PLACE
    sealed = session(Policy.SSRC_ANY_OUTBOUND)
    plain = b"\x90\x60" + bytes(6) + (camera.ssrc or 0).to_bytes(4) + block
    try:
        datagram = sealed.protect(plain)
    except media_module.SrtpError:
        return
    with_keys(numbered)
    arrive(numbered, datagram)
    inside = bytes(block[: 4 + 4 * words])
    known = [value for name, value in extensions.elements(inside) if name == 5]
    for number in numbered.arrivals.untold:
        assert number in {int.from_bytes(value[:2]) for value in known}


@pytest.mark.parametrize(
    "datagram",
    [
        b"\x80",
        b"\x80\x60" + bytes(9),
        b"\x80\x60" + bytes(40),
        b"\x80\xc8\x00\x00",
        b"\x80\xc8" + bytes(60),
    ],
)
def test_what_no_key_signed_is_counted_and_dropped(media: Media, datagram: bytes) -> None:
    arrive(media, datagram)
    assert media.failed == 1


@given(data=st.binary(min_size=1, max_size=300), head=st.sampled_from([0x80, 0x90, 0xBF, 0xFF]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nonsense_does_no_harm(media: Media, data: bytes, head: int) -> None:
    known = (media.feeds[Source.CAMERA].track.ssrc or 0).to_bytes(4)
    arrive(media, bytes([head]) + data)
    arrive(media, bytes([head, 0x60]) + data[:6].ljust(6, b"\0") + known + data)


@given(data=st.binary(max_size=200), first=st.integers(0x80, 0xBF), kind=st.integers(0, 127))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_client_with_keys_may_lie_as_it_likes(
    media: Media, data: bytes, first: int, kind: int
) -> None:
    ssrc = (media.feeds[Source.CAMERA].track.ssrc or 0).to_bytes(4)
    plain = bytes([first, kind]) + bytes(6) + ssrc + data
    try:
        sealed = session(Policy.SSRC_ANY_OUTBOUND).protect(plain)
    except media_module.SrtpError:
        return
    arrive(media, sealed)


def control(media: Media, compound: bytes) -> None:
    arrive(media, SENDER.protect_rtcp(compound))


def report(ssrc: int, fraction: int, highest: int) -> RtcpReceiverInfo:
    return rtcp.report_block(
        ssrc, fraction_lost=fraction, lost=0, highest=highest, jitter=0, lsr=0, dlsr=0
    )


def test_reports_and_limits_of_a_receiver_are_heeded(media: Media) -> None:
    mine = media.legs[1].slot.ssrc
    for highest in (1, 101):
        reports = [report(mine, 128, highest), report(1, 255, highest)]
        control(media, rtcp.receiver_report(reports) + rtcp.remb(500_000, [mine]))
    assert media.line.loss_ratio == 0.25
    assert 499_000 < (media.line.estimate_bps or 0) <= 500_000


def test_a_client_cannot_make_us_keep_contexts_without_end(media: Media) -> None:
    for source in range(100):
        compound = bytearray(rtcp.receiver_report([])[:8])
        compound[4:8] = source.to_bytes(4)
        control(media, bytes(compound))
    assert len(media._control_ssrcs) == media_module.MOST_CONTROL_SSRCS


def test_a_client_whose_checks_stopped_is_lost(media: Media) -> None:
    media.path.heard_at = 100.0
    assert not media.lost(100.0 + LOST_AFTER)
    assert media.lost(101.0 + LOST_AFTER)


def test_a_client_that_checks_nothing_stays_for_as_long_as_it_sends(media: Media) -> None:
    camera = media.feeds[Source.CAMERA].track
    media.path.heard_at = 100.0
    for number in range(1, 4):
        arrive(media, packet(camera.ssrc or 0, number, b"\x10\x00p"))
        assert not media.lost(100.0 + number * LOST_AFTER)
    assert media.lost(101.0 + 4 * LOST_AFTER)


def test_a_client_that_only_receives_stays_by_its_reports(media: Media) -> None:
    media.path.heard_at = 0.0
    control(media, rtcp.receiver_report([]))
    assert media.path.heard_at == media._port.now > 0


def test_a_second_brings_reports_and_a_limit_to_the_sender(media: Media) -> None:
    sent: list[bytes] = []
    media.path._sendto = lambda data, _: sent.append(data) or len(data)
    camera = media.feeds[Source.CAMERA].track
    arrive(media, packet(camera.ssrc or 0, 1, b"\x10\x00p"))
    assert media.second(1.0, 700_000) is False
    heard: Any = rtcp.read(session(Policy.SSRC_ANY_INBOUND).unprotect_rtcp(sent[-1]))
    assert [block.ssrc for block in heard.reports] == [camera.ssrc]
    assert 699_000 < heard.remb_bps <= 700_000
