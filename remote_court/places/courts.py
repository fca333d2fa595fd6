"""Court complexes and their branches."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import RESOURCE_ID, Base


class CourtComplex(Base):
    """A building (mojtama) with branches of a judicial district."""

    __tablename__ = "court_complex"

    id: Mapped[int] = mapped_column(
        BigInteger, RESOURCE_ID, server_default=RESOURCE_ID.next_value(), primary_key=True
    )
    name_fa: Mapped[str]
    name_en: Mapped[str]
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    city_fa: Mapped[str]
    city_en: Mapped[str]


class Branch(Base):
    """A branch (sho'be) of a court."""

    __tablename__ = "branch"

    id: Mapped[int] = mapped_column(
        BigInteger, RESOURCE_ID, server_default=RESOURCE_ID.next_value(), primary_key=True
    )
    complex_id: Mapped[int] = mapped_column(ForeignKey("court_complex.id"), index=True)
    forum: Mapped[str]
    number: Mapped[int]
