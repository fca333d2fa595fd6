"""The codecs we pass on, and which of an m-line's formats they are; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from aiortc.rtcrtpparameters import ParametersDict, RTCRtpCodecParameters
from aiortc.sdp import MediaDescription

from remote_court.video import h264, vp8
from remote_court.video.permissions import Kind


class Codec(StrEnum):
    """By the name SDP has for it."""

    OPUS = "opus"
    VP8 = "vp8"
    H264 = "h264"


SERVED: Mapping[Kind, tuple[Codec, ...]] = {
    Kind.AUDIO: (Codec.OPUS,),
    Kind.VIDEO: (Codec.VP8, Codec.H264),
}
"""By kind, the dearest first: H.264 is for devices that offer nothing else."""

CLOCKS: Mapping[Codec, int] = {Codec.OPUS: 48_000, Codec.VP8: 90_000, Codec.H264: 90_000}
"""Ticks per second; a format of another rate is not of that codec."""

PAYLOAD_TYPES = frozenset({*range(64), *range(96, 128)})
"""Those between look like control packets (RFC 5761), and those above fit into no packet."""

OPENERS: Mapping[Codec, Callable[[bytes], bool]] = {
    Codec.VP8: vp8.opens_key_frame,
    Codec.H264: h264.opens_key_frame,
}
"""How a key frame's first packet is known."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A codec under the payload types that an m-line gives to it and to its repairs."""

    codec: Codec
    payload_type: int
    rtx_payload_type: int | None


@dataclass(frozen=True, slots=True)
class Format:
    """One of an m-line's formats that we serve, with its parameters as they were offered."""

    payload: Payload
    offered: RTCRtpCodecParameters


def formats(line: MediaDescription) -> list[Format]:
    """What of an m-line we serve, the dearest first; each codec once."""
    found = []
    for codec in SERVED[Kind(line.kind)]:
        for payload_type, offered in numbered(line):
            if is_served(offered, codec):
                repair = next(repairs_of(line, payload_type), None)
                found.append(Format(Payload(codec, payload_type, repair), offered))
                break
    return found


def numbered(line: MediaDescription) -> Iterator[tuple[int, RTCRtpCodecParameters]]:
    """The formats of an m-line whose payload type fits into a packet."""
    for offered in line.rtp.codecs:
        if offered.payloadType is not None and offered.payloadType in PAYLOAD_TYPES:
            yield offered.payloadType, offered


def is_served(offered: RTCRtpCodecParameters, codec: Codec) -> bool:
    """Whether an offered format is this codec, as we serve it."""
    if offered.name.lower() != codec or offered.clockRate != CLOCKS[codec]:
        return False
    return codec is not Codec.H264 or h264.is_served(offered.parameters)


def repairs_of(line: MediaDescription, payload_type: int) -> Iterator[int]:
    """Payload types of retransmissions of a format."""
    for repair, codec in numbered(line):
        if codec.name.lower() == "rtx" and codec.parameters.get("apt") == payload_type:
            yield repair


def parameters(found: Format, *, receives: bool, start_kbps: int) -> ParametersDict:
    """The parameters of a format as we answer them."""
    told: ParametersDict = {}
    match found.payload.codec:
        case Codec.OPUS:
            return {"minptime": 10, "useinbandfec": 1, "usedtx": "1"}
        case Codec.H264:
            told = dict(found.offered.parameters)
        case Codec.VP8:
            pass
    if receives:
        told["x-google-start-bitrate"] = str(start_kbps)
    return told
