"""A prison: the pool of its booths."""

from __future__ import annotations

from sqlalchemy import BigInteger, Float, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import RESOURCE_ID, Base


class Prison(Base):
    """A penal institution with booths for video visits."""

    __tablename__ = "prison"

    id: Mapped[int] = mapped_column(
        BigInteger, RESOURCE_ID, server_default=RESOURCE_ID.next_value(), primary_key=True
    )
    code: Mapped[str] = mapped_column(unique=True)
    name_fa: Mapped[str]
    name_en: Mapped[str]
    province_code: Mapped[str] = mapped_column(ForeignKey("province.code"), index=True)
    city_fa: Mapped[str]
    city_en: Mapped[str]
    lat: Mapped[float] = mapped_column(Float)
    lon: Mapped[float] = mapped_column(Float)
    in_service: Mapped[bool] = mapped_column(server_default="true")
