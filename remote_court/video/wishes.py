"""What somebody in a room asks for, done: about themselves, or put before the court."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from remote_court import clock
from remote_court.video import messages
from remote_court.video.lines import Source
from remote_court.video.messages import Message
from remote_court.video.peer import Peer
from remote_court.video.ports import Figures, Left, Verb
from remote_court.video.refusals import BadMessage, UnknownMessage

if TYPE_CHECKING:
    from remote_court.video.room import Room
    from remote_court.video.worker import Worker


async def obey(worker: Worker, room: Room, peer: Peer, about: str, message: Message) -> None:
    """Do what a message of this type asks for; raises a Refusal that says why not."""
    match about:
        case "ping":
            peer.tell({"type": "pong", "n": message.get("n"), "now": clock.now().isoformat()})
        case "stats":
            audio_only = peer.media.line.audio_only
            figures = peer.tally.take(messages.figures(message), audio_only=audio_only)
            note(worker, room, peer, figures)
        case "leave":
            peer.part(Left.LEFT)
        case "mute" if "person" in message:
            await ask(worker, room, peer, Verb.MUTE, message)
        case "mute" | "camera" | "screen" | "receive" | "pin" | "view":
            change(room, peer, about, message)
        case "help" | "pause" | "resume" | "end" | "extend" | "record" | "stop_recording":
            await ask(worker, room, peer, Verb(about), message)
        case "join":
            raise BadMessage(where="join")
        case _:
            raise UnknownMessage


def note(worker: Worker, room: Room, peer: Peer, figures: Figures) -> None:
    """Have the figures of a line kept, unless the last ones still are being kept.

    Nobody waits for that: a record that cannot be written must not look like a dead line.
    """
    if peer.noting is None or peer.noting.done():
        kept = worker.court.statistics(room.plan.session_id, peer.person_id, figures)
        peer.noting = asyncio.ensure_future(kept)
        worker.keep(peer.noting)


def change(room: Room, peer: Peer, about: str, message: Message) -> None:
    """Something about this person alone, that others may see."""
    match about:
        case "mute":
            peer.muted = messages.flag(message, "muted")
        case "camera":
            peer.camera = messages.flag(message, "on")
        case "screen":
            peer.screen = messages.flag(message, "on") and Source.SCREEN in peer.media.feeds
        case "receive":
            peer.media.line.asked = not messages.flag(message, "video")
        case "view":
            peer.tiles = messages.sizes(message, "sizes")
        case _:
            peer.pinned = messages.names(message, "people")
    room.rewire()
    if about == "receive":
        peer.tell_quality(0, always=True)
    if about in {"mute", "camera", "screen"}:
        room.tell_people()


async def ask(worker: Worker, room: Room, peer: Peer, verb: Verb, message: Message) -> None:
    """Put a wish before the court, and do what it says."""
    args: dict[str, str | int] = {}
    match verb:
        case Verb.PAUSE | Verb.END | Verb.RECORD:
            args["reason"] = messages.text(message, "reason")
        case Verb.EXTEND:
            args["minutes"] = messages.minutes(message)
        case Verb.HELP:
            args["text"] = messages.text(message, "text", optional=True)
        case Verb.MUTE:
            args["person"] = messages.text(message, "person", most=messages.LONGEST_NAME)
            args["muted"] = messages.flag(message, "muted")
        case Verb.RESUME | Verb.STOP_RECORDING:
            pass
    session_id = room.plan.session_id
    call = await worker.court.asked(session_id, peer.person_id, peer.role, verb, args)
    if call is not None:
        room.apply(call)
    if verb is Verb.HELP:
        room.call_for_help(peer, str(args["text"]))
    elif verb is Verb.MUTE:
        room.silence(str(args["person"]), muted=bool(args["muted"]))
