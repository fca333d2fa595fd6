"""The forwarding loop, packet by packet."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from aiortc.rtp import RtcpSenderInfo, RtcpSrPacket

from remote_court.video import rtcp
from remote_court.video.permissions import Kind
from remote_court.video.reception import LATEST, PATIENCE
from remote_court.video.tracks import Track

from .wires import DELTA, KEY_FRAME, Bench


@pytest.fixture
def bench() -> Iterator[Bench]:
    built = Bench()
    yield built
    built.close()


def test_a_packet_reaches_each_receiver_in_its_own_numbers(bench: Bench) -> None:
    both = [bench.receiver(), bench.receiver()]
    for receiver in both:
        bench.track.attach(receiver.leg)
    for sequence in range(65_530, 65_545):
        bench.send(sequence)
    for receiver in both:
        packets = receiver.packets()
        assert len(packets) == 15
        assert {p.ssrc for p in packets} == {receiver.leg.slot.ssrc}
        assert {p.payload_type for p in packets} == {110}
        first = packets[0].sequence_number
        assert [p.sequence_number for p in packets] == [(first + at) & 0xFFFF for at in range(15)]
        steps = [(b.timestamp - a.timestamp) & 0xFFFFFFFF for a, b in itertools.pairwise(packets)]
        assert set(steps) == {3000}
        assert all(p.payload == KEY_FRAME and p.marker for p in packets)


def test_pictures_start_with_a_key_frame_that_was_asked_for(bench: Bench) -> None:
    receiver = bench.receiver()
    bench.send(1, DELTA)
    bench.track.attach(receiver.leg)
    bench.track.tick(10.0)
    assert bench.asked == [rtcp.key_frame_request(77)]
    bench.send(2, DELTA)
    assert receiver.packets() == []
    bench.send(3, KEY_FRAME)
    bench.send(4, DELTA)
    assert [p.payload for p in receiver.packets()] == [KEY_FRAME, DELTA]


def test_key_frames_are_asked_for_at_most_twice_a_second(bench: Bench) -> None:
    bench.send(1)
    for tick in range(100):
        bench.track.want_key_frame()
        bench.track.tick(10 + tick * 0.05)
    assert 10 <= len(bench.asked) <= 11


@pytest.mark.parametrize("kind", Kind)
def test_who_is_not_in_the_audience_gets_nothing_even_if_attached(kind: Kind) -> None:
    bench = Bench(kind)
    allowed, barred = bench.receiver("inmate"), bench.receiver("supervisor")
    for receiver in (allowed, barred):
        bench.track.attach(receiver.leg)
    for sequence in range(10):
        bench.send(sequence)
    assert len(allowed.packets()) == 10
    assert barred.packets() == []
    barred.leg.repair([barred.leg.rewriter.sequence_out(s) for s in range(10)])
    bench.track.pass_on(RtcpSenderInfo(1, 2, 3, 4), 1.0)
    assert barred.packets() == barred.reports() == []
    assert barred.leg.resent == 0
    bench.track.audience = frozenset()
    bench.send(11)
    assert allowed.packets() == []
    bench.close()


def test_a_change_of_source_is_seamless(bench: Bench) -> None:
    other = Bench(port=bench.port)
    receiver = bench.receiver()
    bench.track.attach(receiver.leg)
    for sequence in range(100, 110):
        bench.send(sequence, now=1.0)
    bench.track.detach(receiver.leg, 1.2)
    other.track.attach(receiver.leg)
    for sequence in range(7, 15):
        other.send(sequence, now=1.5)
    packets = receiver.packets()
    numbers = [p.sequence_number for p in packets]
    assert numbers == [(numbers[0] + at) & 0xFFFF for at in range(18)]
    pause = (packets[10].timestamp - packets[9].timestamp) & 0xFFFFFFFF
    assert pause == round(0.3 * 90_000)


def test_a_lost_packet_is_asked_for_at_once_and_passed_on_late(bench: Bench) -> None:
    receiver = bench.receiver()
    bench.track.attach(receiver.leg)
    bench.send(1, now=1.0)
    bench.send(4, now=1.0)
    assert bench.asked == [rtcp.nack(77, [2, 3])]
    bench.send(2, b"\x10\x00late", now=1.01)
    bench.track.tick(1.0 + LATEST)
    assert bench.asked[1:] == [rtcp.nack(77, [3])]
    packets = receiver.packets()
    first = packets[0].sequence_number
    assert [(p.sequence_number - first) & 0xFFFF for p in packets] == [0, 3, 1]
    assert packets[-1].payload == b"\x10\x00late"
    bench.send(2, b"\x10\x00late", now=1.01)
    assert receiver.packets() == []


def test_what_never_came_is_mended_by_a_key_frame(bench: Bench) -> None:
    receiver = bench.receiver()
    bench.track.attach(receiver.leg)
    bench.send(1, now=1.0)
    bench.send(3, now=1.0)
    bench.track.tick(PATIENCE + 0.99)
    assert rtcp.key_frame_request(77) not in bench.asked
    bench.track.tick(PATIENCE + 1.01)
    bench.track.tick(PATIENCE + 1.02)
    assert bench.asked.count(rtcp.key_frame_request(77)) == 1


@pytest.mark.parametrize("nack", [True, False])
def test_sound_is_asked_for_again_where_its_sender_offered_that(nack: bool, bench: Bench) -> None:
    mute = Bench(Kind.AUDIO, bench.port)
    sound = replace(mute.track.sending, nack=nack)
    track = Track(sound, bench.port, mute.asked.append)
    for sequence in (1, 3):
        track.receive((sequence, 0, 0, 0, b"sound"), 1.0)
    assert mute.asked == ([rtcp.nack(77, [2])] if nack else [])


def test_a_late_packet_from_before_ones_time_is_not_for_one(bench: Bench) -> None:
    bench.send(1)
    bench.send(3)
    receiver = bench.receiver()
    bench.track.attach(receiver.leg)
    bench.send(4)
    bench.send(2)
    assert len(receiver.packets()) == 1


def test_sender_reports_come_in_the_slots_numbers(bench: Bench) -> None:
    receiver = bench.receiver()
    bench.track.attach(receiver.leg)
    for sequence in range(5):
        bench.send(sequence)
    stamp = receiver.packets()[-1].timestamp
    bench.track.pass_on(RtcpSenderInfo(99 << 32, 4 * 3000, 5, 25), 1.0)
    report = receiver.reports()[0]
    assert isinstance(report, RtcpSrPacket)
    assert report.ssrc == receiver.leg.slot.ssrc
    assert report.sender_info.rtp_timestamp == stamp
    assert report.sender_info.packet_count == 5
    assert report.sender_info.octet_count == 5 * len(KEY_FRAME)
    block = bench.track.block(2.0)
    assert block is not None
    assert (block.lsr, block.dlsr) == ((99 << 32) >> 16 & 0xFFFFFFFF, 65_536)


def test_sound_starts_at_once_and_goes_quiet_when_packets_stop() -> None:
    bench = Bench(Kind.AUDIO)
    receiver = bench.receiver()
    bench.track.attach(receiver.leg)
    bench.send(1, b"opus", now=1.0)
    assert [p.payload for p in receiver.packets()] == [b"opus"]
    block = b"\xbe\xde\x00\x01\x10\x9e\x00\x00"
    bench.track.hear(memoryview(block), 0, len(block))
    assert bench.track.loudness(1.2) == 30
    assert bench.track.loudness(2.0) == 127
    elsewhere = b"\xbe\xde\x00\x02\x21\x10\x10\x10\x85\x00\x00\x00"
    bench.track.hear(memoryview(elsewhere), 0, len(elsewhere))
    assert bench.track.level == 5
    bench.close()


def test_a_receiver_nobody_can_reach_does_not_stop_the_others(bench: Bench) -> None:
    lost, well = bench.receiver(), bench.receiver()
    lost.leg.path.nominate(("0.0.0.0", 0))
    for receiver in (lost, well):
        bench.track.attach(receiver.leg)
    bench.send(1)
    assert len(well.packets()) == 1


def test_a_tap_gets_every_packet_that_is_taken_and_each_once(bench: Bench) -> None:
    tapped: list[tuple[int, float]] = []
    bench.send(1)
    bench.track.tap = lambda packet, now: tapped.append((packet[0], now))
    for sequence in (2, 4, 4, 3, 3, 5):
        bench.send(sequence, now=2.0)
    assert tapped == [(2, 2.0), (4, 2.0), (3, 2.0), (5, 2.0)]
    bench.track.tap = None
    bench.send(6)
    assert len(tapped) == 4
