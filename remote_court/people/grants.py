"""Roles, and the place where each role holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, words


class Role(StrEnum):
    """What somebody may be here."""

    FAMILY = "family"
    LAWYER = "lawyer"
    OFFICE_CLERK = "office_clerk"
    OFFICE_MANAGER = "office_manager"
    PRISON_OFFICER = "prison_officer"
    COURT_CLERK = "court_clerk"
    JUDGE = "judge"
    HQ_PLANNER = "hq_planner"
    AUDITOR = "auditor"
    OPERATOR = "operator"


PLACE_OF: Mapping[Role, str | None] = {
    Role.FAMILY: None,
    Role.LAWYER: None,
    Role.OFFICE_CLERK: "office",
    Role.OFFICE_MANAGER: "office",
    Role.PRISON_OFFICER: "prison",
    Role.COURT_CLERK: "branch",
    Role.JUDGE: "branch",
    Role.HQ_PLANNER: None,
    Role.AUDITOR: None,
    Role.OPERATOR: None,
}
"""The kind of place a role holds at; none: it holds everywhere."""

STAFF = frozenset(Role) - {Role.FAMILY, Role.LAWYER}
"""Roles of those who work for the justice system; they carry a code generator."""


class Grant(Base):
    """A role given to a person at a place, until it is revoked."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index(
            "role_grant_current_key",
            "person_id",
            "role",
            text("coalesce(place_id, 0)"),
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index("role_grant_place_idx", "place_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(words(Role, "role"))
    place_id: Mapped[int | None]
    granted_by: Mapped[int | None]
    granted_at: Mapped[datetime]
    revoked_by: Mapped[int | None]
    revoked_at: Mapped[datetime | None]
