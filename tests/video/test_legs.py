"""Repairs to one receiver: what, how, and how much."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pylibsrtp import Policy

from remote_court.video.legs import MOST_RESENT

from .wires import Bench, Receiver, session


@pytest.fixture
def bench() -> Iterator[Bench]:
    built = Bench()
    yield built
    built.close()


def flowing(bench: Bench, packets: int, *, rtx: bool = True) -> tuple[Receiver, list[int]]:
    """A receiver that got so many packets; their numbers."""
    receiver = bench.receiver(rtx=rtx)
    bench.track.attach(receiver.leg)
    for sequence in range(packets):
        bench.send(sequence, b"\x10\x00" + bytes([sequence & 0xFF]))
    return receiver, [p.sequence_number for p in receiver.packets()]


def test_a_nack_is_answered_by_a_retransmission_stream(bench: Bench) -> None:
    receiver, numbers = flowing(bench, 10)
    receiver.leg.repair([numbers[3], numbers[7]])
    first, second = receiver.packets()
    assert {first.ssrc, second.ssrc} == {receiver.leg.slot.rtx_ssrc}
    assert {first.payload_type, second.payload_type} == {111}
    assert int.from_bytes(first.payload[:2]) == numbers[3]
    assert first.payload[2:] == b"\x10\x00\x03"
    assert second.sequence_number == (first.sequence_number + 1) & 0xFFFF


def test_without_rtx_a_packet_is_sent_again_as_it_was(bench: Bench) -> None:
    receiver, numbers = flowing(bench, 5, rtx=False)
    receiver.opener = session(Policy.SSRC_ANY_INBOUND)  # one that has lost what was sent so far
    receiver.leg.repair([numbers[2]])
    (again,) = receiver.packets()
    assert again.sequence_number == numbers[2]
    assert again.ssrc == receiver.leg.slot.ssrc
    assert again.payload == b"\x10\x00\x02"


def test_what_was_never_sent_to_this_slot_is_not_sent_again(bench: Bench) -> None:
    for sequence in range(10):
        bench.send(sequence)
    receiver = bench.receiver()
    bench.track.attach(receiver.leg)
    bench.send(10)
    (only,) = receiver.packets()
    receiver.leg.repair([(only.sequence_number - back) & 0xFFFF for back in range(1, 10)])
    receiver.leg.repair([(only.sequence_number + 5) & 0xFFFF])
    assert receiver.packets() == []


def test_a_flood_of_nacks_gets_no_more_than_its_share(bench: Bench) -> None:
    receiver, numbers = flowing(bench, 10)
    for _ in range(100):
        receiver.leg.repair(numbers)
        receiver.packets()
    assert receiver.leg.resent == MOST_RESENT
    receiver.leg.refresh()
    receiver.leg.repair(numbers[:1])
    assert receiver.leg.resent == MOST_RESENT + 1


def test_octets_are_counted_through_changes_of_source(bench: Bench) -> None:
    receiver, _ = flowing(bench, 10)
    assert receiver.leg.octets == 30
    bench.track.detach(receiver.leg, 2.0)
    for sequence in range(10, 20):
        bench.send(sequence)
    assert receiver.leg.octets == 30
    bench.track.attach(receiver.leg)
    bench.send(20, b"\x10\x00x")
    assert receiver.leg.octets == 33
