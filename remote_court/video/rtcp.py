"""Control packets, read and written; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from struct import error as struct_error
from struct import pack, unpack_from

from aiortc.rtp import (
    RTCP_PSFB_APP,
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RTCP_RTPFB,
    RTCP_RTPFB_NACK,
    AnyRtcpPacket,
    RtcpPacket,
    RtcpPsfbPacket,
    RtcpReceiverInfo,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtcpSdesPacket,
    RtcpSenderInfo,
    RtcpSourceInfo,
    RtcpSrPacket,
    clamp_packets_lost,
    pack_remb_fci,
    pack_rtcp_packet,
    unpack_remb_fci,
)

OURS = 1
"""The SSRC under which the server itself reports; it sends no media under it."""

CNAME = b"court"
MOST_NACKED = 256
NACK_REACH = 16
"""A pair of a NACK names a packet, and any of so many after it (RFC 4585)."""

NUMBERS = 0xFFFF
FIR_ENTRY = 8


@dataclass(slots=True)
class Heard:
    """What one compound control packet said, by the SSRC it speaks of."""

    nacks: dict[int, list[int]] = field(default_factory=dict)
    key_frames: set[int] = field(default_factory=set)
    reports: list[RtcpReceiverInfo] = field(default_factory=list)
    sender_reports: dict[int, RtcpSenderInfo] = field(default_factory=dict)
    remb_bps: int | None = None


def read(data: bytes) -> Heard:
    """Read a decrypted compound packet; raises ValueError when it is malformed."""
    heard = Heard()
    try:
        for packet in RtcpPacket.parse(data):
            note(packet, heard)
    except struct_error as error:
        raise ValueError("control packet is truncated") from error
    return heard


def note(packet: AnyRtcpPacket, heard: Heard) -> None:
    """Add what one packet of a compound says."""
    match packet:
        case RtcpSrPacket():
            heard.sender_reports[packet.ssrc] = packet.sender_info
            heard.reports += packet.reports
        case RtcpRrPacket():
            heard.reports += packet.reports
        case RtcpRtpfbPacket(fmt=fmt) if fmt == RTCP_RTPFB_NACK:
            lost = heard.nacks.setdefault(packet.media_ssrc, [])
            lost += [number & NUMBERS for number in packet.lost[: MOST_NACKED - len(lost)]]
        case RtcpPsfbPacket(fmt=fmt) if fmt == RTCP_PSFB_PLI:
            heard.key_frames.add(packet.media_ssrc)
        case RtcpPsfbPacket(fmt=fmt) if fmt == RTCP_PSFB_FIR:
            ends = range(0, len(packet.fci) - FIR_ENTRY + 1, FIR_ENTRY)
            heard.key_frames.update(unpack_from("!L", packet.fci, at)[0] for at in ends)
        case RtcpPsfbPacket(fmt=fmt) if fmt == RTCP_PSFB_APP and packet.fci[:4] == b"REMB":
            heard.remb_bps = unpack_remb_fci(packet.fci)[0]


def key_frame_request(ssrc: int) -> bytes:
    """A picture loss indication."""
    return bytes(RtcpPsfbPacket(fmt=RTCP_PSFB_PLI, ssrc=OURS, media_ssrc=ssrc))


def nack(ssrc: int, lost: Iterable[int]) -> bytes:
    """Ask for packets again; ``lost`` in the order they were sent is asked for most briefly.

    aiortc's own way of writing one raises where the numbers begin anew between two of them.
    """
    pairs: list[list[int]] = []
    for number in lost:
        ahead = (number - pairs[-1][0] - 1) & NUMBERS if pairs else NACK_REACH
        if ahead < NACK_REACH:
            pairs[-1][1] |= 1 << ahead
        else:
            pairs.append([number, 0])
    fields = b"".join(pack("!HH", *pair) for pair in pairs)
    return pack_rtcp_packet(RTCP_RTPFB, RTCP_RTPFB_NACK, pack("!LL", OURS, ssrc) + fields)


def remb(bitrate_bps: int, ssrcs: Sequence[int]) -> bytes:
    """Tell a sender how much it may send."""
    fci = pack_remb_fci(bitrate_bps, list(ssrcs))
    return bytes(RtcpPsfbPacket(fmt=RTCP_PSFB_APP, ssrc=OURS, media_ssrc=0, fci=fci))


def receiver_report(reports: Sequence[RtcpReceiverInfo]) -> bytes:
    """A compound of one report on each stream received (31 at most) and our name."""
    name = RtcpSdesPacket(chunks=[RtcpSourceInfo(ssrc=OURS, items=[(1, CNAME)])])
    return bytes(RtcpRrPacket(ssrc=OURS, reports=list(reports[:31]))) + bytes(name)


def sender_report(
    ssrc: int, source: RtcpSenderInfo, timestamp_shift: int, packets: int, octets: int
) -> bytes:
    """The source's report as it reads for one receiver: its clock, our numbers."""
    info = RtcpSenderInfo(
        ntp_timestamp=source.ntp_timestamp,
        rtp_timestamp=(source.rtp_timestamp + timestamp_shift) & 0xFFFFFFFF,
        packet_count=packets & 0xFFFFFFFF,
        octet_count=octets & 0xFFFFFFFF,
    )
    name = RtcpSdesPacket(chunks=[RtcpSourceInfo(ssrc=ssrc, items=[(1, CNAME)])])
    return bytes(RtcpSrPacket(ssrc=ssrc, sender_info=info)) + bytes(name)


def report_block(
    ssrc: int, *, fraction_lost: int, lost: int, highest: int, jitter: int, lsr: int, dlsr: int
) -> RtcpReceiverInfo:
    """One block of a receiver report, every field within its width."""
    return RtcpReceiverInfo(
        ssrc=ssrc,
        fraction_lost=max(0, min(255, fraction_lost)),
        packets_lost=clamp_packets_lost(lost),
        highest_sequence=highest & 0xFFFFFFFF,
        jitter=min(jitter, 0xFFFFFFFF),
        lsr=lsr,
        dlsr=min(dlsr, 0xFFFFFFFF),
    )


def rtx_payload(sequence: int, payload: bytes) -> bytes:
    """The payload of a retransmission (RFC 4588): the original number, then the original."""
    return pack("!H", sequence) + payload
