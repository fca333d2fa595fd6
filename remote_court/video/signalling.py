"""One client's conversation with its room, over any socket that carries text."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Protocol

from remote_court import clock
from remote_court.errors import Refusal
from remote_court.video import admission, messages, wishes
from remote_court.video.admission import Line
from remote_court.video.limits import Bucket
from remote_court.video.messages import Join, Message
from remote_court.video.peer import Peer
from remote_court.video.ports import Left, Verb
from remote_court.video.refusals import JoinFirst, TooManyMessages

if TYPE_CHECKING:
    from remote_court.video.room import Room
    from remote_court.video.worker import Worker

PROTOCOL = 1
YOU = frozenset({"id", "name", "role", "station", "label"})
FIRST_WORD = 10.0
SILENCE = 15.0
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
        self._since = clock.monotonic()

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
        try:
            async with self._worker.lobby.patience(FIRST_WORD):
                first = await self._socket.receive()
            message = messages.decode(first)
            if message["type"] != "join":
                raise JoinFirst
            room, peer = await self._admit(Join.read(message))
        except TimeoutError:
            self._refuse(JoinFirst())
        except Refusal as refusal:
            self._refuse(refusal)
        else:
            await self._attend(room, peer, writer)

    async def _attend(self, room: Room, peer: Peer, writer: asyncio.Task[None]) -> None:
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(admission.attending(self._worker, room, peer))
            except Refusal as refusal:
                self._refuse(refusal)
                return
            if peer.left is None:
                await self._stay(room, peer, writer)

    async def _admit(self, join: Join) -> tuple[Room, Peer]:
        """Check the token, and answer the offer."""
        worker = self._worker
        who = worker.verify(join.token, resumes=join.resumes)
        room = await worker.room(who.session_id)
        line = Line(self._say, lambda: self._queue.put_nowait(None))
        peer = admission.admit(worker, room, who, join.sdp, line, join.sources)
        peer.muted, peer.camera = join.muted, join.camera
        return room, peer

    async def _stay(self, room: Room, peer: Peer, writer: asyncio.Task[None]) -> None:
        room.rewire()
        peer.welcome(self._joined(room, peer))
        room.tell_people()
        media = asyncio.create_task(admission.connect(self._worker, room, peer, self._since))
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

    async def _read(self, room: Room, peer: Peer) -> None:
        while peer.left is None:
            try:
                async with asyncio.timeout(SILENCE):
                    text = await self._socket.receive()
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
            await wishes.obey(self._worker, room, peer, about, message)
        except Refusal as refusal:
            if self._excess == 1 or not isinstance(refusal, TooManyMessages):
                self._say(messages.error(refusal, about))
            if self._excess > MOST_EXCESS:
                peer.part(Left.LOST, "flood")

    def _joined(self, room: Room, peer: Peer) -> Message:
        who, now = peer.who, clock.now()
        verbs = room.plan.verbs.get(who.role, frozenset({Verb.HELP}))
        return {
            "type": "joined",
            "protocol": PROTOCOL,
            "connection": peer.connection_id,
            "sdp": peer.answer,
            "resume": self._worker.resume_token(room, peer),
            "you": {name: value for name, value in peer.card().items() if name in YOU},
            "call": {"id": room.plan.session_id, "kind": room.plan.kind},
            "state": messages.state(room.call),
            "slots": room.slots_of(peer),
            "people": room.others(peer),
            "recording": room.taping.message,
            "verbs": sorted(verb.value for verb in verbs),
            "ice_servers": self._worker.ice_servers(peer.connection_id, now),
            "now": now.isoformat(),
        }

    def _refuse(self, refusal: Refusal) -> None:
        self._code = FATAL
        self._worker.tally.joins[refusal.code] += 1
        self._say(messages.error(refusal, "join", fatal=True))

    def _say(self, message: Message) -> None:
        if self._queue.qsize() < MOST_QUEUED:
            self._queue.put_nowait(message)
        elif self._queue.qsize() == MOST_QUEUED:
            self._queue.put_nowait(None)  # a client that reads nothing is gone

    async def _write(self) -> None:
        while (message := await self._queue.get()) is not None:
            await self._socket.send(messages.encode(message))
