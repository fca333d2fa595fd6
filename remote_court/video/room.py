"""A call's room: who is in it, and what happens to all of them at once.

Guards come first; people leave by identity (a newer connection of the same person stays); it
closes once, and everybody in it hears why.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from remote_court import clock
from remote_court.recording.recorder import Recorder
from remote_court.tickets import Ticket, TicketRevoked
from remote_court.video import messages, wiring
from remote_court.video.messages import Message
from remote_court.video.peer import Peer
from remote_court.video.ports import CallState, Left, Plan, State, Verb
from remote_court.video.refusals import CallClosed, RoleUnknown, RoomFull
from remote_court.video.taping import Taping

SPEAKERS_KEPT = 16
AWAY = 8.0
"""Seconds for which somebody who lost the line is waited for."""


class Room:
    """The people of one session on this worker.

    ``on_end_moved`` is called for each person when the end moves, to renew their token;
    ``on_closed`` once.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        on_end_moved: Callable[[Room, Peer], None],
        on_closed: Callable[[Room], None],
        recorder: Recorder | None = None,
    ) -> None:
        self.plan = plan
        self.call = plan.call_state
        self.peers: dict[str, Peer] = {}
        self._withdrawn: frozenset[str] = frozenset()
        self.silenced = set(plan.silenced)
        self.taping = Taping(plan.session_id, recorder, plan.unrecorded)
        self._on_end_moved = on_end_moved
        self._on_closed = on_closed
        self._spoke: list[str] = []
        self._speaking: frozenset[str] = frozenset()
        self._timer: asyncio.TimerHandle | None = None
        self._set_timer()

    @property
    def live(self) -> bool:
        """Whether sound and pictures flow."""
        return self.call.state is State.LIVE

    @property
    def closed(self) -> bool:
        """Whether it is over."""
        return self.call.state is State.CLOSED

    @property
    def tokens_end(self) -> datetime:
        """Until when a resume token given now shall read."""
        return self.call.ends_at + self.plan.grace

    def guard(self, who: Ticket) -> None:
        """Refuse who may not come in."""
        if self.closed:
            raise CallClosed(self.call.reason)
        if who.entry in self._withdrawn:
            raise TicketRevoked
        if who.role not in self.plan.slots:
            raise RoleUnknown
        if who.person_id not in self.peers and len(self.peers) >= self.plan.headcount:
            raise RoomFull

    def enter(self, peer: Peer) -> None:
        """Let somebody in who passed the guard; an older connection of theirs is displaced."""
        older = self.peers.get(peer.person_id)
        peer.silenced = peer.person_id in self.silenced
        wiring.send_to(peer, self.station_of(peer), clock.monotonic())
        self.peers[peer.person_id] = peer
        if older is not None:
            peer.media.line.remember(older.media.line)
            older.part(Left.DISPLACED)
            wiring.release(older, clock.monotonic())

    def station_of(self, peer: Peer) -> str:
        """Where somebody belongs: where the court sent them, else where their role comes in."""
        sent = self.call.stations.get(peer.person_id)
        return sent or self.plan.entrances.get(peer.role, peer.role)

    def leave(self, peer: Peer) -> None:
        """Let a connection go; does nothing to a newer one of the same person.

        Who lost the line keeps their place in everybody's slots for as long as coming back takes.
        """
        wiring.release(peer, clock.monotonic())
        peer.media.connected = False
        if self.peers.get(peer.person_id) is not peer:
            return
        if peer.left is Left.LOST and not self.closed:
            asyncio.get_running_loop().call_later(AWAY, self._give_up, peer)
        else:
            del self.peers[peer.person_id]
        self.rewire()
        self.tell_people()

    def _give_up(self, peer: Peer) -> None:
        """Wait no longer for somebody who lost the line, unless they are back."""
        if self.peers.get(peer.person_id) is peer:
            del self.peers[peer.person_id]
            self.rewire()
            self.tell_people()

    @property
    def present(self) -> int:
        """How many are connected; those who lost the line a moment ago are not."""
        return sum(peer.left is None for peer in self.peers.values())

    def withdraw(self, entries: frozenset[str]) -> None:
        """Send out who is in by one of these entries; no token of theirs is good any more."""
        self._withdrawn |= entries
        for peer in tuple(self.peers.values()):
            if peer.who.entry in entries:
                peer.part(Left.EXPELLED)

    def silence(self, person_id: str, *, muted: bool) -> None:
        """Switch somebody's microphone off or on for them, also after they come back."""
        (self.silenced.add if muted else self.silenced.discard)(person_id)
        if peer := self.peers.get(person_id):
            peer.silenced = muted
            self.rewire()
            peer.tell({"type": "silenced", "silenced": muted})
            self.tell_people()

    def apply(self, call: CallState) -> None:
        """Take the court's word; an older word than the last is ignored."""
        self.withdraw(call.withdrawn)
        if self.closed or call.revision < self.call.revision or call == self.call:
            return
        if call.state is State.CLOSED:
            self.close(call.reason, call)
            return
        moved = call.ends_at != self.call.ends_at
        self.call = call
        sent = self._send_to_stations()
        self.rewire()
        for peer in self.peers.values():
            peer.tell(messages.state_changed(call, clock.now()))
            if moved:
                self._on_end_moved(self, peer)
        if moved:
            self._set_timer()
        if sent:
            self.tell_people()

    def _send_to_stations(self) -> bool:
        """Send everybody where the court has them; whether anybody had to go."""
        now, sent = clock.monotonic(), False
        for peer in self.peers.values():
            if peer.station != (station := self.station_of(peer)):
                wiring.send_to(peer, station, now)
                peer.tell({"type": "station", "station": station})
                sent = True
        return sent

    def close(self, reason: str, call: CallState | None = None, left: Left = Left.ENDED) -> None:
        """End the call for everybody; once."""
        if self.closed:
            return
        last = call or self.call
        self.call = CallState(State.CLOSED, last.starts_at, last.ends_at, reason, last.revision)
        if self._timer is not None:
            self._timer.cancel()
        self.rewire()
        for peer in tuple(self.peers.values()):
            if left is Left.ENDED:
                peer.tell(messages.state_changed(self.call, clock.now()))
            peer.part(left, reason)
        self._on_closed(self)

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        wait = max(timedelta(), self.call.ends_at - clock.now()).total_seconds()
        self._timer = asyncio.get_running_loop().call_later(wait, self._time_is_up)

    def _time_is_up(self) -> None:
        if clock.now() < self.call.ends_at:
            self._set_timer()
        else:
            self.close("time")

    def rewire(self) -> None:
        """Bring slots and routes in line with who is here and what the court allows."""
        now, table, people = clock.monotonic(), self.plan.permissions, self.peers
        order = tuple(people.values())
        for peer in order:
            wiring.open_ears(peer, table, live=self.live)
        for viewer in order:
            wiring.seat(viewer, order, table, self._spoke)
            wiring.connect(viewer, people, table, now, live=self.live)
            viewer.tell_slots(wiring.slot_map(viewer, people, table))
        if self.taping.follow(self.call, order, now):
            self._tell_recording()

    def slots_of(self, viewer: Peer) -> Message:
        """A viewer's slots, for the first message."""
        return wiring.slot_map(viewer, self.peers, self.plan.permissions)

    def others(self, peer: Peer) -> list[Message]:
        """Everybody else, as this person sees them."""
        return [p.card() for p in self.peers.values() if p is not peer]

    def tell_people(self) -> None:
        """Tell everybody who is here."""
        for peer in self.peers.values():
            peer.tell({"type": "people", "people": self.others(peer)})

    def call_for_help(self, peer: Peer, words: str) -> None:
        """Tell those who could end the call that somebody needs them."""
        for other in self.peers.values():
            if other is not peer and Verb.END in self.plan.verbs.get(other.role, ()):
                other.tell({"type": "help", "person": peer.person_id, "text": words})

    def listen(self, now: float) -> None:
        """A few times a second: who speaks, and which layers are there.

        Who spoke last comes first where there are too few slots.
        """
        self.taping.listen()
        layered = [peer.media.watch(now) for peer in self.peers.values()]
        if any(layered):
            self.rewire()
        speaking = frozenset(p.person_id for p in self.peers.values() if p.speaks(now))
        if speaking != self._speaking:
            self._speaking, fresh = speaking, speaking - self._speaking
            self._spoke = [*sorted(fresh), *(p for p in self._spoke if p not in fresh)]
            del self._spoke[SPEAKERS_KEPT:]
            self._tell_speaking()

    def _tell_recording(self) -> None:
        for peer in self.peers.values():
            peer.tell(self.taping.message)

    def _tell_speaking(self) -> None:
        table, crowded = self.plan.permissions, False
        for viewer in self.peers.values():
            heard = [
                p.person_id
                for p in self.peers.values()
                if p.person_id in self._speaking and table.may_hear(viewer.station, p.station)
            ]
            viewer.tell(messages.speaking(heard))
            crowded = crowded or len(viewer.seats) < len(self.peers) - 1
        if crowded:
            self.rewire()

    def second(self, now: float) -> None:
        """Once a second: reports to senders, and a verdict on each line."""
        if self.taping.second(now):
            self._tell_recording()
        changed, limits = False, []
        for peer in tuple(self.peers.values()):
            if peer.media.lost(now):
                peer.part(Left.LOST, "media")
            limits.append((peer, wiring.ceiling_of(peer, self.peers.values())))
            changed = peer.media.second(now, limits[-1][1]) or changed
        if changed:
            self.rewire()
        for peer, limit in limits:
            peer.tell_quality(limit)
