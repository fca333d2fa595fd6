"""Which encodings an offer has, and how the answer takes them."""

from __future__ import annotations

import itertools
import re

import pytest
from aiortc.rtcdtlstransport import RTCDtlsFingerprint
from hypothesis import given
from hypothesis import strategies as st

from remote_court.demo.offer import Offer
from remote_court.video import simulcast
from remote_court.video.lines import Sending, Source
from remote_court.video.sdp import Local, Negotiation, negotiate

PRINT = RTCDtlsFingerprint("sha-256", ":".join(["AB"] * 32))
LOCAL = Local("ufrag", "password" * 4, [PRINT], [("192.0.2.7", 8081)])
SECTION = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n"
THREE = "a=rid:q send\r\na=rid:h send\r\na=rid:f send\r\na=simulcast:send q;h;f\r\n"
NAMES = (
    "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n"
    "a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\r\n"
)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (THREE, ("q", "h", "f")),
        (THREE.replace("\r\n", "\n"), ("q", "h", "f")),
        (THREE.replace("q;h;f", "f;h"), ("f", "h")),
        (THREE.replace("q;h;f", "~q;h,f"), ("q", "h")),
        (THREE.replace("send q;h;f", "recv a;b send h;f"), ("h", "f")),
        (THREE.replace("a=rid:h send", "a=rid:h recv"), ("q", "f")),
        (THREE.replace("q;h;f", "q;q;q"), None),
        (THREE.replace("send q;h;f", "send"), None),
        (THREE.replace("q;h;f", "q;x;y"), None),
        (THREE.replace("simulcast:send", "simulcast:recv"), None),
        ("a=rid\r\na=rid:\r\na=simulcast\r\na=simulcast:\r\n", None),
        ("", None),
    ],
)
def test_encodings_by_table(lines: str, found: tuple[str, ...] | None) -> None:
    assert simulcast.offered("v=0\r\n" + SECTION + lines).get("1") == found


def test_more_encodings_than_we_serve_are_left_out() -> None:
    names = [f"r{at}" for at in range(9)]
    lines = "".join(f"a=rid:{name} send\r\n" for name in names)
    found = simulcast.offered(f"{SECTION}{lines}a=simulcast:send {';'.join(names)}\r\n")
    assert found == {"1": ("r0", "r1", "r2", "r3")}


@given(st.text(max_size=60), st.text(max_size=20))
def test_nonsense_offers_nothing_that_cannot_be_answered(value: str, rid: str) -> None:
    sdp = f"{SECTION}a=rid:{rid} send\r\na=rid:a send\r\na=simulcast:send {value};a\r\n"
    for rids in simulcast.offered(sdp).values():
        assert all(re.fullmatch("[A-Za-z0-9_-]{1,16}", name) for name in rids)


def answer(extra: str, sources: dict[str, str] | None = None) -> Negotiation:
    counter = itertools.count(1000)
    offer = Offer([PRINT]).text()
    text = offer.replace("a=mid:1\r\n", "a=mid:1\r\n" + extra)
    return negotiate(text, LOCAL, lambda: next(counter), sources)


def camera(found: Negotiation) -> Sending:
    return next(s for s in found.sending if s.source is not Source.MICROPHONE)


def test_an_answer_takes_each_encoding_under_its_name() -> None:
    found = answer(THREE + NAMES)
    section = found.answer.split("m=")[2]
    for line in THREE.replace("send", "recv").split("\r\n"):
        assert line in section
    assert NAMES in section
    assert found.answer.count("a=simulcast") == 1
    sent = camera(found)
    assert (sent.rids, sent.rid_id, sent.repaired_id) == (("q", "h", "f"), 10, 11)
    assert sent.ssrc is None
    assert sent.rtx_ssrc is None


@pytest.mark.parametrize(
    ("extra", "source"),
    [("", "camera"), (THREE, "camera"), (NAMES, "camera"), (THREE + NAMES, "screen")],
)
def test_without_names_in_packets_and_for_a_screen_one_encoding_is_taken(
    extra: str, source: str
) -> None:
    found = answer(extra, {"0": "microphone", "1": source})
    assert camera(found).rids == ()
    assert camera(found).ssrc is not None
    assert "a=rid" not in found.answer
    assert "stream-id" not in found.answer
