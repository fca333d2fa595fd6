"""A leg: how one receiver's slot is sent to it, whoever fills the slot."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from struct import Struct
from typing import TYPE_CHECKING, Any

from pylibsrtp import Error as SrtpError
from pylibsrtp import Session

from remote_court.video import rtcp, srtp, vp8
from remote_court.video.ice import Path
from remote_court.video.lines import Receiving
from remote_court.video.permissions import Kind
from remote_court.video.rewriter import Rewriter
from remote_court.video.ring import Packet

if TYPE_CHECKING:
    from aiortc.rtp import RtcpSenderInfo

    from remote_court.video.tracks import Track

HEADERS = {Kind.VIDEO: Struct(">BBHIIII"), Kind.AUDIO: Struct(">BBHIIIQ")}
"""An RTP header, the word that announces extensions, and the extensions' one or two words."""


class Writers(dict[int, tuple[int, Callable[..., None]]]):
    """By the size of a payload: the packet's size, and what writes header and payload at once."""

    def __init__(self, header: Struct) -> None:
        super().__init__()
        self._header = header

    def __missing__(self, size: int) -> tuple[int, Callable[..., None]]:
        whole = Struct(f"{self._header.format}{size}s")
        self[size] = made = (whole.size, whole.pack_into)
        return made


WRITERS = {kind: Writers(header) for kind, header in HEADERS.items()}


def written(kind: Kind) -> Writers:
    """The writers of packets of this kind; there are as many as there are sizes."""
    return WRITERS[kind]


ANNOUNCE = {Kind.VIDEO: 0xBEDE0001, Kind.AUDIO: 0xBEDE0002}

Route = tuple[str, Any, int, int, int, int, int, int, int, "Leg"]
"""A leg as the forwarding loop reads it; made anew whenever one of its parts changes.

The station, libsrtp's handle, the payload type, the shifts of sequence and timestamp, the SSRC, the
extensions' mask and constant part, the handle of the path's name, and the leg, which keeps
both handles alive.
"""

MOST_RESENT = 200
"""Packets sent again to one slot within a second; a hostile NACK gets no more out of us."""


class Leg:
    """One slot of one receiver, with an SSRC and a numbering of its own for life.

    ``track`` is what it carries, or shall carry as soon as that is seamless; ``target`` another
    layer of the same picture that takes over with its next key frame. ``flowing`` says whether
    packets go out, ``withheld`` why a picture that could be here is not. ``station`` is where its
    receiver is.
    """

    def __init__(self, slot: Receiving, station: str, path: Path) -> None:
        self.slot = slot
        self.station = station
        self.path = path
        self.session: Session | None = None
        self.track: Track | None = None
        self.target: Track | None = None
        self.withheld = ""
        self.payload = slot.payloads[0]
        self.numbering = vp8.Numbering()
        self.rewriter = Rewriter(secrets.randbits(15), secrets.randbits(31))
        self.asked = self.resent = 0
        self._packets = self._octets = 0
        self._from = (0, 0)
        self.flowing = False
        self._rtx_sequence = secrets.randbits(15)
        self._budget = MOST_RESENT

    @property
    def kind(self) -> Kind:
        """Sound or picture."""
        return self.slot.kind

    def route(self) -> Route:
        """The leg as the forwarding loop wants it; its session must be up."""
        assert self.session is not None
        return (
            self.station,
            srtp.handle(self.session),
            self.payload.payload_type,
            self.rewriter.sequence_shift,
            self.rewriter.timestamp_shift,
            self.slot.ssrc,
            self.slot.extension_mask,
            self.slot.extension_constant,
            self.path.name.handle,
            self,
        )

    def begin(
        self,
        track: Track,
        extended: int,
        timestamp: int,
        now: float,
        *,
        ticks: int | None = None,
    ) -> None:
        """The track's packets go out from this one on, ``ticks`` after the last ones."""
        payload = self.slot.payload(track.sending.codec)
        assert payload is not None, "a slot is given only what its receiver reads"
        self.payload = payload
        self.rewriter.begin(extended, timestamp, self.slot.clock_rate, now, ticks=ticks)
        self._from = (track.reception.received, track.octets)
        self.flowing = True

    def end(self, track: Track, now: float) -> None:
        """The track's packets go out no more."""
        if self.flowing:
            self._packets, self._octets = self.sent(track)
            self.rewriter.end(track.reception.highest, track.timestamp, now)
        self.flowing = False

    def sent(self, track: Track) -> tuple[int, int]:
        """Packets and payload bytes sent so far, counted where they came in."""
        if not self.flowing:
            return self._packets, self._octets
        packets, octets = self._from
        return (
            self._packets + track.reception.received - packets,
            self._octets + track.octets - octets,
        )

    @property
    def octets(self) -> int:
        """Payload bytes sent so far."""
        return self._octets if self.track is None else self.sent(self.track)[1]

    def report(self, track: Track, source: RtcpSenderInfo) -> None:
        """Pass the source's sender report on, in this leg's numbers."""
        if not self.flowing or self.session is None:
            return
        packets, octets = self.sent(track)
        shift = self.rewriter.timestamp_shift
        compound = rtcp.sender_report(self.slot.ssrc, source, shift, packets, octets)
        self.path.send(self.session.protect_rtcp(compound))

    def repair(self, lost: list[int]) -> None:
        """Send again what the receiver says it lost, as far as it is kept and allowed."""
        track, session = self.track, self.session
        if track is None or session is None or not self.flowing:
            return
        if self.station not in track.audience:
            return
        self.asked += len(lost)
        for number in lost:
            source = self.rewriter.sequence_in(number)
            kept = track.ring.get(source)
            if kept is None or not self.rewriter.owns(track.reception.extend(source)):
                continue
            if self._budget <= 0:
                return
            self._budget -= 1
            self.resent += 1
            try:
                self.path.send(session.protect(self._again(number, kept)))
            except (SrtpError, ValueError):  # too old for the key stream's window, or too long
                track.failed += 1

    def _again(self, number: int, kept: Packet) -> bytes:
        _, stamp, marker, padded, payload = kept
        payload = vp8.shifted(payload, self.numbering.shift)
        slot, sequence, repair = self.slot, number, self.payload.rtx_payload_type
        payload_type, ssrc = self.payload.payload_type, slot.ssrc
        if slot.rtx_ssrc is not None and repair is not None:
            payload_type, ssrc = repair, slot.rtx_ssrc
            payload = rtcp.rtx_payload(number, payload)
            self._rtx_sequence = sequence = (self._rtx_sequence + 1) & 0xFFFF
        header = HEADERS[self.kind].pack(
            0x90 | padded,
            marker | payload_type,
            sequence,
            self.rewriter.timestamp_out(stamp),
            ssrc,
            ANNOUNCE[self.kind],
            0,
        )
        return header + payload

    def refresh(self) -> None:
        """A second has passed: the receiver may ask for lost packets again."""
        self._budget = MOST_RESENT
