"""One client's media: its secured path, the tracks it sends and the legs it receives."""

from __future__ import annotations

from struct import Struct
from typing import Any

from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsTransport
from OpenSSL import SSL
from pylibsrtp import Error as SrtpError
from pylibsrtp import Session

from remote_court.video import extensions, rtcp, srtp
from remote_court.video.arrivals import TICK_NS, TICKS_PER_S, Arrivals
from remote_court.video.bandwidth import Line
from remote_court.video.datagrams import STRIDE
from remote_court.video.drops import Drops
from remote_court.video.feeds import Feed
from remote_court.video.ice import Path
from remote_court.video.legs import Leg
from remote_court.video.losses import Losses
from remote_court.video.permissions import Kind
from remote_court.video.port import Port
from remote_court.video.sdp import OTHER_ROLE, Negotiation
from remote_court.video.tracks import NO_PLACE, Track

RTP = Struct(">BBHII")
CONTROL = range(192, 224)
MOST_CONTROL_SSRCS = 32
"""Each SSRC that authenticates control packets costs libsrtp a context."""

LOST_AFTER = 12.0
EMPTY_REPORT = rtcp.receiver_report([])[:8]
"""Feedback may not stand alone where reduced-size RTCP was not agreed on (RFC 5506)."""


UNREADABLE = (SSL.Error, AttributeError, ValueError)
"""What aiortc lets through of a handshake without a certificate, or with an unreadable one."""


class MediaFailed(ConnectionError):
    """The client's DTLS handshake did not succeed."""


