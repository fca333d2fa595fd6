"""A track: what one person sends, and the loop that passes each packet on."""

from __future__ import annotations

from collections.abc import Callable

from aiortc.rtp import RtcpReceiverInfo, RtcpSenderInfo

from remote_court.video import rtcp, srtp
from remote_court.video.codecs import OPENERS
from remote_court.video.datagrams import BATCH, STRIDE
from remote_court.video.extensions import AUDIO_LEVEL_SILENT, place
from remote_court.video.legs import ANNOUNCE, Leg, Route, written
from remote_court.video.lines import Sending
from remote_court.video.permissions import Kind
from remote_court.video.port import Port
from remote_court.video.reception import Arrival, Reception
from remote_court.video.rewriter import Clock
from remote_court.video.ring import Packet, Ring

KEY_FRAME_EVERY = 0.5
"""Seconds between two key frames asked of a sender, however many receivers want one."""

SILENCE = 0.4
"""Seconds without a packet after which somebody is silent: Opus stops sending then."""

NO_PLACE = 1 << 12
"""Beyond any packet: where an extension is not known to stand."""

ONE_BYTE_FIRST = 0xBE
"""The first byte of extensions in the one-byte form (RFC 8285)."""

NOBODY: frozenset[str] = frozenset()
PROTECT = srtp.protect


