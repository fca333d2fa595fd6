"""A room of an office or a booth of a prison: what a session actually sits in."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, Index
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import RESOURCE_ID, Base, words


class UnitKind(StrEnum):
    """Rooms stand in offices, booths in prisons."""

    ROOM = "room"
    BOOTH = "booth"


class Unit(Base):
    """One unit of a pool (``pool_id`` is the office's or the prison's id).

    ``features`` are plain words a wish may ask for, such as ``step_free`` (see ``features.py``).
    """

    __tablename__ = "unit"
    __table_args__ = (Index("unit_pool_number_key", "pool_id", "number", unique=True),)

    id: Mapped[int] = mapped_column(
        BigInteger, RESOURCE_ID, server_default=RESOURCE_ID.next_value(), primary_key=True
    )
    kind: Mapped[UnitKind] = mapped_column(words(UnitKind, "kind"))
    pool_id: Mapped[int]
    number: Mapped[int]
    name_fa: Mapped[str]
    name_en: Mapped[str]
    features: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default="{}")
    in_service: Mapped[bool] = mapped_column(server_default="true")
    out_of_service_reason: Mapped[str | None]
