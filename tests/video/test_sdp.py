"""From an offer to an answer, for every browser's way of asking."""

from __future__ import annotations

import contextlib
import itertools
import re

import pytest
from aiortc.rtcdtlstransport import RTCDtlsFingerprint
from aiortc.sdp import SessionDescription
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remote_court.demo.offer import Offer
from remote_court.video import extensions
from remote_court.video.bulk import LONGEST
from remote_court.video.lines import Source
from remote_court.video.permissions import Kind
from remote_court.video.refusals import BadOffer, NoCommonCodec
from remote_court.video.sdp import Local, Negotiation, negotiate

PRINT = RTCDtlsFingerprint("sha-256", ":".join(["AB"] * 32))
LOCAL = Local("ufrag", "password" * 4, [PRINT], [("192.0.2.7", 8081), ("127.0.0.1", 8081)])


def answer(offer: str, sources: dict[str, str] | None = None) -> Negotiation:
    counter = itertools.count(1000)
    return negotiate(offer, LOCAL, lambda: next(counter), sources)


def offer(**changes: object) -> str:
    return Offer([PRINT], **changes).text()  # type: ignore[arg-type]


def lines_of(sdp: str) -> list[str]:
    assert sdp.endswith("\r\n")
    return sdp.split("\r\n")


def test_every_m_line_is_answered_in_its_place() -> None:
    found = answer(offer(pairs=2))
    asked, told = SessionDescription.parse(offer(pairs=2)), SessionDescription.parse(found.answer)
    assert [m.rtp.muxId for m in told.media] == [m.rtp.muxId for m in asked.media]
    mirrored = {"sendonly": "recvonly", "recvonly": "sendonly"}
    assert [m.direction for m in told.media] == [mirrored[m.direction] for m in asked.media]
    assert [s.source for s in found.sending] == [Source.MICROPHONE, Source.CAMERA]
    assert [(r.kind, r.pair) for r in found.receiving] == [
        (Kind.AUDIO, 0),
        (Kind.VIDEO, 0),
        (Kind.AUDIO, 1),
        (Kind.VIDEO, 1),
    ]


def test_lost_sound_is_asked_for_again_of_those_who_offer_it() -> None:
    usual = answer(offer())
    again = answer(re.sub(r"(a=rtpmap:(\d+) opus.*\r\n)", r"\1a=rtcp-fb:\2 nack\r\n", offer()))
    assert [s.nack for s in usual.sending] == [False, True]
    assert [s.nack for s in again.sending] == [True, True]
    assert (again.answer.count(" nack\r\n") - usual.answer.count(" nack\r\n")) == 2


NUMBER = f"a=extmap:5 {extensions.NUMBER}\r\n"


def test_arrivals_are_told_of_what_a_client_sends_and_asked_of_nobody() -> None:
    feedback = r"\1a=rtcp-fb:\2 transport-cc\r\n"
    heeds = re.sub(r"(a=rtpmap:(\d+) (?:opus|VP8).*\r\n)", feedback, offer())
    numbers = offer().replace("a=rtcp-mux\r\n", "a=rtcp-mux\r\n" + NUMBER)
    both = heeds.replace("a=rtcp-mux\r\n", "a=rtcp-mux\r\n" + NUMBER)
    assert both.count(NUMBER) == both.count("transport-cc") == 4
    for text in (heeds, numbers):
        found = answer(text)
        assert [s.number_id for s in found.sending] == [None, None]
        assert "transport-cc" not in found.answer
        assert NUMBER not in found.answer
    found = answer(both)
    assert [s.number_id for s in found.sending] == [5, 5]
    for line in SessionDescription.parse(found.answer).media:
        receives = line.direction == "recvonly"
        told = {f.type for codec in line.rtp.codecs for f in codec.rtcpFeedback}
        assert (extensions.NUMBER in {x.uri for x in line.rtp.headerExtensions}) is receives
        assert ("transport-cc" in told) is receives
        assert ("goog-remb" in told) is (line.kind == "video")


def test_the_answer_says_what_browsers_need_to_hear() -> None:
    text = lines_of(answer(offer()).answer)
    for line in (
        "a=ice-lite",
        "a=group:BUNDLE 0 1 2 3",
        "a=rtcp-mux",
        "a=setup:passive",
        "a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1",
        "a=fmtp:96 x-google-start-bitrate=600",
        "a=fmtp:97 apt=96",
        "a=rtcp-fb:96 nack",
        "a=rtcp-fb:96 nack pli",
        "a=rtcp-fb:96 ccm fir",
        "a=rtcp-fb:96 goog-remb",
        "a=msid:pair0 video0",
        "a=end-of-candidates",
    ):
        assert line in text, line
    hosts = {line.split()[4] for line in text if line.startswith("a=candidate")}
    assert hosts == {"192.0.2.7", "127.0.0.1"}