class Track:
    """One incoming stream: a microphone, a camera or a screen.

    ``audience`` is the set of stations its packets may reach, looked at for every packet and every
    receiver; it is empty while the call is not live. ``send_control`` takes a plain compound
    for the sender. ``tap``, while somebody has set it, gets every packet that is taken.
    """

    def __init__(self, sending: Sending, port: Port, send_control: Callable[[bytes], None]) -> None:
        self.sending = sending
        self.kind = sending.kind
        self.ssrc = sending.ssrc
        self.audience = NOBODY
        self.tap: Callable[[Packet, float], None] | None = None
        self.reception = Reception()
        self.ring = Ring(512 if self.kind is Kind.VIDEO else 64)
        self.timestamp = self.octets = self.forwarded = self.failed = 0
        self.barred = self.asked = self.refreshed = 0
        self.level = float(AUDIO_LEVEL_SILENT)
        self._heard_at = 0.0
        self._level_at = self._level_head = NO_PLACE
        self.report: tuple[int, float] | None = None
        self.clock: Clock | None = None
        self._opens = OPENERS.get(sending.codec) if self.kind is Kind.VIDEO else None
        self._send_control = send_control
        self._routes: tuple[Route, ...] = ()
        self._pending: list[Leg] = []
        self._flowing: list[Leg] = []
        self._key_frame_wanted = False
        self._key_frame_at = 0.0
        self._port = port
        out = port.outbox
        self._tools = (
            out,
            out.view,
            out.cells,
            out.length,
            out.lengths,
            out.names,
            written(self.kind),
            ANNOUNCE[self.kind],
        )

    def receive(self, packet: Packet, now: float) -> None:
        """Take one opened packet and pass it on to whoever may have it."""
        sequence, timestamp, marker, _, payload = packet
        reception, routes = self.reception, self._routes
        late = False
        if sequence == (reception.highest + 1) & 0xFFFF and reception.highest >= 0:
            reception.highest = sequence
            if not sequence:
                reception.cycles += 1
        else:
            arrival = reception.note(sequence, now, ask=self.sending.nack)
            if arrival is Arrival.DUPLICATE:
                return
            late = arrival is Arrival.LATE
        if reception.missing:
            self._port.attend(self)
            self.ask_again(now)
        ring = self.ring
        ring.places[sequence & ring.mask] = packet  # what Ring.put does, without the call
        if late:
            routes = self._owners(sequence)
        else:
            self.timestamp = timestamp
            if marker or self.kind is Kind.AUDIO:
                self._heard_at = now
                reception.time(timestamp, now, self.sending.clock_rate)
            if self._pending:
                routes = self._admit(sequence, timestamp, payload, now)
        reception.received += 1
        self.octets += len(payload)
        if self.tap is not None:
            self.tap(packet, now)
        if routes:
            self._forward(routes, packet, now)

    def _forward(self, routes: tuple[Route, ...], packet: Packet, now: float) -> None:
        sequence, timestamp, marker, padded, payload = packet
        outbox, view, cells, length, lengths, names, writers, announce = self._tools
        audience, cell = self.audience, outbox.count
        size, write = writers[len(payload)]
        first, tail = 0x90 | padded, int(now * 262144) & 0xFFFFFF
        if self.kind is Kind.AUDIO:
            tail = tail << 32 | int(self.level) << 16
        for station, session, kind, ahead, later, ssrc, mask, constant, name, _ in routes:
            if station not in audience:
                self.barred += 1
                continue
            write(
                view,
                cell * STRIDE,
                first,
                marker | kind,
                (sequence + ahead) & 0xFFFF,
                (timestamp + later) & 0xFFFFFFFF,
                ssrc,
                announce,
                tail & mask | constant,
                payload,
            )
            length[0] = size
            if PROTECT(session, cells[cell], length):
                self.failed += 1
                continue
            lengths[cell] = length[0]
            names[cell] = name
            cell += 1
            if cell == BATCH:
                outbox.count, cell = cell, 0
                outbox.flush()
        outbox.count = cell
        self.forwarded += len(routes)

    def _admit(
        self, sequence: int, timestamp: int, payload: bytes, now: float
    ) -> tuple[Route, ...]:
        """Let waiting receivers in: to sound at once, to pictures with a key frame."""
        if self._opens is not None and not self._opens(payload):
            return self._routes
        extended = self.reception.extend(sequence)
        for leg in self._pending:
            self._let_in(leg, extended, packet=(timestamp, payload), now=now)
        self._flowing += self._pending
        self._pending.clear()
        self._key_frame_wanted = False
        self._reroute()
        return self._routes

    def _let_in(self, leg: Leg, extended: int, packet: tuple[int, bytes], now: float) -> None:
        leg.numbering.rest()
        leg.begin(self, extended, packet[0], now)

    def _reroute(self) -> None:
        """Write down anew how each receiver's packets go out."""
        self._routes = tuple(leg.route() for leg in self._flowing)

    def _owners(self, sequence: int) -> tuple[Route, ...]:
        """The routes whose receiver was here already when this late packet was sent."""
        extended = self.reception.extend(sequence)
        return tuple(route for route in self._routes if route[-1].rewriter.owns(extended))

    def everybody(self) -> tuple[Leg, ...]:
        """The slots this track is attached to, flowing or about to."""
        return (*self._flowing, *self._pending)

    def attach(self, leg: Leg) -> None:
        """Send this track to one more slot, as soon as that is seamless.

        A slot that carries another layer of the same picture goes on carrying it until then.
        """
        if leg.track is None:
            leg.track = self
        else:
            leg.target = self
        self._pending.append(leg)
        if self.kind is Kind.VIDEO:
            self.want_key_frame()

    def detach(self, leg: Leg, now: float) -> None:
        """Send this track to this slot no more."""
        if leg.target is not None:
            leg.target.cancel(leg)
        leg.track = None
        if leg in self._pending:
            self._pending.remove(leg)
            return
        self._part(leg, now)

    def cancel(self, leg: Leg) -> None:
        """The slot shall not change to this track after all."""
        leg.target = None
        self._pending.remove(leg)

    def _part(self, leg: Leg, now: float) -> None:
        leg.end(self, now)
        self._flowing.remove(leg)
        self._reroute()

    def want_key_frame(self) -> None:
        """Ask the sender for a key frame, at the next tick at which that is not too often."""
        self._key_frame_wanted = True
        self._port.attend(self)

    def ask_again(self, now: float) -> None:
        """Ask the sender for what is missing, if it is time; what never came costs a key frame."""
        before = self.reception.given_up
        if self.ssrc is not None and (lost := list(self.reception.to_ask(now))):
            self.asked += len(lost)
            self._send_control(rtcp.nack(self.ssrc, lost))
        if self.reception.given_up != before and self.kind is Kind.VIDEO:
            self.want_key_frame()

    def tick(self, now: float) -> bool:
        """Send the requests that are due; returns whether more will be."""
        if self.reception.missing:
            self.ask_again(now)
        if (
            self._key_frame_wanted
            and self.ssrc is not None
            and now - self._key_frame_at >= KEY_FRAME_EVERY
        ):
            self._key_frame_wanted = bool(self._pending)
            self._key_frame_at = now
            self.refreshed += 1
            self._send_control(rtcp.key_frame_request(self.ssrc))
        return self._key_frame_wanted or bool(self.reception.missing)

    def loudness(self, now: float) -> float:
        """How loud it is now, in -dBov; nothing is heard of whom no packet comes from."""
        if now - self._heard_at > SILENCE:
            self.level = float(AUDIO_LEVEL_SILENT)
        return self.level

    def pass_on(self, info: RtcpSenderInfo, now: float) -> None:
        """A sender report came in: remember it for our answer, and tell the receivers."""
        self.report = ((info.ntp_timestamp >> 16) & 0xFFFFFFFF, now)
        self.clock = (info.ntp_timestamp, info.rtp_timestamp)
        for leg in self._flowing:
            if leg.station in self.audience:
                leg.report(self, info)

    def block(self, now: float) -> RtcpReceiverInfo | None:
        """Our report on what arrived, for the sender; None before anything has."""
        if self.ssrc is None or self.reception.highest < 0:
            return None
        fraction, lost = self.reception.loss()
        middle, since = self.report or (0, now)
        return rtcp.report_block(
            self.ssrc,
            fraction_lost=fraction,
            lost=lost,
            highest=self.reception.extended,
            jitter=round(self.reception.jitter),
            lsr=middle,
            dlsr=round((now - since) * 65536),
        )

    def hear(self, view: memoryview, start: int, end: int) -> None:
        """Read the loudness out of the extensions; loud sounds count at once, silence slowly.

        A sender writes its extensions in the same places each time: we look there first.
        """
        at = start + self._level_at
        if at + 1 < end and view[at] == self._level_head and view[start] == ONE_BYTE_FIRST:
            level = view[at + 1] & 0x7F
        else:
            found = place(view[start:end], self.sending.level_id, 1)
            if found is None:
                return
            self._level_at = found
            self._level_head = view[start + found]
            level = view[start + found + 1] & 0x7F
        self.level = level if level < self.level else self.level * 0.9 + level * 0.1

    def rest(self) -> None:
        """Nobody wants anything of this track any more."""
        self._key_frame_wanted = False
        self._port.due.discard(self)
