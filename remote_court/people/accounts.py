"""A SANA account: opened by oneself, activated when identity was verified in person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, SmallInteger
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, words
from remote_court.errors import WrongState


class AccountStatus(StrEnum):
    """The life of an account."""

    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"


NEXT: Mapping[AccountStatus, frozenset[AccountStatus]] = {
    AccountStatus.PENDING: frozenset({AccountStatus.ACTIVE}),
    AccountStatus.ACTIVE: frozenset({AccountStatus.SUSPENDED}),
    AccountStatus.SUSPENDED: frozenset({AccountStatus.ACTIVE}),
}


class SanaAccount(Base):
    """What a person signs in with."""

    __tablename__ = "sana_account"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    status: Mapped[AccountStatus] = mapped_column(words(AccountStatus, "status"))
    password_hash: Mapped[str | None]
    must_change_password: Mapped[bool] = mapped_column(server_default="false")
    totp_secret: Mapped[str | None]
    totp_step: Mapped[int | None]
    demo_code: Mapped[str | None]
    failures: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    locked_until: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]

    def move_to(self, status: AccountStatus) -> None:
        """Go to another state, if the table allows it.

        Raises:
            WrongState: it does not.
        """
        if status not in NEXT[self.status]:
            raise WrongState(self.status, status)
        self.status = status


class IdentityVerification(Base):
    """An office clerk saw the person and these documents."""

    __tablename__ = "identity_verification"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    office_id: Mapped[int | None]
    verified_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    documents: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    verified_at: Mapped[datetime]
