"""How somebody comes into a room and goes again, whatever they speak to us by."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from remote_court import clock
from remote_court.errors import Refusal
from remote_court.tickets import Ticket
from remote_court.video import sdp
from remote_court.video.media import Media, MediaFailed
from remote_court.video.messages import Message
from remote_court.video.peer import Peer
from remote_court.video.ports import Entrant, Left

if TYPE_CHECKING:
    from remote_court.video.room import Room
    from remote_court.video.worker import Worker

MEDIA_WAIT = 20.0


@dataclass(frozen=True, slots=True)
class Line:
    """How a client is told something and cut off: a socket's queue, or nothing at all."""

    say: Callable[[Message], None]
    hang_up: Callable[[], None]


def admit(
    worker: Worker,
    room: Room,
    who: Ticket,
    offer: str,
    line: Line,
    sources: Mapping[str, str] | None = None,
) -> Peer:
    """Guard, answer the offer, and make the peer who may ``enter``."""
    room.guard(who)
    path = worker.port.new_path()
    try:
        negotiation = sdp.negotiate(offer, worker.local(path), worker.new_ssrc, sources)
    except Refusal:
        worker.port.forget(path)
        raise
    media = Media(negotiation, who.role, worker.port, path, worker.certificate)
    return Peer(
        who,
        "c" + secrets.token_hex(8),
        media,
        negotiation.answer,
        pairs=room.plan.slots[who.role],
        say=line.say,
        hang_up=line.hang_up,
    )


@asynccontextmanager
async def attending(worker: Worker, room: Room, peer: Peer) -> AsyncIterator[None]:
    """Be in the room, and known to the court, for as long as the context lasts.

    Raises:
        Refusal: the room or the court bars them; nobody stays behind in the room.
    """
    court, session_id = worker.court, room.plan.session_id
    who, connection_id = peer.person_id, peer.connection_id
    try:
        room.guard(peer.who)  # once more: somebody may have come since the offer was answered
        room.enter(peer)
        worker.tally.begin(peer.media)
        call = await court.arrived(
            Entrant(
                session_id=session_id,
                person_id=who,
                role=peer.role,
                connection_id=connection_id,
                entry=peer.who.entry,
                at=clock.now(),
            )
        )
    except BaseException:  # whatever it was, nobody stays behind in the room
        worker.dismiss(room, peer)
        raise
    try:
        room.apply(call)
        yield
    finally:
        peer.left = peer.left or Left.LOST
        worker.dismiss(room, peer)
        await peer.media.close()
        await court.left(session_id, who, connection_id, clock.now(), peer.left)


async def connect(worker: Worker, room: Room, peer: Peer, since: float) -> None:
    """Wait for the client's media, and let it flow; who does not come in time is let go.

    Args:
        since: when the client came.
    """
    tally = worker.tally
    try:
        await asyncio.wait_for(peer.media.connect(), MEDIA_WAIT)
    except (MediaFailed, TimeoutError):
        tally.joins["no_media"] += 1
        peer.part(Left.LOST, "media")
        return
    tally.joins["connected"] += 1
    tally.join.add(clock.monotonic() - since)
    room.rewire()
    room.tell_people()
