"""A human being, by national ID or, for foreigners, by FIDA code."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import RESOURCE_ID, Base, words


class Gender(StrEnum):
    """As the identity document says; gender days of prisons ask for it."""

    FEMALE = "female"
    MALE = "male"


class Channel(StrEnum):
    """By what a telephone is reached: a written text, or a voice that reads it."""

    TEXT = "text"
    VOICE = "voice"


class Person(Base):
    """A person; also a resource that can be in one session at a time."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("num_nonnulls(national_id, fida_code) = 1", name="one_identifier"),
        CheckConstraint("national_id ~ '^[0-9]{10}$'", name="national_id"),
        CheckConstraint("fida_code ~ '^[0-9]{12}$'", name="fida_code"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger, RESOURCE_ID, server_default=RESOURCE_ID.next_value(), primary_key=True
    )
    national_id: Mapped[str | None] = mapped_column(String(10), unique=True)
    fida_code: Mapped[str | None] = mapped_column(String(12), unique=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    gender: Mapped[Gender] = mapped_column(words(Gender, "gender"))
    born_on: Mapped[date]
    mobile: Mapped[str | None] = mapped_column(String(16))
    province_code: Mapped[str | None] = mapped_column(String(2))
    nationality: Mapped[str] = mapped_column(String(2), server_default="IR")
    speaks_persian: Mapped[bool] = mapped_column(server_default="true")
    locale: Mapped[str] = mapped_column(String(2), server_default="fa")
    reminded_by: Mapped[Channel] = mapped_column(
        words(Channel, "reminded_by"), server_default="text"
    )

    @property
    def name(self) -> str:
        """Given and family name, as it is read aloud."""
        return f"{self.given_name} {self.family_name}"

    @property
    def foreign(self) -> bool:
        """Whether the person is known by a FIDA code."""
        return self.fida_code is not None

    def age_on(self, day: date) -> int:
        """Full years of age on a day (solar years, as both calendars count them)."""
        before_birthday = (day.month, day.day) < (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - before_birthday
