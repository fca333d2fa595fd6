"""VP8 in RTP (RFC 7741): the payload descriptor, and what a frame says of itself; pure."""

from __future__ import annotations

from remote_court.recording.frames import Frame, Setup

EXTENDED = 0x80
STARTS = 0x10
PARTITION = 0x07
HAS_PICTURE, HAS_LEVEL, HAS_LAYER_OR_KEY = 0x80, 0x40, 0x30
START_CODE = b"\x9d\x01\x2a"
SIZE_MASK = 0x3FFF


class Vp8:
    """Pictures of most browsers."""

    name = "V_VP8"
    pictures = True

    def opens(self, payload: bytes) -> bool:
        """Whether the first partition starts here."""
        return bool(payload) and payload[0] & STARTS != 0 and payload[0] & PARTITION == 0

    def strip(self, payload: bytes) -> bytes:
        """Without the descriptor (RFC 7741, 4.2)."""
        at = 1
        if payload[0] & EXTENDED:
            flags = payload[1]
            at = 2
            if flags & HAS_PICTURE:
                at += 2 if payload[at] & 0x80 else 1
            at += bool(flags & HAS_LEVEL) + bool(flags & HAS_LAYER_OR_KEY)
        if at >= len(payload):
            raise ValueError("a descriptor and nothing else")
        return payload[at:]

    def join(self, timestamp: int, parts: list[bytes]) -> Frame:
        """A frame; a key frame tells its size (RFC 6386, 9.1)."""
        data = b"".join(parts)
        if data[0] & 1:
            return Frame(timestamp, data, False)
        if data[3:6] != START_CODE:
            raise ValueError("a key frame without its start code")
        width, height = (int.from_bytes(data[at : at + 2], "little") for at in (6, 8))
        if not width & SIZE_MASK or not height & SIZE_MASK:
            raise ValueError("a picture without a size")
        return Frame(timestamp, data, True, Setup(width & SIZE_MASK, height & SIZE_MASK))
