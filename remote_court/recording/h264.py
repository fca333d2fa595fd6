"""H.264 in RTP (RFC 6184), single units, STAP-A and FU-A; pure.

Within a frame, units are kept apart by start codes until the frame is joined; there each gets its
length in front, as Matroska and MP4 want it.
"""

from __future__ import annotations

import struct

from remote_court.recording.bits import Bits
from remote_court.recording.frames import Frame, Setup

START = b"\x00\x00\x00\x01"
IDR, SPS, PPS, STAP_A, FU_A = 5, 7, 8, 24, 28
LARGEST_SINGLE = 23
TYPE, REFERENCE = 0x1F, 0xE0
LONGEST_SET = 1024
LARGEST = 16_384
FIRST = 0x80
SIZED = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134})
"""Profiles whose parameter sets say more of colours before the size (H.264, 7.3.2.1.1)."""


class H264:
    """Pictures of devices that offer nothing else."""

    name = "V_MPEG4/ISO/AVC"
    pictures = True

    def opens(self, payload: bytes) -> bool:
        """Whether a unit starts here."""
        kind = payload[0] & TYPE
        return kind != FU_A or bool(payload[1] & FIRST)

    def strip(self, payload: bytes) -> bytes:
        """The units, with start codes; of a fragment after the first, the bytes alone."""
        kind = payload[0] & TYPE
        if 0 < kind <= LARGEST_SINGLE:
            return START + payload
        if kind == STAP_A:
            return b"".join(START + unit for unit in aggregated(payload[1:]))
        if kind != FU_A:
            raise ValueError("a packet of no kind we read")
        body = payload[2:]
        if payload[1] & FIRST:
            return START + bytes([payload[0] & REFERENCE | payload[1] & TYPE]) + body
        return body

    def join(self, timestamp: int, parts: list[bytes]) -> Frame:
        """A frame; it is a key frame if an IDR picture is in it, with its parameter sets."""
        units = [unit for unit in b"".join(parts).split(START) if unit]
        kinds = {unit[0] & TYPE: unit for unit in units}
        data = b"".join(struct.pack(">I", len(unit)) + unit for unit in units)
        if not data:
            raise ValueError("a frame without units")
        if IDR not in kinds:
            return Frame(timestamp, data, False)
        if SPS not in kinds or PPS not in kinds:
            raise ValueError("a key frame without its parameter sets")
        return Frame(timestamp, data, True, setup(kinds[SPS], kinds[PPS]))


def aggregated(payload: bytes) -> list[bytes]:
    """The units of a STAP-A; raises ValueError where one is longer than what there is."""
    units, at = [], 0
    while at < len(payload):
        size = int.from_bytes(payload[at : at + 2])
        unit = payload[at + 2 : at + 2 + size]
        if not size or len(unit) != size:
            raise ValueError("a unit that is cut off")
        units.append(unit)
        at += 2 + size
    return units


def setup(sps: bytes, pps: bytes) -> Setup:
    """The decoder configuration record (ISO 14496-15, 5.3.3.1), and the size in pixels."""
    if max(len(sps), len(pps)) > LONGEST_SET:
        raise ValueError("parameter sets that nobody sends")
    width, height = size_of(sps)
    if not (0 < width <= LARGEST and 0 < height <= LARGEST):
        raise ValueError("a picture of no size")
    record = bytes([1, sps[1], sps[2], sps[3], 0xFF, 0xE1])
    record += struct.pack(">H", len(sps)) + sps + b"\x01" + struct.pack(">H", len(pps)) + pps
    return Setup(width, height, record)


def size_of(sps: bytes) -> tuple[int, int]:
    """Width and height of a sequence parameter set (H.264, 7.3.2.1.1)."""
    bits = Bits(sps[1:].replace(b"\x00\x00\x03", b"\x00\x00"))
    profile = bits.take(8)
    bits.take(16)
    bits.unsigned()
    chroma = 1
    if profile in SIZED:
        chroma = bits.unsigned()
        skip_colours(bits, chroma)
    bits.unsigned()
    order = bits.unsigned()
    if order == 0:
        bits.unsigned()
    elif order == 1:
        bits.take(1)
        bits.signed()
        bits.signed()
        for _ in range(bits.unsigned()):
            bits.signed()
    bits.unsigned()
    bits.take(1)
    wide, high = bits.unsigned() + 1, bits.unsigned() + 1
    whole_frames = bits.take(1)
    if not whole_frames:
        bits.take(1)
    bits.take(1)
    left = right = top = bottom = 0
    if bits.take(1):
        left, right, top, bottom = (bits.unsigned() for _ in range(4))
    across, down = (1, 1) if chroma in {0, 3} else (2, 2 if chroma == 1 else 1)
    rows = 2 - whole_frames
    return wide * 16 - (left + right) * across, high * 16 * rows - (top + bottom) * down * rows


def skip_colours(bits: Bits, chroma: int) -> None:
    """Read past chroma format, bit depths and scaling lists."""
    if chroma == 3:  # noqa: PLR2004 - 4:4:4
        bits.take(1)
    bits.unsigned()
    bits.unsigned()
    bits.take(1)
    if not bits.take(1):
        return
    for number in range(8 if chroma != 3 else 12):  # noqa: PLR2004
        if bits.take(1):
            last = following = 8
            for _ in range(16 if number < 6 else 64):  # noqa: PLR2004 - 4x4 lists come first
                if following:
                    following = (last + bits.signed()) % 256
                last = following or last
