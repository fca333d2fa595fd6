"""The offer of a participant that is no browser: what it sends, and its slots."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from aiortc.rtcdtlstransport import RTCDtlsFingerprint

AUDIO, VIDEO, REPAIR = 111, 96, 97
"""Payload types of Opus, VP8 and its retransmissions."""

LEVEL_ID, SEND_TIME_ID, MID_ID = 1, 2, 4

AUDIO_CODEC = f"""a=rtpmap:{AUDIO} opus/48000/2
a=fmtp:{AUDIO} minptime=10;useinbandfec=1
a=extmap:{LEVEL_ID} urn:ietf:params:rtp-hdrext:ssrc-audio-level"""

VIDEO_CODEC = f"""a=rtpmap:{VIDEO} VP8/90000
a=rtcp-fb:{VIDEO} goog-remb
a=rtcp-fb:{VIDEO} ccm fir
a=rtcp-fb:{VIDEO} nack
a=rtcp-fb:{VIDEO} nack pli"""

REPAIR_CODEC = f"""a=rtpmap:{REPAIR} rtx/90000
a=fmtp:{REPAIR} apt={VIDEO}"""


def new_ssrc() -> int:
    """A random SSRC."""
    return secrets.randbits(31) + 1


@dataclass(frozen=True, slots=True)
class Offer:
    """One microphone, one camera (each may be left out) and a number of slot pairs."""

    fingerprints: Sequence[RTCDtlsFingerprint]
    pairs: int = 1
    microphone: bool = True
    camera: bool = True
    repairs: bool = True
    ufrag: str = field(default_factory=lambda: secrets.token_hex(4))
    password: str = field(default_factory=lambda: secrets.token_hex(16))
    audio_ssrc: int = field(default_factory=new_ssrc)
    video_ssrc: int = field(default_factory=new_ssrc)
    repair_ssrc: int = field(default_factory=new_ssrc)

    def text(self) -> str:
        """The offer as SDP."""
        lines: list[str] = []
        if self.microphone:
            lines.append(self._line(len(lines), "audio", "sendonly", self._ssrc(self.audio_ssrc)))
        if self.camera:
            lines.append(self._line(len(lines), "video", "sendonly", self._camera()))
        for _ in range(self.pairs):
            lines.append(self._line(len(lines), "audio", "recvonly", ""))
            lines.append(self._line(len(lines), "video", "recvonly", ""))
        mids = " ".join(str(at) for at in range(len(lines)))
        head = f"v=0\no=- {secrets.randbits(31)} 2 IN IP4 127.0.0.1\ns=-\nt=0 0\n"
        return (head + f"a=group:BUNDLE {mids}\n" + "".join(lines)).replace("\n", "\r\n")

    def _line(self, at: int, kind: str, direction: str, ssrcs: str) -> str:
        repaired = kind == "video" and self.repairs
        codec = AUDIO_CODEC if kind == "audio" else VIDEO_CODEC
        types = [AUDIO] if kind == "audio" else [VIDEO, *([REPAIR] if repaired else [])]
        prints = "\n".join(f"a=fingerprint:{f.algorithm} {f.value}" for f in self.fingerprints)
        rows = [
            f"m={kind} 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, types))}",
            "c=IN IP4 0.0.0.0\na=rtcp:9 IN IP4 0.0.0.0\na=rtcp-mux",
            f"a=ice-ufrag:{self.ufrag}\na=ice-pwd:{self.password}\n{prints}\na=setup:actpass",
            f"a=mid:{at}\na={direction}",
            f"a=extmap:{SEND_TIME_ID} http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
            f"a=extmap:{MID_ID} urn:ietf:params:rtp-hdrext:sdes:mid",
            codec,
            REPAIR_CODEC if repaired else "",
            ssrcs,
        ]
        return "\n".join(row for row in rows if row) + "\n"

    def _ssrc(self, ssrc: int) -> str:
        return f"a=ssrc:{ssrc} cname:participant"

    def _camera(self) -> str:
        own = self._ssrc(self.video_ssrc)
        if not self.repairs:
            return own
        group = f"a=ssrc-group:FID {self.video_ssrc} {self.repair_ssrc}"
        return f"{group}\n{own}\n{self._ssrc(self.repair_ssrc)}"
