"""Offers of clients that go one way: what they may write, and what is refused."""

from __future__ import annotations

import pytest

from remote_court.demo.offer import Offer
from remote_court.video import sdp
from remote_court.video.one_way import Way, narrow, ufrags
from remote_court.video.refusals import BadOffer
from remote_court.video.worker import RTCCertificate

PRINTS = RTCCertificate.generateCertificate().getFingerprints()
PUBLISHER = Offer(PRINTS, pairs=0)
SENDS = PUBLISHER.text()
WATCHES = Offer(PRINTS, pairs=2, microphone=False, camera=False).text()


def directions(offer: str) -> list[str | None]:
    return [line.direction for line in sdp.parse(offer).media]


def test_an_offer_that_says_its_way_is_left_as_it_is():
    assert narrow(SENDS, Way.SENDS) == SENDS
    assert narrow(WATCHES, Way.RECEIVES) == WATCHES


@pytest.mark.parametrize("said", ["a=sendrecv\r\n", ""])
def test_both_ways_and_no_word_mean_the_one_way(said: str):
    offer = narrow(SENDS.replace("a=sendonly\r\n", said), Way.SENDS)
    assert directions(offer) == ["sendonly", "sendonly"]
    assert narrow(SENDS.replace("a=sendonly\r\n", said), Way.RECEIVES).count("a=recvonly") == 2


def test_a_direction_said_for_all_counts_where_an_m_line_says_none():
    head, rest = SENDS.replace("a=sendonly\r\n", "").split("a=group", 1)
    narrow(f"{head}a=sendonly\r\na=group{rest}", Way.SENDS)
    with pytest.raises(BadOffer):
        narrow(f"{head}a=recvonly\r\na=group{rest}", Way.SENDS)


def test_an_m_line_that_shares_the_first_one_s_path_is_taken():
    bundled = SENDS.replace("m=video 9 ", "m=video 0 ").replace(
        "a=mid:1", "a=mid:1\r\na=bundle-only"
    )
    assert [line.port for line in sdp.parse(narrow(bundled, Way.SENDS)).media] == [9, 9]


DATA = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:9\r\n"
REFUSED = [
    (SENDS, Way.RECEIVES, "direction"),
    (WATCHES, Way.SENDS, "direction"),
    (SENDS.replace("sendonly", "inactive", 1), Way.SENDS, "direction"),
    (SENDS.replace("m=video 9 ", "m=video 0 "), Way.SENDS, "port"),
    (SENDS + DATA, Way.SENDS, "media"),
    ("v=0\r\n", Way.SENDS, "media"),
    ("", Way.RECEIVES, "media"),
    (SENDS + SENDS[SENDS.index("m=audio") :], Way.SENDS, "tracks"),
    ("v=0\r\n" + "a=x\r\n" * 20_000, Way.SENDS, "size"),
    ("v=0" + "\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111" * 100, Way.RECEIVES, "size"),
]
# Offers are random, and a test must have one name in every process.
NAMES = [f"{number}-{where}" for number, (_, _, where) in enumerate(REFUSED)]


@pytest.mark.parametrize(("offer", "way", "where"), REFUSED, ids=NAMES)
def test_what_cannot_be_served_whole_is_refused(offer: str, way: Way, where: str):
    with pytest.raises(BadOffer) as refused:
        narrow(offer, way)
    assert refused.value.detail["where"] == where


def test_the_client_s_ice_session_is_known_by_its_fragments():
    assert ufrags(SENDS) == {PUBLISHER.ufrag}
    assert ufrags("a=ice-ufrag:EsAw\r\na=end-of-candidates") == {"EsAw"}
    assert ufrags("a=end-of-candidates") == frozenset()
