"""A judicial electronic-service office: the pool of its rooms."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Float, ForeignKey, String
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import RESOURCE_ID, Base, words
from remote_court.text import normalise


class OfficeKind(StrEnum):
    """Where an office stands."""

    FIXED = "fixed"
    MOBILE = "mobile"
    IN_PRISON = "in_prison"


SEARCHED = ("name_fa", "name_en", "city_fa", "city_en", "address_fa", "address_en", "code")


def search_key(office: Mapping[str, Any]) -> str:
    """The text in which an office is searched: its names, cities, addresses and code."""
    return normalise(" ".join(office[name] for name in SEARCHED))


def _search_key(context: DefaultExecutionContext) -> str:
    return search_key(context.get_current_parameters())  # type: ignore[no-untyped-call]


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
    search_key: Mapped[str] = mapped_column(default=_search_key)
