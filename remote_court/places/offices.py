"""A judicial electronic-service office: the pool of its rooms."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import RESOURCE_ID, Base, words


class OfficeKind(StrEnum):
    """Where an office stands."""

    FIXED = "fixed"
    MOBILE = "mobile"
    IN_PRISON = "in_prison"


class Office(Base):
    """An office that families and parties come to."""

    __tablename__ = "office"

    id: Mapped[int] = mapped_column(
        BigInteger, RESOURCE_ID, server_default=RESOURCE_ID.next_value(), primary_key=True
    )
    code: Mapped[str] = mapped_column(unique=True)
    name_fa: Mapped[str]
    name_en: Mapped[str]
    kind: Mapped[OfficeKind] = mapped_column(words(OfficeKind, "kind"))
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    city_fa: Mapped[str]
    city_en: Mapped[str]
    address_fa: Mapped[str]
    address_en: Mapped[str]
    phone: Mapped[str] = mapped_column(String(16))
    lat: Mapped[float] = mapped_column(Float)
    lon: Mapped[float] = mapped_column(Float)
    in_service: Mapped[bool] = mapped_column(server_default="true")
