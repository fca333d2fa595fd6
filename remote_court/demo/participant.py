"""A participant that is no browser: joins by a ticket, is seen and heard, counts what it gets.

Plays the far end in the demo, and the crowd in tests and benchmarks. It speaks only the
signalling protocol and RTP, as any client would.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiortc.rtcdtlstransport import RTCCertificate
from aiortc.rtp import RtcpSenderInfo
from aiortc.sdp import SessionDescription
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from remote_court.clock import monotonic
from remote_court.demo import melody, offer, picture
from remote_court.demo.uplink import Outgoing, Uplink
from remote_court.video import rtcp

Message = dict[str, Any]

STALE = frozenset({"ticket-misdirected", "ticket-spent", "call-elsewhere"})
"""Refusals of a worker that is not the one our token is for."""

Renew = Callable[[str], Awaitable[tuple[str, str] | None]]
"""Trades a resume token for a URL and a ticket; none: not just now."""

BACK_OFF = (0.2, 0.5, 1.0, 2.0, 5.0)
PING_EVERY = 1.0
SILENCE = 3.0
FRAME_SECONDS = 0.02
NTP_FRACTION = 1 << 32


class Refused(Exception):
    """The server refused us; ``problem`` says why."""

    def __init__(self, problem: Message) -> None:
        super().__init__(problem.get("code", ""))
        self.problem = problem


@dataclass(slots=True)
class Counts:
    """What arrived, by the mid of the slot; ``lost`` counts gaps in the numbering."""

    packets: Counter[str] = field(default_factory=Counter)
    octets: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    last: dict[str, int] = field(default_factory=dict)

    def note(self, mid: str, kind: str, packet: bytes) -> None:
        """Count one packet."""
        sequence = int.from_bytes(packet[2:4])
        if mid in self.last:
            gap = (sequence - self.last[mid] - 1) & 0xFFFF
            if gap < 0x8000:  # noqa: PLR2004 - half of the numbers are older
                self.lost[mid] += gap
        self.last[mid] = sequence
        self.packets[mid] += 1
        self.kinds[kind] += 1
        self.octets[mid] += len(packet)


class Participant:
    """Somebody in a call. ``run`` returns when the call is over for them.

    ``messages`` keeps the newest message of each type; ``changed`` is set at each, so that tests
    can wait for what they expect.
    """

    def __init__(
        self,
        url: str,
        ticket: str,
        *,
        pairs: int = 1,
        pictures: picture.Pictures | None = None,
        sound: bool = True,
        on_packet: Callable[[str, bytes], None] | None = None,
        renew: Renew | None = None,
    ) -> None:
        self.url = url
        self.counts = Counts()
        self.messages: dict[str, Message] = {}
        self.joins = 0
        self._ticket: str | None = ticket
        self._resume: str | None = None
        self._pairs = pairs
        self._pictures = pictures
        self._sound = sound
        self._on_packet = on_packet
        self._renew = renew
        self._elsewhere = False
        self._certificate = RTCCertificate.generateCertificate()
        self._slots: dict[int, tuple[str, str]] = {}
        self._socket: ClientConnection | None = None
        self._uplink: Uplink | None = None
        self._key_frame = asyncio.Event()
        self._changed = asyncio.Condition()
        self._heard_at = 0.0

    async def run(self) -> Message:
        """Be in the call until it closes; comes back after a lost line. Returns the last word.

        Raises:
            Refused: the server would not let us in.
        """
        attempt = 0
        while True:
            joins = self.joins
            with suppress(OSError, TimeoutError, WebSocketException):
                last = await self._come_in()
                if last is not None and not last["rejoin"]:
                    return last
                self._elsewhere = last is not None and last["reason"] == "shutdown"
            attempt = 0 if self.joins > joins else attempt + 1
            self._elsewhere = self._elsewhere or attempt > 0
            if attempt:
                await asyncio.sleep(BACK_OFF[min(attempt - 1, len(BACK_OFF) - 1)])

    async def _come_in(self) -> Message | None:
        """Attend once, at another worker where ours is gone and somebody can get us there."""
        if self._elsewhere and self._renew is not None and self._resume is not None:
            if fresh := await self._renew(self._resume):
                self.url, self._ticket = fresh
            self._elsewhere = False
        try:
            return await self._attend()
        except Refused as refused:
            if refused.problem.get("code") not in STALE or None in {self._renew, self._resume}:
                raise
            self._ticket = None
            return None

    async def until(self, wish: Callable[[Participant], bool], seconds: float = 10.0) -> None:
        """Wait until something is true of us; raises TimeoutError."""
        async with asyncio.timeout(seconds), self._changed:
            while not wish(self):
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), 0.05)

    async def say(self, message: Message) -> None:
        """Send a message."""
        if self._socket is not None:
            await self._socket.send(json.dumps(message))

    async def leave(self) -> None:
        """Go."""
        await self.say({"type": "leave"})

    async def drop(self) -> None:
        """Lose the line, as if somebody pulled the plug."""
        if self._socket is not None:
            self._socket.transport.abort()

    @property
    def state(self) -> str:
        """The call's state as we know it."""
        newest = self.messages.get("state") or self.messages.get("joined", {})
        return str(newest.get("state", {}).get("state", ""))

    async def _attend(self) -> Message | None:
        """One connection, from joining to its end; the closing message, if there was one."""
        wish = offer.Offer(
            self._certificate.getFingerprints(),
            pairs=self._pairs,
            microphone=self._sound,
            camera=self._pictures is not None,
        )
        async with connect(self.url, max_size=1 << 20, ping_interval=None) as socket:
            self._socket = socket
            token = {"ticket": self._ticket} if self._ticket else {"resume": self._resume}
            await self.say({"type": "join", "sdp": wish.text(), **token})
            joined = await self._first_word(socket)
            self._uplink = uplink = Uplink(
                wish, self._certificate, on_packet=self._count, on_control=self._heed
            )
            listen = asyncio.create_task(self._listen(socket))
            media = asyncio.create_task(self._media(uplink, wish, joined["sdp"]))
            alive = asyncio.create_task(self._keep_alive())
            tasks = (listen, media, alive)
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in tasks:  # a failure of ours must not look like a lost line
                    if task.done() and task is not listen:
                        task.result()
                return listen.result() if listen.done() else None
            finally:
                uplink.hang_up()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await uplink.close()
                self._uplink = self._socket = None

    async def _first_word(self, socket: ClientConnection) -> Message:
        first: Message = json.loads(await asyncio.wait_for(socket.recv(), SILENCE))
        if first["type"] != "joined":
            raise Refused(first.get("problem", first))
        self._resume, self._ticket = first["resume"], None
        self._learn_slots(first)
        self.joins += 1
        await self._note(first)
        return first

    def _learn_slots(self, joined: Message) -> None:
        self._slots = {
            line.ssrc[0].ssrc: (line.rtp.muxId, line.kind)
            for line in SessionDescription.parse(joined["sdp"]).media
            if line.direction == "sendonly" and line.ssrc
        }

    async def _listen(self, socket: ClientConnection) -> Message | None:
        try:
            while True:
                message = json.loads(await asyncio.wait_for(socket.recv(), SILENCE))
                if message["type"] == "resume":
                    self._resume = message["resume"]
                await self._note(message)
                if message["type"] == "closed":
                    return dict(message)
        except ConnectionClosed:
            return None

    async def _note(self, message: Message) -> None:
        async with self._changed:
            self.messages[message["type"]] = message
            self._changed.notify_all()

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(PING_EVERY)
            await self.say({"type": "ping"})

    async def _media(self, uplink: Uplink, wish: offer.Offer, answer: str) -> None:
        await uplink.connect(answer)
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.Event().wait())  # a mute participant stays too
            if self._sound:
                group.create_task(self._play(uplink, Outgoing(wish.audio_ssrc, offer.AUDIO)))
            if self._pictures is not None:
                stream = Outgoing(wish.video_ssrc, offer.VIDEO)
                self._video = stream
                group.create_task(self._show(uplink, stream, self._pictures))

    async def _play(self, uplink: Uplink, stream: Outgoing) -> None:
        packets, started, number = melody.melody(), monotonic(), 0
        while True:
            stream.timestamp = number * melody.FRAME
            payload = packets[number % len(packets)]
            uplink.send(stream, payload, marker=number == 0, level=melody.LEVEL_DBOV)
            number += 1
            if number % 100 == 1:
                uplink.send_control(report(stream))
            await asyncio.sleep(max(0.0, started + number * FRAME_SECONDS - monotonic()))

    async def _show(self, uplink: Uplink, stream: Outgoing, source: picture.Pictures) -> None:
        started, number = monotonic(), 0
        self._key_frame.set()
        while True:
            key = self._key_frame.is_set()
            self._key_frame.clear()
            payloads = await asyncio.to_thread(source.next, number, key=key)
            stream.timestamp = number * picture.CLOCK_RATE // source.fps
            for at, payload in enumerate(payloads, start=1):
                uplink.send(stream, payload, marker=at == len(payloads))
            number += 1
            if number % (2 * source.fps) == 1:
                uplink.send_control(report(stream))
            await asyncio.sleep(max(0.0, started + number / source.fps - monotonic()))

    def _count(self, packet: bytes) -> None:
        mid, kind = self._slots.get(int.from_bytes(packet[8:12]), ("repair", "repair"))
        self.counts.note(mid, kind, packet)
        if self._on_packet is not None:
            self._on_packet(mid, packet)

    def _heed(self, heard: rtcp.Heard) -> None:
        if heard.key_frames:
            self._key_frame.set()
        for lost in heard.nacks.values():
            if self._uplink is not None and self._pictures is not None:
                self._uplink.resend(self._video, lost)


def report(stream: Outgoing) -> bytes:
    """Our sender report: the stream's time against the clock, so that lips stay in step."""
    info = RtcpSenderInfo(
        ntp_timestamp=int(monotonic() * NTP_FRACTION) & 0xFFFFFFFFFFFFFFFF,
        rtp_timestamp=stream.timestamp,
        packet_count=0,
        octet_count=0,
    )
    return rtcp.sender_report(stream.ssrc, info, 0, stream.packets, stream.octets)
