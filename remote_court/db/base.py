"""What every table shares: named constraints, aware instants, one id space for resources."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, MetaData, Sequence, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

from remote_court.db.types import Instant

NAMES = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


class Base(DeclarativeBase):
    """The declarative base of every entity."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant,
        int: BigInteger,
        str: Text,
        dict[str, Any]: JSONB,
    }


RESOURCE_ID = Sequence("resource_id_seq", start=1000, metadata=Base.metadata)
"""Offices, prisons, rooms, booths and people draw their ids from one space.

So that a reservation names whatever is taken by one number.
"""
