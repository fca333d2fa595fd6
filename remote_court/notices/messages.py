"""A message to a person: what their inbox page shows, and what the carrier was given."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String
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
    REMINDER = "reminder"
    ACCOUNT = "account"
    CODE = "code"


class Message(Base):
    """A rendered message in the person's language."""

    __tablename__ = "message"
    __table_args__ = (Index("message_person_id_idx", "person_id", "created_at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id"))
    kind: Mapped[MessageKind] = mapped_column(words(MessageKind, "kind"))
    locale: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    carrier: Mapped[str | None]
    carrier_reference: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
