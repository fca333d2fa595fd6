"""Kinds of session register here what their calls are like; this room knows none by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calendars.interval import Interval
from remote_court.errors import NotFound
from remote_court.people import Actor

Pairs = frozenset[tuple[str, str]]
"""Stations as ``(receiver, sender)``; who was sent nowhere stands where their role does."""


@dataclass(frozen=True, slots=True)
class PairedDevice:
    """A device that speaks for the room or booth it stands in."""

    id: int
    unit_id: int


Asker = Actor | PairedDevice
"""Who asks to enter: somebody signed in, or a device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """As whom somebody enters. ``place_id`` is where they are, for the record."""

    person_id: int
    role: str
    name: str
    label: str
    place_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a kind says of one session's call.

    ``kind`` is the word shown to clients; ``told`` what people were told; ``latest_end`` until
    when its places are reserved. It opens when each of ``required`` is in. ``extend_rule`` is
    the policy key a refused extension cites; ``channels`` are who watches for changes.

    ``entrances`` are the stations at which roles come in, where that is not the room itself, and
    ``unrecorded`` those that no recording takes; ``hears`` and ``sees`` speak of stations too.
    A call that does not ``open_itself`` waits until somebody who may opens it.
    """

    kind: str
    told: Interval
    latest_end: datetime
    opens_before: timedelta
    grace: timedelta
    extend_max: timedelta
    extend_rule: str
    required: frozenset[str]
    hears: Pairs
    sees: Pairs
    slots: Mapping[str, int]
    headcount: int
    verbs: Mapping[str, frozenset[str]]
    channels: tuple[str, ...] = ()
    entrances: Mapping[str, str] = field(default_factory=dict)
    unrecorded: frozenset[str] = frozenset()
    opens_itself: bool = True

    @property
    def opens_at(self) -> datetime:
        """From when one may enter the waiting room."""
        return self.told.start - self.opens_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a call.

    ``absent`` are the required roles that never came; ``lost`` by cause, the largest first.
    """

    opened: bool
    absent: frozenset[str]
    lost: timedelta
    causes: Mapping[str, timedelta] = field(default_factory=dict)

    @property
    def cause(self) -> str | None:
        """What cost the most time, if any was lost."""
        return next(iter(self.causes), None) if self.lost else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signboard:
    """What a page says of a call above its pictures; names by language.

    ``home`` is the page a role goes back to when it is over.
    """

    who: str
    place: Mapping[str, str]
    room: Mapping[str, str]
    supervised: bool
    home: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRight:
    """In which role, and where, somebody may have a call recorded; how long that is kept."""

    role: str
    place_id: int | None
    keep: timedelta


class Rules(Protocol):
    """What a kind of session decides about its calls."""

    @property
    def expected(self) -> frozenset[str]:
        """Statuses of the session in which its call may be entered."""

    async def frame(self, session: AsyncSession, session_id: int) -> Frame:
        """What this session's call is like; NotFound when there is no such session."""

    async def admit(
        self, session: AsyncSession, asker: Asker, as_: str, session_id: int
    ) -> Admission:
        """Whether somebody may enter in a role; a Refusal says why not."""

    async def roles(self, session: AsyncSession, asker: Asker, session_id: int) -> tuple[str, ...]:
        """Roles in which somebody may ever enter, the usual one first; none: a Refusal."""

    async def signboard(self, session: AsyncSession, session_id: int) -> Signboard:
        """What a page says of the call."""

    async def supervise(
        self, session: AsyncSession, actor: Actor, session_id: int
    ) -> tuple[str, int | None]:
        """In which role, and where, somebody may pause, extend and end; else a Refusal."""

    async def recording(
        self, session: AsyncSession, actor: Actor, session_id: int
    ) -> RecordingRight:
        """Whether somebody may have this call recorded; a Refusal says why not."""

    async def opened(self, session: AsyncSession, session_id: int, now: datetime) -> None:
        """Everybody needed is in: the session is under way."""

    async def closed(
        self, session: AsyncSession, session_id: int, outcome: Outcome, now: datetime
    ) -> None:
        """The call is over: the session gets its last state."""


KINDS: dict[str, Rules] = {}


def register(kind: str, rules: Rules) -> None:
    """Say what calls of a kind of session are like; saying it again replaces it."""
    KINDS[kind] = rules


def rules_for(kind: str) -> Rules:
    """The rules of a kind.

    Raises:
        NotFound: sessions of this kind have no calls.
    """
    try:
        return KINDS[kind]
    except KeyError:
        raise NotFound from None
