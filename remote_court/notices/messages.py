"""A message to a person: what their inbox page shows, and what the carrier was given."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, words


class MessageKind(StrEnum):
    """What a message tells."""

    BOOKED = "booked"
    REQUESTED = "requested"
    MOVED = "moved"
    DISPLACED = "displaced"
    CANCELLED = "cancelled"
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"
    MISSED = "missed"
    REMINDER = "reminder"
    LISTED = "listed"
    CONFIRMED = "confirmed"
    ADJOURNED = "adjourned"
    LATE = "late"
    MINUTES = "minutes"
    NOTICE = "notice"
    ACCOUNT = "account"
    CODE = "code"


class Arrival(StrEnum):
    """What became of a text at the telephone, as its carrier says later."""

    DELIVERED = "delivered"
    FAILED = "failed"


class Message(Base):
    """A rendered message in the person's language; a notice is in Persian.

    ``reference`` names what is told, so that it is told once: the letter's row, or for a
    reminder the session, its start and how long before; the carrier is given it too.
    ``outbox_id`` is the row that a sweep wrote the message for. ``english`` is the copy of a
    notice for somebody who reads English. ``arrival`` is the telephone's, and never service.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("message_person_id_idx", "person_id", "id"),
        Index("message_unread_idx", "person_id", postgresql_where=text("read_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"))
    kind: Mapped[MessageKind] = mapped_column(words(MessageKind, "kind"))
    locale: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str]
    body: Mapped[str]
    english: Mapped[str | None]
    created_at: Mapped[datetime]
    reference: Mapped[str | None] = mapped_column(unique=True)
    outbox_id: Mapped[int | None]
    carrier: Mapped[str | None]
    carrier_reference: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    arrival: Mapped[Arrival | None] = mapped_column(words(Arrival, "arrival"))
    arrived_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
