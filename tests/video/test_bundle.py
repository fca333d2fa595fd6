"""M-lines that share the first one's port are there; m-lines without a port are not."""

from __future__ import annotations

import pytest

from remote_court.demo.offer import Offer
from remote_court.video import sdp
from remote_court.video.bundle import with_ports
from remote_court.video.worker import RTCCertificate

from .test_sdp import LOCAL

PRINTS = RTCCertificate.generateCertificate().getFingerprints()
OFFER = Offer(PRINTS, pairs=1).text()
SHARED = OFFER.replace("m=video 9 ", "m=video 0 ").replace("a=mid", "a=bundle-only\r\na=mid")


def test_an_m_line_that_shares_a_port_is_answered_like_any_other():
    made = sdp.negotiate(SHARED, LOCAL, iter(range(1, 99)).__next__)
    assert [line.port for line in sdp.SessionDescription.parse(made.answer).media] == [9] * 4
    assert [line.mid for line in made.sending] == ["0", "1"]


def test_an_m_line_without_a_port_is_answered_with_no_and_an_address_all_the_same():
    made = sdp.negotiate(
        OFFER.replace("m=video 9 ", "m=video 0 ", 1), LOCAL, iter(range(1, 99)).__next__
    )
    assert [line.port for line in sdp.SessionDescription.parse(made.answer).media] == [9, 0, 9, 9]
    sections = made.answer.split("m=")[1:]
    assert all("c=IN IP4 0.0.0.0\r\n" in section for section in sections)  # Firefox reads no other


@pytest.mark.parametrize("ending", ["\r\n", "\n", " \r\n"])
def test_only_the_port_changes(ending: str):
    line = f"m=video 0 UDP/TLS/RTP/SAVPF 96{ending}a=bundle-only{ending}a=mid:1{ending}"
    assert with_ports(f"v=0{ending}{line}") == f"v=0{ending}{line}".replace("video 0", "video 9")
    for other in (OFFER, "", "v=0", line.replace("bundle-only", "x"), line.replace(" 0 ", " 7 ")):
        assert with_ports(other) == other
