"""One client's conversation with its room, over any socket that carries text."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Protocol

from remote_court import clock
from remote_court.errors import Refusal
from remote_court.tickets import Ticket
from remote_court.video import messages, sdp
from remote_court.video.limits import Bucket
from remote_court.video.lines import Source
from remote_court.video.media import Media, MediaFailed
from remote_court.video.messages import Join, Message
from remote_court.video.peer import Peer
from remote_court.video.ports import Left, Verb
from remote_court.video.refusals import (
    BadMessage,
    JoinFirst,
    TooManyMessages,
    UnknownMessage,
)

if TYPE_CHECKING:
    from remote_court.video.room import Room
    from remote_court.video.worker import Worker

PROTOCOL = 1
FIRST_WORD = 10.0
SILENCE = 15.0
MEDIA_WAIT = 20.0
MOST_QUEUED = 512
BURST, RATE = 40, 20
MOST_EXCESS = 200
"""Messages over the limit that are dropped before the client is."""

NORMAL = 1000
FATAL = 4400


class SocketGone(ConnectionError):
    """The other side of a socket is no longer there."""


class Socket(Protocol):
    """What signalling needs of a WebSocket; text frames only.

    ``receive`` and ``send`` raise SocketGone when the other side has left; ``receive`` returns
    an empty text for a frame that was not text. ``close`` never raises for a socket that is gone.
    """

    async def receive(self) -> str:
        """The next text frame."""

    async def send(self, text: str) -> None:
        """Send a text frame."""

    async def close(self, code: int) -> None:
        """Close the socket."""


class Conversation:
    """From the first message to the last; ``run`` returns when it is over."""

    def __init__(self, worker: Worker, socket: Socket) -> None:
        self._worker = worker
        self._socket = socket
        self._queue: asyncio.Queue[Message | None] = asyncio.Queue()
        self._code = NORMAL
        self._bucket = Bucket(BURST, RATE)
        self._excess = 0

    async def run(self) -> None:
        """Talk until either side has had enough."""
        writer = asyncio.create_task(self._write())
        try:
            await self._talk(writer)
        except SocketGone:
            writer.cancel()
        finally:
            self._queue.put_nowait(None)
            await asyncio.gather(writer, return_exceptions=True)
            await self._socket.close(self._code)

    async def _talk(self, writer: asyncio.Task[None]) -> None:
        about = "join"
        try:
            message = messages.decode(await asyncio.wait_for(self._socket.receive(), FIRST_WORD))
            if message["type"] != "join":
                raise JoinFirst
            join = Join.read(message)
            who = self._worker.verify(join.token, resumes=join.resumes)
            room = await self._worker.room(who.session_id)
            peer = self._admit(room, who, join)
        except TimeoutError:
            self._refuse(JoinFirst(), about)
        except Refusal as refusal:
            self._refuse(refusal, about)
        else:
            await self._attend(room, peer, writer)

    def _admit(self, room: Room, who: Ticket, join: Join) -> Peer:
        """Guard, answer the offer, and take a place in the room."""
        room.guard(who)
        worker = self._worker
        path = worker.port.new_path()
        try:
            negotiation = sdp.negotiate(join.sdp, worker.local(path), worker.new_ssrc, join.sources)
        except Refusal:
            worker.port.forget(path)
            raise
        media = Media(negotiation, who.role, worker.port, path, worker.certificate)
        peer = Peer(
            who,
            "c" + secrets.token_hex(8),
            media,
            negotiation.answer,
            pairs=room.plan.slots[who.role],
            say=self._say,
            hang_up=lambda: self._queue.put_nowait(None),
        )
        peer.muted, peer.camera = join.muted, join.camera
        room.enter(peer)
        return peer

    async def _attend(self, room: Room, peer: Peer, writer: asyncio.Task[None]) -> None:
        """Be in the room until somebody ends that; then tell the court."""
        court, session_id = self._worker.court, room.plan.session_id
        try:
            now = clock.now()
            call = await court.arrived(
                session_id, peer.person_id, peer.role, peer.connection_id, now
            )
        except Refusal as refusal:
            self._worker.dismiss(room, peer)
            self._refuse(refusal, "join")
            return
        except BaseException:  # whatever it was, nobody stays behind in the room
            self._worker.dismiss(room, peer)
            raise
        try:
            room.apply(call)
            if peer.left is None:
                await self._stay(room, peer, writer)
        finally:
            self._worker.dismiss(room, peer)
            await peer.media.close()
            await court.left(
                session_id,
                peer.person_id,
                peer.connection_id,
                clock.now(),
                peer.left or Left.LOST,
            )

    async def _stay(self, room: Room, peer: Peer, writer: asyncio.Task[None]) -> None:
        room.rewire()
        peer.welcome(self._joined(room, peer))
        room.tell_people()
        media = asyncio.create_task(self._connect(room, peer))
        reader = asyncio.create_task(self._read(room, peer))
        try:
            await asyncio.wait({reader, writer}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (media, reader):
                task.cancel()
            results = await asyncio.gather(media, reader, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception) and not isinstance(result, SocketGone):
                raise result

    async def _connect(self, room: Room, peer: Peer) -> None:
        try:
            await asyncio.wait_for(peer.media.connect(), MEDIA_WAIT)
        except (MediaFailed, TimeoutError):
            peer.part(Left.LOST, "media")
            return
        room.rewire()
        room.tell_people()

    async def _read(self, room: Room, peer: Peer) -> None:
        while peer.left is None:
            try:
                text = await asyncio.wait_for(self._socket.receive(), SILENCE)
            except TimeoutError:
                peer.part(Left.LOST, "silence")
                return
            await self._heed(room, peer, text)

    async def _heed(self, room: Room, peer: Peer, text: str) -> None:
        about = ""
        try:
            if not self._bucket.take(clock.monotonic()):
                self._excess += 1
                raise TooManyMessages
            message = messages.decode(text)
            about = message["type"][: messages.LONGEST_NAME]
            await self._obey(room, peer, about, message)
        except Refusal as refusal:
            if self._excess == 1 or not isinstance(refusal, TooManyMessages):
                self._say(messages.error(refusal, about))
            if self._excess > MOST_EXCESS:
                peer.part(Left.LOST, "flood")

    async def _obey(self, room: Room, peer: Peer, about: str, message: Message) -> None:
        match about:
            case "ping":
                pong = {"type": "pong", "n": message.get("n"), "now": clock.now().isoformat()}
                peer.tell(pong)
            case "stats":
                figures = messages.figures(message)
                await self._worker.court.statistics(room.plan.session_id, peer.person_id, figures)
            case "leave":
                peer.part(Left.LEFT)
            case "mute" | "camera" | "screen" | "receive" | "pin":
                self._set(room, peer, about, message)
            case "help" | "pause" | "resume" | "end" | "extend":
                await self._ask(room, peer, Verb(about), message)
            case "join":
                raise BadMessage(where="join")
            case _:
                raise UnknownMessage

    def _set(self, room: Room, peer: Peer, about: str, message: Message) -> None:
        """Something about this person alone, that others may see."""
        match about:
            case "mute":
                peer.muted = messages.flag(message, "muted")
            case "camera":
                peer.camera = messages.flag(message, "on")
            case "screen":
                peer.screen = messages.flag(message, "on") and Source.SCREEN in peer.media.tracks
            case "receive":
                peer.media.line.asked = not messages.flag(message, "video")
                peer.tell_quality(0)
            case _:
                peer.pinned = messages.names(message, "people")
        room.rewire()
        if about in {"mute", "camera", "screen"}:
            room.tell_people()

    async def _ask(self, room: Room, peer: Peer, verb: Verb, message: Message) -> None:
        """Put a wish before the court, and do what it says."""
        args: dict[str, str | int] = {}
        match verb:
            case Verb.PAUSE | Verb.END:
                args["reason"] = messages.text(message, "reason")
            case Verb.EXTEND:
                args["minutes"] = messages.minutes(message)
            case Verb.HELP:
                args["text"] = messages.text(message, "text", optional=True)
            case Verb.RESUME:
                pass
        session_id = room.plan.session_id
        call = await self._worker.court.asked(session_id, peer.person_id, peer.role, verb, args)
        if call is not None:
            room.apply(call)
        if verb is Verb.HELP:
            room.call_for_help(peer, str(args["text"]))

    def _joined(self, room: Room, peer: Peer) -> Message:
        who, now = peer.who, clock.now()
        verbs = room.plan.verbs.get(who.role, frozenset({Verb.HELP}))
        return {
            "type": "joined",
            "protocol": PROTOCOL,
            "connection": peer.connection_id,
            "sdp": peer.answer,
            "resume": self._worker.resume_token(room, peer),
            "you": {k: v for k, v in peer.card().items() if k in {"id", "name", "role", "label"}},
            "call": {"id": room.plan.session_id, "kind": room.plan.kind},
            "state": messages.state(room.call),
            "slots": room.slots_of(peer),
            "people": room.others(peer),
            "verbs": sorted(verb.value for verb in verbs),
            "ice_servers": self._worker.ice_servers(who.person_id, now),
            "now": now.isoformat(),
        }

    def _refuse(self, refusal: Refusal, about: str) -> None:
        self._code = FATAL
        self._say(messages.error(refusal, about, fatal=True))

    def _say(self, message: Message) -> None:
        if self._queue.qsize() < MOST_QUEUED:
            self._queue.put_nowait(message)
        elif self._queue.qsize() == MOST_QUEUED:
            self._queue.put_nowait(None)  # a client that reads nothing is gone

    async def _write(self) -> None:
        while (message := await self._queue.get()) is not None:
            await self._socket.send(messages.encode(message))
