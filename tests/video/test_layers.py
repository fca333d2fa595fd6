"""One picture in three encodings, and receivers that change between them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from aiortc.codecs.vpx import VpxPayloadDescriptor
from aiortc.rtp import RtcpSenderInfo
from hypothesis import given, settings
from hypothesis import strategies as st

from remote_court.video import rtcp, vp8, wiring
from remote_court.video.feeds import Feed
from remote_court.video.layers import QUIET, SETTLED
from remote_court.video.lines import Sending, Source

from .wires import Bench, Receiver

SIZES = {"q": (320, 180), "h": (640, 360), "f": (1280, 720)}
FRAME = 0.05
TICKS = round(FRAME * 90_000)


class Camera:
    """A camera in three layers; each numbers its packets, timestamps and pictures as it likes."""

    def __init__(self, starts: dict[str, int] | None = None) -> None:
        self.bench = Bench()
        self.asked: list[bytes] = []
        sending = Sending("1", Source.CAMERA, 96, 97, None, None, 90_000, None, 4)
        sending = replace(sending, rids=("q", "h", "f"), rid_id=10, repaired_id=11)
        self.feed = Feed(sending, self.bench.port, self.asked.append)
        self.feed.audience = frozenset({"inmate"})
        self.layers = {layer.rid: layer for layer in self.feed.layers}
        for ssrc, layer in enumerate(self.feed.layers, start=100):
            layer.ssrc = ssrc
        self.starts = starts or {"q": 7, "h": 40_000, "f": 65_530}
        self.frame = 0
        self.now = 1.0

    def receiver(self) -> Receiver:
        return self.bench.receiver()

    def send(self, *names: str, key: str = "") -> None:
        """One frame in these layers, of one packet each."""
        for name in names:
            number = self.starts[name] + self.frame
            head = VpxPayloadDescriptor(1, 0, number & 0x7FFF, number & 0xFF, (0, 0))
            width, height = SIZES[name]
            sides = width.to_bytes(2, "little") + height.to_bytes(2, "little")
            opened = b"\x10\x00\x00\x9d\x01\x2a" + sides
            body = opened if name in key else b"\x11" + name.encode()
            stamp = (self.starts[name] * 1000 + self.frame * TICKS) & 0xFFFFFFFF
            packet = (number & 0xFFFF, stamp, 0x80, 0, bytes(head) + body)
            self.layers[name].receive(packet, self.now)
        self.bench.port.outbox.flush()
        self.frame += 1
        self.now += FRAME

    def report(self) -> None:
        """The sender tells each layer's timestamp at one and the same instant."""
        for name, layer in self.layers.items():
            stamp = (self.starts[name] * 1000 + self.frame * TICKS) & 0xFFFFFFFF
            ntp = round(self.now * (1 << 32))
            layer.pass_on(RtcpSenderInfo(ntp, stamp, 1, 1), self.now)

    def close(self) -> None:
        self.bench.close()


@pytest.fixture
def camera() -> Iterator[Camera]:
    made = Camera()
    yield made
    made.close()


def steps(numbers: list[int], wrap: int) -> set[int]:
    return {(b - a) & wrap for a, b in itertools.pairwise(numbers)}


def test_the_old_layer_goes_on_until_the_key_frame_of_the_new(camera: Camera) -> None:
    receiver = camera.receiver()
    q, f = camera.layers["q"], camera.layers["f"]
    wiring.move(receiver.leg, q, camera.now)
    camera.send("q", "f", key="qf")
    wiring.move(receiver.leg, f, camera.now)
    f.tick(camera.now)
    assert camera.asked == [rtcp.key_frame_request(f.ssrc or 0)]
    camera.send("q", "f")
    camera.send("q", "f")
    assert (receiver.leg.track, receiver.leg.target) == (q, f)
    camera.send("q", "f", key="f")
    assert (receiver.leg.track, receiver.leg.target) == (f, None)
    camera.send("q", "f")
    bodies = [VpxPayloadDescriptor.parse(p.payload)[1] for p in receiver.packets()]
    assert [vp8.size_of(b"\x10" + body) for body in bodies] == [
        *[SIZES["q"], None, None, None],
        *[SIZES["f"], None],
    ]
    assert bodies[3:6:2] == [b"\x11q", b"\x11f"]
    assert q.everybody() == ()
    assert f.everybody() == (receiver.leg,)


@pytest.mark.parametrize("reported", [True, False])
def test_numbers_timestamps_and_pictures_run_on_through_changes(
    camera: Camera, reported: bool
) -> None:
    receiver = camera.receiver()
    wiring.move(receiver.leg, camera.layers["q"], camera.now)
    camera.send("q", "h", "f", key="q")
    if reported:
        camera.report()
    for name in ("f", "h", "q", "f"):
        wiring.move(receiver.leg, camera.layers[name], camera.now)
        for at in range(5):
            # the sender writes the small ones first: who came from a small one has its frame
            camera.send("q", "h", "f", key=name if at == 3 else "")
    packets = receiver.packets()
    descriptors = [VpxPayloadDescriptor.parse(p.payload)[0] for p in packets]
    assert steps([p.sequence_number for p in packets], 0xFFFF) == {1}
    assert steps([d.picture_id or 0 for d in descriptors], 0x7FFF) == {1}
    assert steps([d.tl0picidx or 0 for d in descriptors], 0xFF) == {1}
    stamps = [p.timestamp for p in packets]
    gaps = [(b - a) & 0xFFFFFFFF for a, b in itertools.pairwise(stamps)]
    assert min(gaps) >= 1
    assert max(gaps) <= 2 * TICKS
    frames = 20 * TICKS
    assert abs(sum(gaps) - frames) <= (len(packets) if reported else 5 * TICKS)


