"""What this room asks of others: words for a letter, and somebody who carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from remote_court.errors import CourtError
from remote_court.notices.messages import MessageKind
from remote_court.people import Channel, Gender


class Occasion(Protocol):
    """The session a letter speaks of, as its kind knows it (see `occasions`)."""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""

    @property
    def stands(self) -> bool:
        """Whether its people are expected then."""


@runtime_checkable
class Summons(Occasion, Protocol):
    """A session with whose dates a court serves people."""

    @property
    def court_id(self) -> int:
        """The branch whose clerk and judge answer for the service."""

    def tells(self, occasion: str, date_no: int) -> bool:
        """Whether a notice of this occasion and date still says what is so."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is told. ``mobile`` is in E.164, none when no number is known."""

    id: int
    name: str = field(repr=False)
    gender: Gender
    locale: str
    mobile: str | None = field(repr=False)
    channel: Channel = Channel.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A letter that must be written: whom, of what, and what its writer left for it."""

    outbox_id: int
    kind: MessageKind
    to: Addressee
    session_id: int | None
    occasion: Occasion | None
    params: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """A letter in somebody's language: for the inbox, and ``short`` for a telephone.

    A telephone lies about and is looked at by others: the short text names no person.
    """

    subject: str
    body: str
    short: str


class Unwritable(CourtError):
    """There are no words for this letter: its kind or its parameters are not known here."""


class Renderer(Protocol):
    """Finds words; implemented at the edge, by templates."""

    def render(self, due: Due, locale: str) -> Letter:
        """Write a letter.

        Raises:
            Unwritable: it cannot be written as it is.
        """


class CarrierFailed(CourtError):
    """The carrier did not take the letter.

    Its text goes to logs and to the operator: never a number, a name or a code.
    """

    def __init__(self, why: str, *, permanent: bool = False) -> None:
        super().__init__(why)
        self.permanent = permanent


class Carrier(Protocol):
    """Brings a short text to a telephone. A text carried so is a reminder, never service."""

    @property
    def name(self) -> str:
        """How the record names it."""

    async def send(self, to: str, text: str, reference: str, channel: Channel) -> str:
        """Hand a text over; returns the carrier's receipt.

        Args:
            to: the number, in E.164.
            text: what the telephone shows, or a voice reads.
            channel: which of the two.
            reference: the same for the same letter, however often it is tried; a carrier that
                knows it already sends nothing.

        Raises:
            CarrierFailed: ``permanent`` when trying again is in vain.
        """

    async def close(self) -> None:
        """Give back what it holds; nothing is sent after that."""
