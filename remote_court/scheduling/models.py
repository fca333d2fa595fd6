"""Sessions and the reservations that hold their places."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base


class Session(Base):
    """One interval that occupies resources: a visit, a hearing, or a block of a room.

    ``status`` is a word of the kind's own table of states; the engine looks at none of them.
    ``starts_at`` and ``ends_at`` are what people are told; reservations may last longer.
    A session whose ``hold_until`` has passed holds nothing any more.
    """

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("session_kind_starts_at_idx", "kind", "starts_at"),
        Index(
            "session_hold_until_idx", "hold_until", postgresql_where=text("hold_until IS NOT NULL")
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str]
    status: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    hold_until: Mapped[datetime | None]
    created_by: Mapped[int | None]
    created_at: Mapped[datetime]


class Reservation(Base):
    """A resource is taken by a session for a half-open interval, and by nothing else then."""

    __tablename__ = "reservation"
    __table_args__ = (
        ExcludeConstraint(
            ("resource_id", "="), ("during", "&&"), name="reservation_no_overlap", using="gist"
        ),
    )

    session_id: Mapped[int] = mapped_column(
        ForeignKey("session.id", ondelete="CASCADE"), primary_key=True
    )
    resource_id: Mapped[int] = mapped_column(primary_key=True)
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
