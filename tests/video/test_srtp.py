"""What we use of aiortc's and pylibsrtp's private parts; fails first when they change."""

from __future__ import annotations

import inspect

import aiortc
import pylibsrtp
import pytest
from aiortc import rtp, sdp
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsTransport
from hypothesis import given
from hypothesis import strategies as st
from pylibsrtp import Policy, Session
from pylibsrtp._binding import lib

from remote_court.video import srtp
from remote_court.video.datagrams import SIZE, Arena
from remote_court.video.ice import Path


def session(kind: int) -> Session:
    policy = Policy(
        key=bytes(28), ssrc_type=kind, srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_128_GCM
    )
    return Session(policy)


def test_aiortc_is_the_version_we_know() -> None:
    assert aiortc.__version__ == "1.16.0"


async def test_the_dtls_transport_is_shaped_as_we_think() -> None:
    path = Path(lambda data, _: len(data))
    dtls = RTCDtlsTransport(path, [RTCCertificate.generateCertificate()])  # type: ignore[arg-type]
    dtls._set_role("server")
    assert (dtls._role, dtls.state) == ("server", "new")
    assert dtls._rx_srtp is None
    assert dtls._tx_srtp is None
    source = inspect.getsource(RTCDtlsTransport)
    for name in ("self.transport._recv()", "self.transport._send(", "allow_repeat_tx = True"):
        assert name in source


@pytest.mark.parametrize("name", ["srtp_protect", "srtp_unprotect"])
def test_the_binding_has_the_calls_we_make(name: str) -> None:
    assert hasattr(lib, name)


def test_a_session_has_the_handle_we_take() -> None:
    assert "srtp_ctx_t_ * *" in str(session(Policy.SSRC_ANY_OUTBOUND)._srtp)
    assert pylibsrtp.__version__.startswith("1.")


def test_the_parts_of_rtp_and_sdp_we_import_are_there() -> None:
    for name in ("RtcpPacket", "pack_remb_fci", "unpack_remb_fci", "clamp_packets_lost"):
        assert hasattr(rtp, name)
    for name in ("SessionDescription", "MediaDescription", "GroupDescription", "SsrcDescription"):
        assert hasattr(sdp, name)


@given(st.binary(max_size=1200), st.integers(0, 0xFFFF))
def test_sealing_in_place_is_what_pylibsrtp_does(payload: bytes, sequence: int) -> None:
    packet = b"\x80\x60" + sequence.to_bytes(2) + bytes(4) + b"\0\0\0\7" + payload
    space = Arena(1, 0)
    ours, theirs = session(Policy.SSRC_ANY_OUTBOUND), session(Policy.SSRC_ANY_OUTBOUND)
    space.view[: len(packet)] = packet
    space.length[0] = len(packet)
    assert srtp.protect(srtp.handle(ours), space.cells[0], space.length) == 0
    sealed = bytes(space.view[: space.length[0]])
    assert sealed == theirs.protect(packet)
    opener = session(Policy.SSRC_ANY_INBOUND)
    assert srtp.unprotect(srtp.handle(opener), space.cells[0], space.length) == 0
    assert bytes(space.view[: space.length[0]]) == packet


def test_a_forged_packet_does_not_open() -> None:
    space = Arena(1, 0)
    space.view[:60] = bytes(60)
    space.length[0] = 60
    assert srtp.unprotect(
        srtp.handle(session(Policy.SSRC_ANY_INBOUND)), space.cells[0], space.length
    )


def test_the_largest_datagram_leaves_room_to_grow() -> None:
    assert len(Arena(1, 0).view) >= SIZE + 24 + 144
