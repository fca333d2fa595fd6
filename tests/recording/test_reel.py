"""Whatever a sender sends, the recorder's thread goes on, and what it wrote is proved and read."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remote_court import clock
from remote_court.recording.assembly import MOST_PARTS, Assembly
from remote_court.recording.codecs import CODECS
from remote_court.recording.h264 import LONGEST_SET, size_of
from remote_court.recording.keys import MasterKey, SigningKey
from remote_court.recording.part import Part
from remote_court.recording.reading import ReadPart
from remote_court.recording.reel import Reel, Source
from remote_court.recording.verify import verify

from .conftest import WHO
from .senders import video_packets

SEEDS = {codec: video_packets(codec, 6) for codec in ("vp8", "h264")}
STEP = st.tuples(
    st.integers(0, 2),  # the track
    st.integers(0, 60),  # which real payload to start from
    st.sampled_from([1, 1, 1, 1, 0, 2, 7, -1, 40_000]),  # how far the sequence goes
    st.sampled_from([0, 0, 1800, 960, -5000, 2**31, 10**7]),  # how far the clock goes
    st.sampled_from([0, 0.01, 0.02, 0.3, 6.0]),  # seconds that pass
    st.booleans(),  # marker
    st.booleans(),  # padding
    st.integers(0, 3),  # the stream
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 255)), max_size=3),  # what is bent
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEP, max_size=80))
def test_anything_may_come(master: MasterKey, signing: SigningKey, steps):
    sources = [
        Source("microphone", "opus", 48_000),
        Source("camera", "vp8", 90_000),
        Source("screen", "h264", 90_000),
    ]
    with tempfile.TemporaryDirectory() as folder:
        part = Part(
            Path(folder) / "7-0", recording="7", session="42", master=master, now=clock.now()
        )
        reel, now = Reel(WHO, sources), 100.0
        reel.thread(part, now)
        sequence, stamp = [0, 0, 0], [0, 0, 0]
        for track, seed, ahead, later, wait, marker, padded, origin, bends in steps:
            packets = SEEDS["h264" if track == 2 else "vp8"]
            payload = bytearray(packets[seed % len(packets)][4])
            for at, value in bends:
                payload[at % len(payload)] = value
            sequence[track] = (sequence[track] + ahead) & 0xFFFF
            stamp[track] = (stamp[track] + later) & 0xFFFFFFFF
            now += wait
            packet = (sequence[track], stamp[track], 128 * marker, 32 * padded, bytes(payload))
            reel.take(track, origin, packet, now)
            reel.hear(track, int(now * 2**32), stamp[track], now)
            reel.tick(now)
            part.commit()
        reel.finish(now)
        part.close(signing, clock.now())
        assert verify(part.folder, signing.public).findings == ()
        read = ReadPart(part.folder, master)
        for file in read.files:
            assert b"".join(read.clear(file.number)).startswith(bytes.fromhex("1a45dfa3"))


@pytest.mark.parametrize("codec", ["vp8", "h264"])
def test_a_frame_without_an_end_does_not_grow_without_an_end(codec):
    assembly = Assembly(CODECS[codec])
    (_, stamp, _, _, payload), *_ = SEEDS[codec]
    for number in range(MOST_PARTS * 2):
        assert assembly.put((number & 0xFFFF, stamp, 0, 0, payload)) == []
        assert len(assembly._parts) <= MOST_PARTS
    assembly.put((0, stamp + 1, 128, 0, payload))
    assert assembly.left_out >= 1


@given(st.binary(min_size=4, max_size=LONGEST_SET))
def test_a_parameter_set_is_read_or_refused(data):
    try:
        width, height = size_of(data)
    except (ValueError, IndexError):
        return
    assert isinstance(width, int)
    assert isinstance(height, int)
