"""A recipient says that a notice could not reach them; a judge decides whether that is proved.

Source:
    1395 bylaw, art. 13, note 1.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base


class Rebuttal(Base):
    """What was said against the service of one notice, and what the judge held of it.

    A notice has one that is not decided yet at most.
    """

    __tablename__ = "service_rebuttal"
    __table_args__ = (
        CheckConstraint("num_nonnulls(decided_by, decided_at, accepted) IN (0, 3)", name="decided"),
        Index("service_rebuttal_notice_id_idx", "notice_id"),
        Index(
            "service_rebuttal_open_key",
            "notice_id",
            unique=True,
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    said: Mapped[str]
    said_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[datetime]
    accepted: Mapped[bool | None]
    decision: Mapped[str | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
