"""Frames out of real encoders' packets, and out of anything at all."""

from __future__ import annotations

import random
from fractions import Fraction

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.recording.assembly import Assembly
from remote_court.recording.codecs import CODECS
from remote_court.recording.frames import Frame
from remote_court.recording.ordering import Packet

from .senders import HEIGHT, WIDTH, audio_packets, pictures, video_packets

DECODERS = {"vp8": "vp8", "h264": "h264"}


def assembled(codec: str, packets: list[Packet]) -> list[Frame]:
    assembly = Assembly(CODECS[codec])
    return [frame for packet in packets for frame in assembly.put(packet)]


def decoded(codec: str, frames: list[Frame]) -> list[tuple[int, int]]:
    """The sizes of the pictures a decoder makes of the frames."""
    decoder = av.CodecContext.create(DECODERS[codec], "r")
    if frames[0].setup is not None and frames[0].setup.private:
        decoder.extradata = frames[0].setup.private
    out = []
    for number, frame in enumerate(frames):
        packet = av.Packet(frame.data)
        packet.pts = packet.dts = number
        packet.time_base = Fraction(1, 25)
        out += [(image.width, image.height) for image in decoder.decode(packet)]
    return out + [(image.width, image.height) for image in decoder.decode(None)]


@pytest.mark.parametrize("codec", ["vp8", "h264"])
def test_a_decoder_takes_every_frame_and_the_key_frames_tell_their_size(codec):
    frames = assembled(codec, video_packets(codec, 25))
    assert [frame.key for frame in frames] == [n % 10 == 0 for n in range(25)]
    assert any(len(payloads) > 1 for payloads in pictures(codec, 25))
    for frame in frames[::10]:
        assert frame.setup is not None
        assert (frame.setup.width, frame.setup.height) == (WIDTH, HEIGHT)
    assert decoded(codec, frames) == [(WIDTH, HEIGHT)] * 25


@pytest.mark.parametrize("codec", ["vp8", "h264"])
def test_after_a_loss_pictures_go_on_with_the_next_key_frame(codec):
    packets = video_packets(codec, 25)
    stamps = sorted({p[1] for p in packets}, key=lambda stamp: (stamp - packets[0][1]) % 2**32)
    lost = next(p for p in packets if p[1] == stamps[3])
    assembly, frames = Assembly(CODECS[codec]), list[Frame]()
    for packet in packets:
        if packet is lost:
            assembly.gap()
            assert assembly.wants_key
        else:
            frames += assembly.put(packet)
    assert [f.timestamp for f in frames] == [*stamps[:3], *stamps[10:]]
    assert not assembly.wants_key
    assert assembly.left_out >= 6


def test_sound_is_a_frame_a_packet_without_its_padding():
    packets = audio_packets(5)
    sequence, stamp, marker, _, payload = packets[0]
    padded = (sequence, stamp, marker, 0x20, payload + b"\x00\x00\x03")
    frames = assembled("opus", [padded, *packets[1:]])
    assert [frame.data for frame in frames] == [p[4] for p in packets]
    empty = (sequence, stamp, marker, 0x20, b"\x00\x00\x03")
    assert assembled("opus", [empty]) == []


@pytest.mark.parametrize("codec", list(CODECS))
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.booleans(), st.booleans(), st.binary(max_size=40)),
        max_size=40,
    )
)
def test_anything_may_come(codec, mess):
    assembly = Assembly(CODECS[codec])
    for number, (stamp, marker, padded, payload) in enumerate(mess):
        for frame in assembly.put((number, stamp, 128 * marker, 32 * padded, payload)):
            assert frame.data


@pytest.mark.parametrize("codec", ["vp8", "h264"])
def test_damaged_packets_never_stop_the_assembly(codec):
    dice, assembly = random.Random(7), Assembly(CODECS[codec])
    for sequence, stamp, marker, padded, payload in video_packets(codec, 25) * 40:
        bent = bytearray(payload)
        bent[dice.randrange(min(len(bent), 30))] = dice.randrange(256)
        assembly.put((sequence, stamp, marker, padded, bytes(bent)))
    assert assembly.left_out > 0
