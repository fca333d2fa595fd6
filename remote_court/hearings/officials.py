"""Interpreters, sign interpreters and experts: people a court may call, with what they know."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, words


class OfficialKind(StrEnum):
    """As what somebody is called."""

    INTERPRETER = "interpreter"
    SIGN_INTERPRETER = "sign_interpreter"
    EXPERT = "expert"


class Official(Base):
    """A licence to interpret or to give expert opinion; its holder is a resource like any person.

    ``languages`` are ISO 639 codes, ``fields`` an expert's words for what they know;
    ``provinces`` are codes of where they may be called, empty: everywhere.
    """

    __tablename__ = "official"
    __table_args__ = (
        Index("official_licence_key", "kind", "licence", unique=True),
        Index("official_person_id_idx", "person_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[OfficialKind] = mapped_column(words(OfficialKind, "kind"))
    licence: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    provinces: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    valid_to: Mapped[date | None]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
