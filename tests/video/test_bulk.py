"""Offers that are meant to exhaust their reader: told apart before they are parsed."""

from __future__ import annotations

import itertools
import time

import pytest
from aiortc.rtcdtlstransport import RTCDtlsFingerprint
from hypothesis import given, settings
from hypothesis import strategies as st

from remote_court.demo.offer import Offer
from remote_court.errors import Refusal
from remote_court.video import bulk, one_way
from remote_court.video.codecs import PAYLOAD_TYPES
from remote_court.video.one_way import Way
from remote_court.video.refusals import BadOffer, NoCommonCodec
from remote_court.video.sdp import SSRCS, Local, Negotiation, negotiate

PRINT = RTCDtlsFingerprint("sha-256", "AB")
LOCAL = Local("ufrag", "password", [PRINT], [("127.0.0.1", 1)])
NUMBERS = itertools.count(1)
OFFER = Offer([PRINT]).text()
CPU_S = 0.3
"""Far above what any of these takes (milliseconds), far below what one that is parsed takes."""

TOO_MUCH = {
    "a megabyte": OFFER + "a=x:y\r\n" * 150_000,
    "a thousand m-lines": OFFER + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n" * 1000,
    "m-lines behind other line ends": OFFER + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r" * 1000,
    "a product of feedback and codecs": OFFER
    + "".join(f"a=rtpmap:{at} a/1\r\n" for at in range(200, 1500))
    + "a=rtcp-fb:* nack\r\n" * 1500,
    "one codec a thousand times": OFFER + "a=rtpmap:96 VP8/90000\r\n" * 1000,
    "thousands of sources": OFFER + "".join(f"a=ssrc:{at} a:b\r\n" for at in range(3500)),
    "thousands of extensions": OFFER + "a=extmap:3 urn:x\r\n" * 3000,
    "thousands of prints": OFFER.replace("t=0 0\r\n", "t=0 0\r\n" + "a=fingerprint:x y\r\n" * 2500),
}


@pytest.mark.parametrize("offer", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_is_too_much_is_refused_before_it_costs_anything(offer: str) -> None:
    began = time.process_time()
    with pytest.raises(BadOffer) as refused:
        answered(offer)
    with pytest.raises(BadOffer):
        one_way.narrow(offer, Way.SENDS)
    assert refused.value.detail == {"where": "size"}
    assert time.process_time() - began < CPU_S


def test_a_plain_offer_fits() -> None:
    assert bulk.fits(OFFER)
    assert bulk.fits(Offer([PRINT], pairs=30).text())


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        ("a=ssrc:", "a=ssrc:9999999999", BadOffer),
        ("a=ssrc:", "a=ssrc:-", BadOffer),
        ("FID ", "FID 0", None),
        ("VP8/90000", "VP8/0", NoCommonCodec),
        ("VP8/90000", "VP8/" + "9" * 4000, NoCommonCodec),
        ("opus/48000", "opus/8000", NoCommonCodec),
        ("a=rtpmap:111 opus", "a=rtpmap:367 opus", BadOffer),
        ("111", "80", NoCommonCodec),
        ("111", "130", NoCommonCodec),
        ("a=mid:0", "a=mid:" + "x" * 100, BadOffer),
    ],
)
def test_numbers_that_fit_no_packet_are_refused(
    old: str, new: str, refusal: type[Refusal] | None
) -> None:
    if refusal is None:
        assert_writable(answered(OFFER.replace(old, new)))
        return
    with pytest.raises(refusal):
        answered(OFFER.replace(old, new))


LINES = OFFER.split("\r\n")
VALUES = st.one_of(
    st.integers(-(2**70), 2**70).map(str),
    st.sampled_from(["", " ", "0", "*", "96", "a", ":", "=", "/", "\u2028", "9" * 400]),
    st.text(max_size=8),
)


@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(LINES) - 1), st.integers(0, 60), VALUES), max_size=6
    ),
    gone=st.sets(st.integers(0, len(LINES) - 1), max_size=3),
)
@settings(max_examples=400, deadline=None)
def test_whatever_an_offer_says_it_is_refused_or_can_be_written(
    changes: list[tuple[int, int, str]], gone: set[int]
) -> None:
    lines = list(LINES)
    for at, place, value in changes:
        lines[at] = lines[at][:place] + value + lines[at][place + len(value) :]
    offer = "\r\n".join(line for at, line in enumerate(lines) if at not in gone)
    for text in (offer, *narrowed(offer)):
        try:
            assert_writable(answered(text))
        except Refusal:
            continue


def narrowed(offer: str) -> list[str]:
    found = []
    for way in Way:
        try:
            found.append(one_way.narrow(offer, way))
        except Refusal:
            continue
    return found


def answered(offer: str) -> Negotiation:
    return negotiate(offer, LOCAL, lambda: next(NUMBERS))


def assert_writable(talk: Negotiation) -> None:
    """What the forwarding loop and the reports write into packets fits there."""
    for sending in talk.sending:
        assert {sending.payload_type} <= PAYLOAD_TYPES
        assert all(0 <= (ssrc or 0) < SSRCS for ssrc in (sending.ssrc, sending.rtx_ssrc))
    for slot in talk.receiving:
        for each in slot.payloads:
            assert {each.payload_type, each.rtx_payload_type or 0} <= PAYLOAD_TYPES
        assert slot.clock_rate in {48_000, 90_000}
        assert 0 <= slot.extension_constant < 1 << 64
