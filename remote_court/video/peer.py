"""A person in a call, by one connection; a newer connection is another peer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from remote_court import clock
from remote_court.tickets import Ticket
from remote_court.video import messages
from remote_court.video.allocation import Size
from remote_court.video.feeds import Feed
from remote_court.video.legs import Leg
from remote_court.video.lines import Source
from remote_court.video.media import Media
from remote_court.video.messages import Message
from remote_court.video.permissions import Kind
from remote_court.video.ports import Left
from remote_court.video.slots import Seats
from remote_court.video.tally import Tally

MAY_REJOIN = frozenset({Left.LOST, Left.SHUTDOWN})
LOUD_DBOV = 50
"""A level below this many -dBov is speech; fans and breath are quieter."""


class Peer:
    """Who is here, what they do, and how to tell them something.

    ``answer`` is the SDP they get with the first word. ``muted`` and ``camera`` are their own
    wish, ``silenced`` that of somebody who may: the room goes by all three, whatever is sent.
    ``station`` is where the court has them just now (the waiting room, the courtroom, a room
    aside); who sees and hears whom goes by it, and it is their role where nothing else is said.
    ``seats`` and ``screens`` say whom the pairs of slots show, and whose screen.

    ``say`` queues a message for the client; ``hang_up`` ends its socket after what is queued.
    """

    def __init__(
        self,
        who: Ticket,
        connection_id: str,
        media: Media,
        answer: str,
        *,
        pairs: int,
        say: Callable[[Message], None],
        hang_up: Callable[[], None],
    ) -> None:
        self.who = who
        self.connection_id = connection_id
        self.media = media
        self.answer = answer
        self.station = who.role
        self.muted = self.silenced = False
        self.camera = True
        self.screen = False
        self.pinned: tuple[str, ...] = ()
        self.tiles: dict[str, Size] = {}
        self.pairs = 1 + max((g.slot.pair for g in media.legs), default=-1)
        self.seats: Seats = (None,) * min(pairs, self.pairs)
        self.screens: Seats = ()
        self.tally = Tally()
        self.left: Left | None = None
        self.noting: asyncio.Future[None] | None = None
        self._welcome = False
        self._say = say
        self._hang_up = hang_up
        self._slots: Message = {}
        self._quality = (False, "")

    @property
    def person_id(self) -> str:
        """Whose connection this is."""
        return self.who.person_id

    @property
    def role(self) -> str:
        """As what they are here."""
        return self.who.role

    def speaks(self, now: float) -> bool:
        """Whether their microphone carries speech now."""
        feed = self.media.feeds.get(Source.MICROPHONE)
        return feed is not None and self.audible and feed.track.loudness(now) < LOUD_DBOV

    @property
    def audible(self) -> bool:
        """Whether their microphone is on, and nobody switched it off for them."""
        return not self.muted and not self.silenced

    @property
    def shared(self) -> Feed | None:
        """Their screen, while they share it."""
        return self.media.feeds.get(Source.SCREEN) if self.screen else None

    def shown(self, kind: Kind) -> Feed | None:
        """What of theirs fills a slot of this kind: a shared screen goes before the camera."""
        if kind is Kind.AUDIO:
            return self.media.feeds.get(Source.MICROPHONE)
        return self.shared or self.media.feeds.get(Source.CAMERA)

    def legs(self, pair: int) -> list[Leg]:
        """The slots of one pair."""
        return [leg for leg in self.media.legs if leg.slot.pair == pair]

    def welcome(self, message: Message) -> None:
        """Say the first word; nothing is said before it."""
        self._welcome = True
        self._slots = message["slots"]
        self._say(message)

    def tell(self, message: Message) -> None:
        """Say something, unless they have not been welcomed yet or are gone."""
        if self._welcome and self.left is None:
            self._say(message)

    def tell_slots(self, slots: Message) -> None:
        """Say who is in which slot, if that is news."""
        if slots != self._slots:
            self._slots = slots
            self.tell({"type": "slots", "slots": slots})

    def tell_quality(self, target_bps: int, *, always: bool = False) -> None:
        """Say what the line allows, if that is news."""
        line = self.media.line
        audio_only, reason = line.audio_only, line.reason.value
        if (audio_only, reason) == self._quality and not always:
            return
        self._quality = (audio_only, reason)
        self.tell(messages.quality(audio_only=audio_only, reason=reason, target_bps=target_bps))

    def part(self, reason: Left, detail: str = "") -> None:
        """Say why, and hang up; once."""
        if self.left is not None:
            return
        self.left = reason
        self._say(messages.closed(reason.value, detail, rejoin=reason in MAY_REJOIN))
        self._hang_up()

    def card(self) -> Message:
        """This person as the others see them."""
        return {
            "id": self.person_id,
            "name": self.who.name,
            "role": self.role,
            "station": self.station,
            "label": self.who.label,
            "muted": not self.audible,
            "silenced": self.silenced,
            "camera": self.camera,
            "screen": self.screen,
            "speaking": self.speaks(clock.monotonic()),
            "connected": self.media.connected,
        }
