"""What video asks of the court, and what it tells it. ``app.py`` binds these to ``calls``.

Every call is idempotent per (session, person, connection): the same arrival told twice is one
arrival. None is made while a packet waits. Passing troubles (a database that is away for a
moment) are the binder's to retry: ``left``, ``statistics``, ``recorded`` and ``load`` must not
raise for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from remote_court.video.permissions import Permissions


class State(StrEnum):
    """Where a call stands; media flows only while it is live."""

    WAITING = "waiting"
    LIVE = "live"
    PAUSED = "paused"
    CLOSED = "closed"


class Verb(StrEnum):
    """What a person in the room may ask of the court."""

    PAUSE = "pause"
    RESUME = "resume"
    END = "end"
    EXTEND = "extend"
    RECORD = "record"
    STOP_RECORDING = "stop_recording"
    HELP = "help"
    MUTE = "mute"


class Left(StrEnum):
    """Why a connection ended."""

    LEFT = "left"
    LOST = "lost"
    DISPLACED = "displaced"
    EXPELLED = "expelled"
    ENDED = "ended"
    SHUTDOWN = "shutdown"


@dataclass(frozen=True, slots=True)
class CallState:
    """The court's word on a call. ``revision`` grows; an older one is ignored.

    ``recording`` names the recording that the court has ordered; empty: none runs. ``stations``
    say where the court has sent a person; the table of who sees and hears whom goes by them.
    ``withdrawn`` are entries that are void, whatever the revision: who is in by one goes.
    """

    state: State
    starts_at: datetime
    ends_at: datetime
    reason: str = ""
    revision: int = 0
    recording: str = ""
    stations: Mapping[str, str] = field(default_factory=dict)
    withdrawn: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a room must know before anybody enters.

    ``kind`` is shown to clients and means nothing here (``family``, ``lawyer``, ``hearing`` …).
    ``grace`` is how long after the end a resume token still reads. ``slots`` says how many
    others one of a role may see at once; a role that is not in it may not enter.
    ``headcount`` is how many persons may be in the room at once; ``silenced`` whose microphones
    stay off until somebody who may switches them on. ``verbs`` says which controls
    to show to a role; whether one is granted, ``Court.asked`` decides each time.
    ``entrances`` is the station at which a role comes in (its own name, if it is not there), and
    ``unrecorded`` are stations that no recording ever takes.
    """

    session_id: str
    kind: str
    state: State
    starts_at: datetime
    ends_at: datetime
    grace: timedelta
    permissions: Permissions
    slots: Mapping[str, int]
    headcount: int
    silenced: frozenset[str] = frozenset()
    verbs: Mapping[str, frozenset[Verb]] = field(default_factory=dict)
    reason: str = ""
    revision: int = 0
    recording: str = ""
    stations: Mapping[str, str] = field(default_factory=dict)
    entrances: Mapping[str, str] = field(default_factory=dict)
    unrecorded: frozenset[str] = frozenset()

    @property
    def call_state(self) -> CallState:
        """The changing part."""
        return CallState(
            self.state,
            self.starts_at,
            self.ends_at,
            self.reason,
            self.revision,
            self.recording,
            self.stations,
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """What a connection looked like, as its client saw it over the last seconds.

    ``freezes`` and ``frozen_ms`` count pictures that stood still since it was made, and for how
    long; ``extra`` sums all its readings up (see ``tally``).
    """

    rtt_ms: float | None = None
    loss_ratio: float | None = None
    jitter_ms: float | None = None
    received_bps: float | None = None
    sent_bps: float | None = None
    frames_decoded: int | None = None
    freezes: int | None = None
    frozen_ms: float | None = None
    audio_only: bool = False
    extra: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Load:
    """How busy a worker is; ``cpu_share`` is the part of one core it used of late."""

    rooms: int = 0
    peers: int = 0
    packets_per_s: int = 0
    cpu_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Growth:
    """How a recording does on this worker.

    ``octets`` are on disk since the worker began it, ``lost`` packets it could not take.
    ``failing``: it should run and does not grow; ``trouble`` is what the system said.
    """

    recording: str
    octets: int
    lost: int
    failing: bool
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """Whose connection is in: in which call, as what, since when, by their ticket's entry."""

    session_id: str
    person_id: str
    role: str
    connection_id: str
    entry: str
    at: datetime


class Court(Protocol):
    """The court as the media plane sees it."""

    async def plan(self, session_id: str) -> Plan:
        """The plan of a call; raises a Refusal (NotFound …) when there is none to enter."""

    async def arrived(self, who: Entrant) -> CallState:
        """A person's connection is in, by an entry that their ticket names.

        The answer may open the call. A Refusal bars them: that the entry was withdrawn, too.
        """

    async def left(
        self, session_id: str, person_id: str, connection_id: str, at: datetime, reason: Left
    ) -> None:
        """A connection ended."""

    async def asked(
        self,
        session_id: str,
        person_id: str,
        role: str,
        verb: Verb,
        args: Mapping[str, str | int],
    ) -> CallState | None:
        """A person asks for something; a Refusal says why not.

        ``args``: pause, end and record carry ``reason``; extend carries ``minutes``; help ``text``;
        mute ``person`` and ``muted``.
        The returned state, if any, is applied to the room at once.
        """

    async def statistics(self, session_id: str, person_id: str, figures: Figures) -> None:
        """Figures of one connection, every few seconds."""

    async def recorded(self, session_id: str, growth: Growth) -> None:
        """How the recording of a call does, every few seconds and when it begins to fail."""

    async def load(self, worker_id: str, load: Load) -> bool:
        """This worker lives and carries this much; told every few seconds.

        Returns whether it may go: it is drained, and nobody whom it should wait for is left.
        """