def test_each_slot_has_ssrcs_of_its_own() -> None:
    found = answer(offer(pairs=3))
    ssrcs = [r.ssrc for r in found.receiving] + [r.rtx_ssrc for r in found.receiving if r.rtx_ssrc]
    assert len(set(ssrcs)) == len(ssrcs) == 9


def test_without_rtx_lost_packets_are_sent_as_they_were() -> None:
    found = answer(offer(repairs=False))
    assert all(r.rtx_ssrc is None for r in found.receiving)
    assert all(p.rtx_payload_type is None for r in found.receiving for p in r.payloads)
    assert "apt=" not in found.answer


def test_what_was_not_offered_is_not_answered() -> None:
    plain = re.sub(r"a=(extmap|rtcp-fb):.*\r\n", "", offer())
    found = answer(plain)
    assert "extmap" not in found.answer
    assert "rtcp-fb" not in found.answer
    assert all(r.extension_mask == r.extension_constant == 0 for r in found.receiving)


def test_sources_may_be_named() -> None:
    twice = offer().replace("a=recvonly", "a=sendonly")
    named = {"0": "microphone", "1": "screen", "3": "camera"}
    lines = twice.replace("a=mid:2\r\na=sendonly", "a=mid:2\r\na=inactive")
    found = answer(lines, named)
    assert {s.mid: s.source.value for s in found.sending} == named
    with pytest.raises(BadOffer):
        answer(offer(), {"1": "microphone"})
    with pytest.raises(BadOffer):
        answer(offer(), {"1": "hologram"})


def test_two_microphones_are_one_too_many() -> None:
    with pytest.raises(BadOffer):
        answer(offer().replace("a=recvonly", "a=sendonly"))


def test_a_data_channel_is_refused_and_the_rest_served() -> None:
    data = (
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:data\r\n"
        "a=sctp-port:5000\r\n"
    )
    found = answer(offer() + data)
    assert "m=application 0 UDP/DTLS/SCTP webrtc-datachannel" in found.answer
    assert "a=group:BUNDLE 0 1 2 3\r\n" in found.answer


@pytest.mark.parametrize("codec", ["VP8/90000", "opus/48000/2"])
def test_no_common_codec_is_a_polite_refusal(codec: str) -> None:
    with pytest.raises(NoCommonCodec):
        answer(offer().replace(codec, "VP9/90000"))


SPOILED = {
    "nothing": "",
    "no media": "v=0\r\n",
    "no sdp": "hello",
    "half a line": "m=audio\r\n",
    "both ways": offer().replace("a=sendonly", "a=sendrecv"),
    "no fingerprint": re.sub("a=fingerprint:.*\r\n", "", offer()),
    "no mid": re.sub("a=mid:.*\r\n", "", offer()),
    "a mid twice": offer().replace("a=mid:1", "a=mid:0"),
    "a format of nothing": offer() + "a=fmtp:33 x=1\r\n",
    "too many lines": "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" * 100,
    "too long": "v=0\r\n" + "a" * LONGEST,
}
"""Offers are random; a test must have one name in every process."""


@pytest.mark.parametrize("spoiled", SPOILED.values(), ids=SPOILED)
def test_a_bad_offer_is_a_refusal(spoiled: str) -> None:
    with pytest.raises(BadOffer):
        answer(spoiled)


ROWS = offer().split("\r\n")


@given(st.data())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_damaged_offer_is_answered_or_refused(data: st.DataObject) -> None:
    rows = list(ROWS)
    at = data.draw(st.integers(0, len(rows) - 1))
    match data.draw(st.sampled_from(["drop", "double", "cut", "replace"])):
        case "drop":
            rows.pop(at)
        case "double":
            rows.insert(at, rows[at])
        case "cut":
            rows[at] = rows[at][: data.draw(st.integers(0, len(rows[at])))]
        case _:
            rows[at] = data.draw(st.text(max_size=40))
    with contextlib.suppress(BadOffer, NoCommonCodec):
        SessionDescription.parse(answer("\r\n".join(rows)).answer)


@pytest.mark.parametrize(
    ("theirs", "ours"), [("actpass", "passive"), ("active", "passive"), ("passive", "active")]
)
def test_whoever_the_client_is_in_the_handshake_we_are_the_other(theirs: str, ours: str) -> None:
    made = answer(offer().replace("a=setup:actpass", f"a=setup:{theirs}"))
    assert set(re.findall("a=setup:(.*)\r\n", made.answer)) == {ours}
