"""A client that has no socket: its place in a call, as an HTTP resource (RFC 9725, WHEP).

It is told nothing and asks for nothing; its checks keep it here, and its media. It goes when it
is deleted, when its checks stop, and when the call ends.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from remote_court import clock, tickets
from remote_court.errors import Refusal
from remote_court.tickets import TicketMisused
from remote_court.video import admission, one_way
from remote_court.video.admission import Line
from remote_court.video.messages import Message
from remote_court.video.one_way import Way
from remote_court.video.ports import Left

if TYPE_CHECKING:
    from remote_court.video.worker import Worker

GOING = 1.0
"""Seconds a goodbye waits for the end to be written down."""


class Resource:
    """Made by ``create``; listed at its worker under ``id`` for as long as it lives.

    ``tag`` is the entity tag of its one ICE session; ``answer`` the SDP its client gets.
    """

    def __init__(self, worker: Worker, session_id: str, token: str, way: Way) -> None:
        self.id = secrets.token_urlsafe(18)
        self.session_id = session_id
        self.way = way
        self.answer = self.tag = self.connection_id = ""
        self._worker = worker
        self._since = clock.monotonic()
        self._token = digest(token)
        self._ufrags: frozenset[str] = frozenset()
        self._over = asyncio.Event()
        self._life: asyncio.Task[None] | None = None

    @classmethod
    async def create(
        cls, worker: Worker, session_id: str, token: str, offer: str, way: Way
    ) -> Resource:
        """Enter a call by ticket and offer; raises the Refusal that says why not."""
        try:
            if tickets.read(token, worker.key).session_id != session_id:
                raise TicketMisused
            narrowed = one_way.narrow(offer, way)
            made = cls(worker, session_id, token, way)
            await made._enter(token, narrowed)
        except Refusal as refusal:
            worker.tally.joins[refusal.code] += 1
            raise
        return made

    async def _enter(self, token: str, offer: str) -> None:
        who = self._worker.verify(token, resumes=False)
        room = await self._worker.room(self.session_id)
        line = Line(say=unheard, hang_up=self._over.set)
        peer = admission.admit(self._worker, room, who, offer, line)
        self.answer, self.connection_id = peer.answer, peer.connection_id
        self.tag = f'"{peer.media.path.ufrag}"'
        self._ufrags = one_way.ufrags(offer)
        self._peer, self._room = peer, room
        arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._life = asyncio.create_task(self._live(arrived))
        self._worker.keep(self._life)
        await asyncio.shield(arrived)

    async def _live(self, arrived: asyncio.Future[None]) -> None:
        """Be in the room from the court's word to the end."""
        worker, room, peer = self._worker, self._room, self._peer
        try:
            async with admission.attending(worker, room, peer):
                worker.resources[self.id] = self
                arrived.set_result(None)
                room.rewire()
                room.tell_people()
                await self._until_over()
        except Refusal as refusal:
            if arrived.done():
                raise
            arrived.set_exception(refusal)
        finally:
            worker.resources.pop(self.id, None)
            if not arrived.done():
                arrived.cancel()

    async def _until_over(self) -> None:
        async with asyncio.TaskGroup() as group:
            coming = admission.connect(self._worker, self._room, self._peer, self._since)
            media = group.create_task(coming)
            await self._over.wait()
            media.cancel()

    async def leave(self) -> None:
        """Go, as the client asked; its media stop before this returns."""
        self._peer.part(Left.LEFT)
        assert self._life is not None
        await asyncio.wait({self._life}, timeout=GOING)

    def is_of(self, token: str) -> bool:
        """Whether this token made it; also when the token has expired since."""
        return hmac.compare_digest(digest(token), self._token)

    def restarts(self, fragment: str) -> bool:
        """Whether a fragment of SDP names another ICE session than the one there is."""
        return not one_way.ufrags(fragment) <= self._ufrags


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def unheard(_message: Message) -> None:
    """There is nobody to tell: the client has no socket."""
