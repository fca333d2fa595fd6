"""The 31 provinces."""

from __future__ import annotations

from sqlalchemy import Float, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base


class Province(Base):
    """A province, by its ISO 3166-2:IR number."""

    __tablename__ = "province"

    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    name_fa: Mapped[str]
    name_en: Mapped[str]
    capital_fa: Mapped[str]
    capital_en: Mapped[str]
    population: Mapped[int] = mapped_column(Integer)
    lat: Mapped[float] = mapped_column(Float)
    lon: Mapped[float] = mapped_column(Float)