class Media:
    """Made from an answered offer; ``connect`` once the answer is on its way."""

    def __init__(
        self,
        negotiation: Negotiation,
        role: str,
        port: Port,
        path: Path,
        certificate: RTCCertificate,
    ) -> None:
        self.path = path
        self.connected = False
        self.drops = Drops()
        self.repaired = self.refreshes = 0
        self.line = Line()
        self.arrivals = Arrivals()
        self._number_at = self._number_head = NO_PLACE
        self._losses = Losses()
        self.feeds = {s.source: Feed(s, port, self.send_control) for s in negotiation.sending}
        self.tracks = tuple(track for feed in self.feeds.values() for track in feed.tracks)
        self.legs = [Leg(slot, role, path) for slot in negotiation.receiving]
        self._remote = negotiation.dtls
        self._certificate = certificate
        self._dtls: RTCDtlsTransport | None = None
        self._port = port
        self._inbox = port.inbox
        self._incoming: Session | None = None
        self._outgoing: Session | None = None
        self._unseal: Any = None
        self._by_ssrc = {t.ssrc: t for t in self.tracks if t.ssrc is not None}
        self._repairs = {
            t.sending.rtx_ssrc: t for t in self.tracks if t.sending.rtx_ssrc is not None
        }
        self._leg_by_ssrc = {leg.slot.ssrc: leg for leg in self.legs}
        self._control_ssrcs: set[bytes] = set()
        self._counted = (0.0, 0)
        self._received = 0

    async def connect(self) -> None:
        """Wait for the client's checks and its handshake; raises MediaFailed."""
        await self.path.known.wait()
        self._dtls = dtls = RTCDtlsTransport(self.path, [self._certificate])  # type: ignore[arg-type]
        dtls._set_role(OTHER_ROLE[self._remote.role])  # noqa: SLF001 - kept by a contract test
        try:
            await dtls.start(self._remote)
        except UNREADABLE as error:
            raise MediaFailed from error
        if dtls.state != "connected":
            raise MediaFailed
        self._incoming, self._outgoing = dtls._rx_srtp, dtls._tx_srtp  # noqa: SLF001
        self._unseal = srtp.handle(self._incoming)
        for leg in self.legs:
            leg.session = self._outgoing
        self.path.on_packet = self._on_packet
        self.connected = True

    async def close(self) -> None:
        """Say goodbye and stop; the port forgets the path."""
        self.connected = False
        self.path.on_packet = None
        if self._dtls is not None:
            await self._dtls.stop()

    @property
    def failed(self) -> int:
        """Datagrams of this client that went no further."""
        return self.drops.total

    def lost(self, now: float) -> bool:
        """Whether nothing has come from the client for long.

        Browsers check their consent every few seconds. GStreamer asks nothing once it is
        connected, so what was sealed with the client's keys counts as a sign of life too.
        """
        received = sum(track.reception.received for track in self.tracks)
        if received != self._received:
            self._received, self.path.heard_at = received, now
        return self.connected and now - self.path.heard_at > LOST_AFTER

    def _on_packet(self, cell: int, start: int, size: int) -> None:
        inbox = self._inbox
        view, length = inbox.view, inbox.length
        first, kind, sequence, timestamp, ssrc = RTP.unpack_from(view, start)
        if kind in CONTROL or size < extensions.HEADER:
            self._on_control(bytes(view[start : start + size]))
            return
        track = self._by_ssrc.get(ssrc)
        if track is None:
            track = self._repairs.get(ssrc) or self._stranger(kind & 0x7F, start, size)
        if track is None:
            self.drops.unknown_ssrc += 1
            return
        length[0] = size
        if status := srtp.unprotect(self._unseal, inbox.cells[cell], length):
            self.drops.refuse(status)
            return
        end, begin = start + length[0], start + extensions.HEADER
        if first & 0x1F:
            begin = self._skip(track, first, cell, end)
        payload, marker = bytes(view[begin:end]), kind & 0x80
        if begin > end:
            self.drops.malformed += 1
        elif kind & 0x7F == track.sending.payload_type:
            if ssrc != track.ssrc and not self._learn(track, ssrc):
                return
            track.receive((sequence, timestamp, marker, first & 0x20, payload), self._port.now)
        elif kind & 0x7F == track.sending.rtx_payload_type:
            self._repairs.setdefault(ssrc, track)
            self._on_repair(track, payload, first, marker, timestamp)
        else:
            self.drops.unknown_payload += 1

    def _skip(self, track: Track, first: int, cell: int, end: int) -> int:
        """Where the payload begins; on the way, hear how loud it is and which number it has.

        A sender writes its extensions in the same places each time: we look there first.
        """
        view = self._inbox.view
        begin = cell * STRIDE + extensions.HEADER + 4 * (first & 0x0F)
        if first & 0x10:
            block = begin
            begin += 4 + 4 * (view[block + 2] << 8 | view[block + 3])
            if begin > end:
                return begin
            if track.kind is Kind.AUDIO:
                track.hear(view, block, begin)
            at = block + self._number_at
            if at + 2 < begin and view[at] == self._number_head:
                self._note(view[at + 1] << 8 | view[at + 2], cell)
            elif track.sending.number_id is not None:
                self._find_number(track.sending.number_id, block, begin, cell)
        return begin

    def _note(self, number: int, cell: int) -> None:
        """Keep when this packet came, and tell the client if it is time."""
        inbox, arrivals, now = self._inbox, self.arrivals, self._port.now
        tick = inbox.seconds[cell] * TICKS_PER_S + inbox.nanoseconds[cell] // TICK_NS
        arrivals.untold.setdefault(number, tick)
        if now >= arrivals.due:
            self._tell_arrivals(now)

    def _find_number(self, number_id: int, block: int, begin: int, cell: int) -> None:
        """Look where this packet has its number, and look there first from now on."""
        view = self._inbox.view
        found = extensions.place(view[block:begin], number_id, 2)
        if found is not None:
            at = block + found
            self._number_at, self._number_head = found, number_id << 4 | 1
            self._note(view[at + 1] << 8 | view[at + 2], cell)

    def _tell_arrivals(self, now: float) -> None:
        """Tell the client what came when, by the SSRC of a stream that it numbers."""
        numbered = (t.ssrc for t in self.tracks if t.sending.number_id is not None and t.ssrc)
        if (ssrc := next(numbered, None)) is not None:
            for report in self.arrivals.reports(now, ssrc):
                self.send_control(report)

    def _stranger(self, payload_type: int, start: int, size: int) -> Track | None:
        """Whose packet this is, by the m-line and the encoding it names."""
        view = self._inbox.view[start : start + size]
        try:
            start, end = extensions.bounds(view, size)
        except ValueError:
            return None
        found = (f.named_by(view[start:end], payload_type) for f in self.feeds.values())
        track = next((t for t in found if t is not None), None)
        if track is None:
            return None
        repairs = payload_type == track.sending.rtx_payload_type
        known = track in self._repairs.values() if repairs else track.ssrc is not None
        return None if known else track

    def _learn(self, track: Track, ssrc: int) -> bool:
        """A packet that opened told the SSRC of a track that had none yet."""
        if track.ssrc is not None:
            self.drops.unknown_ssrc += 1
            return False
        track.ssrc = ssrc
        self._by_ssrc[ssrc] = track
        return True

    def _on_repair(self, track: Track, body: bytes, first: int, marker: int, stamp: int) -> None:
        """A retransmission: take the original out (RFC 4588); probes carry none."""
        if first & 0x20 and body:
            body = body[: -body[-1]] if body[-1] else b""
        if len(body) > 2:  # noqa: PLR2004 - the original sequence number
            self.repaired += 1
            number = int.from_bytes(body[:2])
            track.receive((number, stamp, marker, 0, body[2:]), self._port.now)

    def _on_control(self, data: bytes) -> None:
        if len(data) < extensions.HEADER:
            self.drops.malformed += 1
            return
        source = data[4:8]
        known = source in self._control_ssrcs
        if not known and len(self._control_ssrcs) >= MOST_CONTROL_SSRCS:
            self.drops.too_many_ssrcs += 1
            return
        assert self._incoming is not None
        try:
            plain = self._incoming.unprotect_rtcp(data)
        except (SrtpError, ValueError):
            self.drops.unauthentic += 1
            return
        try:
            heard = rtcp.read(plain)
        except ValueError:
            self.drops.malformed += 1
            return
        self._control_ssrcs.add(source)
        self.path.heard_at = self._port.now
        self._heed(heard, self._port.now)

    def _heed(self, heard: rtcp.Heard, now: float) -> None:
        for ssrc, info in heard.sender_reports.items():
            if track := self._by_ssrc.get(ssrc):
                track.pass_on(info, now)
        for ssrc in heard.key_frames:
            if (leg := self._leg_by_ssrc.get(ssrc)) and leg.track:
                self.refreshes += 1
                leg.track.want_key_frame()
        for ssrc, lost in heard.nacks.items():
            if leg := self._leg_by_ssrc.get(ssrc):
                leg.repair(lost)
        mine = [r for r in heard.reports if r.ssrc in self._leg_by_ssrc]
        if (share := self._losses.heard(mine)) is not None:
            self.line.heard_loss(share)
        if heard.remb_bps is not None:
            self.line.estimate_bps = heard.remb_bps

    def send_control(self, feedback: bytes) -> None:
        """Send feedback on what the client sends."""
        if self.connected and self._outgoing is not None:
            self.path.send(self._outgoing.protect_rtcp(EMPTY_REPORT + feedback))

    def watch(self, now: float) -> bool:
        """A few times a second: whether a layer of what they send came or went."""
        if self.arrivals.untold and now >= self.arrivals.due:
            self._tell_arrivals(now)
        changed = False
        for feed in self.feeds.values():
            if feed.layers:
                changed = feed.watch(now) or changed
        return changed

    def second(self, now: float, ceiling_bps: int) -> bool:
        """Once a second: reports, limits, budgets; whether what is sent is to be thought over."""
        if not self.connected or self._outgoing is None:
            return False
        for feed in self.feeds.values():
            feed.second(now)
        blocks = [b for t in self.tracks if (b := t.block(now)) is not None]
        pictures = [t.ssrc for t in self.tracks if t.kind is Kind.VIDEO and t.ssrc]
        if blocks or pictures:
            compound = rtcp.receiver_report(blocks)
            if pictures:
                compound += rtcp.remb(ceiling_bps, pictures)
            self.path.send(self._outgoing.protect_rtcp(compound))
        for leg in self.legs:
            leg.refresh()
        return self.line.judge(now, self._sent_bps(now)) or self.line.unsettled

    def _sent_bps(self, now: float) -> float:
        octets = sum(leg.octets for leg in self.legs)
        (since, before), self._counted = self._counted, (now, octets)
        return (octets - before) * 8 / (now - since) if since and now > since else 0.0
