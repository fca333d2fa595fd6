"""Control packets: what we write reads back, and nonsense is refused."""

from __future__ import annotations

import contextlib

import pytest
from aiortc.rtp import RtcpPacket, RtcpSenderInfo, RtcpSrPacket, pack_rtcp_packet
from hypothesis import given
from hypothesis import strategies as st

from remote_court.video import rtcp

u16, u32 = st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)


@given(u32, st.lists(u16, min_size=1, max_size=60, unique=True))
def test_a_nack_names_what_was_lost_in_whatever_order(ssrc: int, lost: list[int]) -> None:
    assert sorted(rtcp.read(rtcp.nack(ssrc, lost)).nacks[ssrc]) == sorted(lost)


@given(u32, u16, st.sets(st.integers(1, 200), max_size=60))
def test_a_nack_is_brief_also_where_numbers_begin_anew(
    ssrc: int, first: int, after: set[int]
) -> None:
    lost = [(first + step) & 0xFFFF for step in [0, *sorted(after)]]
    made = rtcp.nack(ssrc, lost)
    assert rtcp.read(made).nacks[ssrc] == lost
    plain = rtcp.nack(ssrc, [step - lost[0] & 0xFFFF for step in lost])
    assert len(made) == len(plain)


@given(u32)
def test_a_key_frame_request_names_its_stream(ssrc: int) -> None:
    assert rtcp.read(rtcp.key_frame_request(ssrc)).key_frames == {ssrc}


@given(st.lists(u32, max_size=5))
def test_a_full_intra_request_is_understood(ssrcs: list[int]) -> None:
    entries = b"".join(ssrc.to_bytes(4) + b"\x07\0\0\0" for ssrc in ssrcs)
    data = pack_rtcp_packet(206, 4, bytes(8) + entries)
    assert rtcp.read(data).key_frames == set(ssrcs)


@given(st.integers(1000, 100_000_000), st.lists(u32, max_size=4))
def test_a_limit_is_told_to_within_its_precision(bitrate: int, ssrcs: list[int]) -> None:
    told = rtcp.read(rtcp.remb(bitrate, ssrcs)).remb_bps
    assert told is not None
    assert bitrate * 0.999 <= told <= bitrate


@given(u32, u32, u32, u32, st.integers(0, 1 << 40))
def test_a_sender_report_is_told_in_the_receivers_numbers(
    ssrc: int, stamp: int, shift: int, packets: int, octets: int
) -> None:
    source = RtcpSenderInfo(12345, stamp, 1, 2)
    report = RtcpPacket.parse(rtcp.sender_report(ssrc, source, shift, packets, octets))[0]
    assert isinstance(report, RtcpSrPacket)
    assert report.ssrc == ssrc
    assert report.sender_info.ntp_timestamp == 12345
    assert report.sender_info.rtp_timestamp == (stamp + shift) & 0xFFFFFFFF
    assert report.sender_info.octet_count == octets & 0xFFFFFFFF


@given(st.integers(-10, 300), st.integers(-(1 << 30), 1 << 30), st.integers(0, 1 << 40))
def test_a_receiver_report_fits_its_fields(fraction: int, lost: int, jitter: int) -> None:
    block = rtcp.report_block(
        7, fraction_lost=fraction, lost=lost, highest=1 << 33, jitter=jitter, lsr=1, dlsr=1 << 35
    )
    assert [r.ssrc for r in rtcp.read(rtcp.receiver_report([block])).reports] == [7]


@given(st.binary(max_size=200))
def test_nonsense_is_a_value_error_or_nothing(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        rtcp.read(data)


@given(st.integers(200, 207), st.integers(0, 31), st.binary(max_size=60))
def test_a_well_framed_lie_is_a_value_error_or_nothing(kind: int, count: int, body: bytes) -> None:
    body += bytes(-len(body) % 4)
    with contextlib.suppress(ValueError):
        rtcp.read(pack_rtcp_packet(kind, count, body))


def test_a_flood_in_one_nack_is_cut() -> None:
    heard = rtcp.read(rtcp.nack(1, range(0, 4000, 1)))
    assert len(heard.nacks[1]) == rtcp.MOST_NACKED


def test_a_retransmission_carries_the_number_it_repairs() -> None:
    assert rtcp.rtx_payload(0x1234, b"abc") == b"\x12\x34abc"


def test_our_name_is_in_every_report() -> None:
    assert b"court" in rtcp.receiver_report([])
    with pytest.raises(ValueError, match=r".*"):
        rtcp.read(rtcp.receiver_report([])[:-3])
