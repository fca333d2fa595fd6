"""The minutes of a sitting, who signs them, and the keys they sign with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, words
from remote_court.hearings.minutes.order import Method, Part


class Minutes(Base):
    """What the clerk writes of a sitting (same id); ``document`` is the PDF once it is frozen.

    ``sections`` are texts by section; ``roll`` says of each person, by id, whether they were
    present, how their identity was verified, and whether the minutes are read aloud to them.
    ``revision`` grows with every saving. ``completed_at``: nobody is awaited any more.
    """

    __tablename__ = "minutes"
    __table_args__ = (
        CheckConstraint(
            "(document IS NULL) = (sha256 IS NULL) AND (document IS NULL) = (frozen_at IS NULL)",
            name="frozen",
        ),
    )

    hearing_id: Mapped[int] = mapped_column(
        ForeignKey("hearing.id"), primary_key=True, autoincrement=False
    )
    revision: Mapped[int] = mapped_column(server_default="1")
    sections: Mapped[dict[str, Any]]
    roll: Mapped[dict[str, Any]]
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    document: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str | None] = mapped_column(String(64))
    frozen_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    frozen_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]


class MinutesSigner(Base):
    """Somebody who is to sign, and what they did: nothing yet, signed, or refused.

    ``part`` is as what they sign, ``role`` what they were in the sitting. ``by_id`` is whose key
    signed or who wrote the refusal down; ``place_id`` is the prison that confirms a fingerprint.
    """

    __tablename__ = "minutes_signer"
    __table_args__ = (
        Index("minutes_signer_person_key", "hearing_id", "person_id", unique=True),
        CheckConstraint("signed_at IS NULL OR refused_at IS NULL", name="one_act"),
        CheckConstraint("(signed_at IS NULL) = (signature IS NULL)", name="signature"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    hearing_id: Mapped[int] = mapped_column(ForeignKey("minutes.hearing_id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    part: Mapped[Part] = mapped_column(words(Part, "part"))
    role: Mapped[str]
    method: Mapped[Method] = mapped_column(words(Method, "method"))
    place_id: Mapped[int | None]
    signed_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str | None] = mapped_column(String(16))
    signature: Mapped[str | None] = mapped_column(String(128))
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary)

    @property
    def is_done(self) -> bool:
        """Whether nobody waits for them any more."""
        return self.signed_at is not None or self.refused_at is not None


class SignerKey(Base):
    """The key with which somebody signs: the public half, and the secret one wrapped.

    ``master`` names the key that wraps it, which is in the settings and not here.
    """

    __tablename__ = "signer_key"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    public: Mapped[bytes] = mapped_column(LargeBinary)
    wrapped: Mapped[str]
    master: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[datetime]
