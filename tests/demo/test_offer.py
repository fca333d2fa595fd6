"""The participant's offer, as any parser reads it."""

from __future__ import annotations

from aiortc.rtcdtlstransport import RTCDtlsFingerprint
from aiortc.sdp import SessionDescription

from remote_court.demo.offer import Offer

PRINT = RTCDtlsFingerprint("sha-256", "AB")


def lines(**how: bool | int) -> list[tuple[str, str | None]]:
    offer = SessionDescription.parse(Offer([PRINT], **how).text())  # type: ignore[arg-type]
    assert [m.rtp.muxId for m in offer.media] == [str(at) for at in range(len(offer.media))]
    return [(m.kind, m.direction) for m in offer.media]


def test_it_sends_a_microphone_and_a_camera_and_has_pairs_of_slots() -> None:
    pair = [("audio", "recvonly"), ("video", "recvonly")]
    assert lines(pairs=2) == [("audio", "sendonly"), ("video", "sendonly"), *pair, *pair]
    assert lines(microphone=False, camera=False) == pair


def test_repairs_have_an_ssrc_of_their_own_or_are_left_out() -> None:
    offer = Offer([PRINT])
    camera = SessionDescription.parse(offer.text()).media[1]
    assert [s.ssrc for s in camera.ssrc] == [offer.video_ssrc, offer.repair_ssrc]
    assert "rtx" not in Offer([PRINT], repairs=False).text()
