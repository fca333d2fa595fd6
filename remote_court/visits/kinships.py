"""Who is what to an inmate, and which document proved it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, words


class KinshipKind(StrEnum):
    """What the visitor is to the inmate; policy says which of them visit by right."""

    SPOUSE = "spouse"
    FATHER = "father"
    MOTHER = "mother"
    CHILD = "child"
    SIBLING = "sibling"
    FATHER_IN_LAW = "father_in_law"
    MOTHER_IN_LAW = "mother_in_law"
    GRANDPARENT = "grandparent"
    GRANDCHILD = "grandchild"
    UNCLE_OR_AUNT = "uncle_or_aunt"
    COUSIN = "cousin"
    FRIEND = "friend"


class Kinship(Base):
    """A relation on the inmate's visitor list, with the evidence that was sighted.

    A relation claimed and not yet proven has no ``sighted_at``; it allows nothing.
    """

    __tablename__ = "kinship"
    __table_args__ = (
        Index("kinship_inmate_visitor_key", "inmate_id", "visitor_id", unique=True),
        Index("kinship_visitor_id_idx", "visitor_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    inmate_id: Mapped[int] = mapped_column(ForeignKey("inmate.person_id"))
    visitor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[KinshipKind] = mapped_column(words(KinshipKind, "kind"))
    evidence: Mapped[str | None]
    claimed_at: Mapped[datetime]
    sighted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sighted_at: Mapped[datetime | None]
    sighted_place_id: Mapped[int | None]
