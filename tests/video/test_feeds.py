"""What a person sends as one source, and what can be had of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from remote_court.video.extensions import ONE_BYTE
from remote_court.video.feeds import SQUEEZED_BPS

from .test_layers import FRAME, SIZES, Camera


@pytest.fixture
def camera() -> Iterator[Camera]:
    made = Camera()
    yield made
    made.close()


def block(*pairs: tuple[int, str]) -> memoryview:
    body = b"".join(bytes([name << 4 | len(word) - 1]) + word.encode() for name, word in pairs)
    body += bytes(-len(body) % 4)
    return memoryview(ONE_BYTE.to_bytes(2) + (len(body) // 4).to_bytes(2) + body)


def test_a_packet_says_which_encoding_it_is_of_and_a_repair_which_it_repairs(
    camera: Camera,
) -> None:
    feed, layers = camera.feed, camera.layers
    assert feed.named_by(block((4, "1"), (10, "h")), 96) is layers["h"]
    assert feed.named_by(block((4, "1"), (11, "f")), 97) is layers["f"]
    for strange in (
        (block((4, "1"), (10, "x")), 96),
        (block((4, "2"), (10, "h")), 96),
        (block((10, "h")), 96),
        (block((4, "1")), 96),
        (block((4, "1"), (10, "h")), 97),
        (block((4, "1"), (10, "h")), 98),
    ):
        assert feed.named_by(*strange) is None


def test_encodings_come_smallest_first_with_size_and_rate(camera: Camera) -> None:
    camera.feed.second(camera.now)
    for at in range(40):
        camera.send("f", "h", "q", key="" if at else "qhf")
        if at % 20 == 0:
            camera.feed.second(camera.now)
    offered = camera.feed.encodings(camera.now)
    assert [encoding.size for _, encoding in offered] == [SIZES[name] for name in "qhf"]
    assert all(encoding.bps > 0 for _, encoding in offered)
    for _ in range(20):
        camera.send("q", "h")
    assert [track for track, _ in camera.feed.encodings(camera.now)] == list(camera.feed.layers[:2])


def test_before_anything_has_lasted_there_is_one_to_wait_for(camera: Camera) -> None:
    ((track, encoding),) = camera.feed.encodings(camera.now)
    assert track is camera.layers["q"]
    assert encoding.bps == 0
    camera.send("h", key="h")
    camera.now += FRAME
    assert [track for track, _ in camera.feed.encodings(camera.now)] == [camera.layers["h"]]


def test_a_single_encoding_needs_no_more_than_it_can_be_squeezed_to(camera: Camera) -> None:
    feed = camera.bench.feed
    feed.second(0.0)
    feed.track.octets = 1_000_000
    feed.second(1.0)
    assert [encoding.bps for _, encoding in feed.encodings(1.0)] == [SQUEEZED_BPS]


def test_an_audience_is_of_all_encodings(camera: Camera) -> None:
    camera.feed.audience = frozenset({"judge"})
    assert {layer.audience for layer in camera.feed.layers} == {frozenset({"judge"})}