@given(
    starts=st.fixed_dictionaries(dict.fromkeys("qhf", st.integers(0, 0xFFFF))),
    moves=st.lists(st.tuples(st.sampled_from("qhf"), st.integers(1, 4)), min_size=1, max_size=8),
)
@settings(max_examples=40, deadline=None)
def test_no_sequence_of_changes_leaves_a_gap(
    starts: dict[str, int], moves: list[tuple[str, int]]
) -> None:
    camera = Camera(starts)
    receiver = camera.receiver()
    for name, frames in moves:
        wiring.move(receiver.leg, camera.layers[name], camera.now)
        for at in range(frames):
            camera.send("q", "h", "f", key="qhf" if at == 1 else "")
    packets = receiver.packets()
    pictures = [VpxPayloadDescriptor.parse(p.payload)[0].picture_id or 0 for p in packets]
    assert steps([p.sequence_number for p in packets], 0xFFFF) <= {1}
    assert steps(pictures, 0x7FFF) <= {1}
    assert sum(len(layer.everybody()) for layer in camera.feed.layers) <= 2
    wiring.move(receiver.leg, None, camera.now)
    assert [layer.everybody() for layer in camera.feed.layers] == [()] * 3
    camera.close()


def test_a_change_of_mind_costs_nothing(camera: Camera) -> None:
    receiver = camera.receiver()
    q, h, f = (camera.layers[name] for name in "qhf")
    wiring.move(receiver.leg, q, camera.now)
    camera.send("q", "h", "f", key="q")
    wiring.move(receiver.leg, f, camera.now)
    wiring.move(receiver.leg, h, camera.now)
    assert f.everybody() == ()
    wiring.move(receiver.leg, q, camera.now)
    assert (h.everybody(), receiver.leg.target) == ((), None)
    camera.send("q", "h", "f", key="hf")
    assert receiver.leg.track is q
    assert len(receiver.packets()) == 2


def test_a_repair_has_the_numbers_of_what_was_lost(camera: Camera) -> None:
    receiver = camera.receiver()
    wiring.move(receiver.leg, camera.layers["q"], camera.now)
    camera.send("q", "f", key="q")
    wiring.move(receiver.leg, camera.layers["f"], camera.now)
    camera.send("f", key="f")
    camera.send("f")
    lost = receiver.packets()[-1]
    receiver.leg.repair([lost.sequence_number])
    (again,) = receiver.packets()
    assert again.payload[2:] == lost.payload
    assert again.timestamp == lost.timestamp


def test_receivers_who_moved_together_and_apart_each_get_their_own(camera: Camera) -> None:
    both = [camera.receiver(), camera.receiver()]
    late = camera.receiver()
    for receiver in both:
        wiring.move(receiver.leg, camera.layers["q"], camera.now)
    camera.send("q", "f", key="q")
    for receiver in both:
        wiring.move(receiver.leg, camera.layers["f"], camera.now)
    wiring.move(late.leg, camera.layers["f"], camera.now)
    camera.send("q", "f", key="f")
    camera.send("q", "f")
    shifts = [r.leg.numbering.shift for r in (*both, late)]
    assert shifts[0] == shifts[1] != shifts[2] == (0, 0)
    for receiver in (*both, late):
        pictures = [
            VpxPayloadDescriptor.parse(p.payload)[0].picture_id or 0 for p in receiver.packets()
        ]
        assert steps(pictures, 0x7FFF) == {1}


def lives(camera: Camera) -> list[bool]:
    return [layer.lives(camera.now) for layer in camera.feed.layers]


def test_a_layer_the_sender_drops_is_noticed_within_half_a_second(camera: Camera) -> None:
    for _ in range(40):
        camera.send("q", "h", "f")
    assert camera.feed.watch(camera.now)
    assert [layer.settled(camera.now) for layer in camera.feed.layers] == [True] * 3
    dropped_at = camera.now
    while all(lives(camera)):
        camera.send("q", "h")
    assert lives(camera) == [True, True, False]
    assert QUIET <= camera.now - dropped_at + FRAME <= 0.5 + FRAME
    assert camera.feed.watch(camera.now)


def test_a_camera_that_stops_altogether_has_no_dropped_layer(camera: Camera) -> None:
    for _ in range(40):
        camera.send("q", "h", "f")
    camera.now += 30
    assert lives(camera) == [True] * 3
    camera.send("q")
    assert lives(camera) == [True] * 3


def test_a_layer_that_comes_back_is_trusted_after_a_while(camera: Camera) -> None:
    for _ in range(40):
        camera.send("q", "h")
    assert not camera.layers["f"].lives(camera.now)
    back = camera.now
    f = camera.layers["f"]
    while not f.settled(camera.now):
        camera.send("q", "h", "f")
    assert SETTLED <= camera.now - back <= SETTLED + 2 * FRAME
