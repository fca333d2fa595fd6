"""Which codecs an offer and its answer have in common."""

from __future__ import annotations

import itertools

import pytest
from aiortc.rtcdtlstransport import RTCDtlsFingerprint
from aiortc.sdp import SessionDescription

from remote_court.demo.offer import Offer
from remote_court.video.codecs import Codec, Payload, formats
from remote_court.video.lines import Source
from remote_court.video.sdp import Local, Negotiation, negotiate

PRINT = RTCDtlsFingerprint("sha-256", ":".join(["AB"] * 32))
LOCAL = Local("ufrag", "password" * 4, [PRINT], [("192.0.2.7", 8081)])
H264 = (
    "a=rtpmap:102 H264/90000\r\na=rtcp-fb:102 nack\r\na=rtcp-fb:102 nack pli\r\n"
    "a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n"
    "a=rtpmap:103 rtx/90000\r\na=fmtp:103 apt=102\r\n"
    "a=rtpmap:104 H264/90000\r\na=fmtp:104 packetization-mode=0;profile-level-id=42e01f\r\n"
)


def offering(*codecs: str) -> str:
    """An offer whose pictures are in these codecs."""
    text = Offer([PRINT]).text()
    head, *sections = text.split("m=")
    return head + "".join("m=" + with_codecs(section, codecs) for section in sections)


def with_codecs(section: str, codecs: tuple[str, ...]) -> str:
    if section.startswith("audio"):
        return section
    first, _, rest = section.partition("\r\n")
    kinds = {"vp8": "96 97", "h264": "102 103 104"}
    kept = [
        line
        for line in rest.split("\r\n")
        if "vp8" in codecs or not line.startswith(("a=rtpmap", "a=rtcp-fb", "a=fmtp"))
    ]
    first = " ".join([*first.split(" ")[:3], *(kinds[c] for c in codecs)])
    return first + "\r\n" + "\r\n".join(kept) + (H264 if "h264" in codecs else "")


def answer(offer: str) -> Negotiation:
    counter = itertools.count(1000)
    return negotiate(offer, LOCAL, lambda: next(counter))


@pytest.mark.parametrize(
    ("codecs", "sent", "read"),
    [
        (("vp8",), Codec.VP8, [Payload(Codec.VP8, 96, 97)]),
        (("h264",), Codec.H264, [Payload(Codec.H264, 102, 103)]),
        (("vp8", "h264"), Codec.VP8, [Payload(Codec.VP8, 96, 97), Payload(Codec.H264, 102, 103)]),
    ],
)
def test_a_sender_sends_one_codec_and_a_receiver_reads_all_of_ours(
    codecs: tuple[str, ...], sent: Codec, read: list[Payload]
) -> None:
    found = answer(offering(*codecs))
    camera = next(s for s in found.sending if s.source is Source.CAMERA)
    assert camera.codec is sent
    slot = next(r for r in found.receiving if r.kind == "video")
    assert list(slot.payloads) == read
    assert [slot.payload(c) is not None for c in (Codec.VP8, Codec.H264)] == [
        c in codecs for c in ("vp8", "h264")
    ]
    told = SessionDescription.parse(found.answer)
    named = [
        [c.name for c in m.rtp.codecs if c.name != "rtx"] for m in told.media if m.kind == "video"
    ]
    assert named == [[sent.value.upper()], [p.codec.value.upper() for p in read]]


def test_h264_is_answered_with_the_parameters_it_was_offered_with() -> None:
    text = answer(offering("h264")).answer
    assert text.count("packetization-mode=1") == 2
    assert "packetization-mode=0" not in text
    assert "profile-level-id=42e01f" in text


def test_several_sizes_at_once_are_taken_in_vp8_only() -> None:
    lines = (
        "a=rid:q send\r\na=rid:f send\r\na=simulcast:send q;f\r\n"
        "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n"
    )
    for codecs, taken in ((("vp8", "h264"), ("q", "f")), (("h264",), ())):
        found = answer(offering(*codecs).replace("a=mid:1\r\n", "a=mid:1\r\n" + lines))
        assert found.sending[1].rids == taken


def test_formats_are_the_dearest_first_whatever_the_offers_order() -> None:
    asked = SessionDescription.parse(offering("vp8", "h264").replace("96 97 102", "102 96 97"))
    assert [f.payload.codec for f in formats(asked.media[1])] == [Codec.VP8, Codec.H264]
