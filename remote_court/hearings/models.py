"""Cases, their parties, and the sessions in which they are heard."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, SmallInteger, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, words
from remote_court.hearings.adjournment import Code
from remote_court.hearings.forums import Forum
from remote_court.hearings.roles import Address, Mode, PartyRole, Seat, Site


class CourtCase(Base):
    """A case before a branch; each branch's copy is a row of its own, told apart by ``sub_row``.

    ``case_number`` is opaque. ``subject`` is the claim or the charge; ``sensitive`` keeps it out
    of every notice (Criminal Procedure Code, art. 170). ``grave``: a crime of its art. 302.
    """

    __tablename__ = "court_case"
    __table_args__ = (
        Index("court_case_number_key", "case_number", "sub_row", unique=True),
        Index("court_case_branch_id_idx", "branch_id", "archive_number"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    case_number: Mapped[str] = mapped_column(String(20))
    sub_row: Mapped[str] = mapped_column(String(3))
    archive_number: Mapped[str | None] = mapped_column(String(12))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    subject: Mapped[str]
    sensitive: Mapped[bool] = mapped_column(server_default="false")
    grave: Mapped[bool] = mapped_column(server_default="false")
    juvenile: Mapped[bool] = mapped_column(server_default="false")
    custody: Mapped[bool] = mapped_column(server_default="false")
    limitation_on: Mapped[date | None]
    registered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    registered_at: Mapped[datetime]


class CaseParty(Base):
    """Somebody's part in a case, until ``left_at``.

    ``language`` is an ISO 639 code; ``needs`` are features a room must have, or what help must
    be there. ``office_ids`` are the offices they can reach, the best first. ``own_device_by`` is
    the judge who allowed them to attend from a device of their own.
    """

    __tablename__ = "case_party"
    __table_args__ = (
        Index(
            "case_party_part_key",
            "case_id",
            "person_id",
            "role",
            unique=True,
            postgresql_where=text("left_at IS NULL"),
        ),
        Index("case_party_person_id_idx", "person_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("court_case.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[PartyRole] = mapped_column(words(PartyRole, "role"))
    language: Mapped[str] = mapped_column(String(8), server_default="fa")
    needs_interpreter: Mapped[bool] = mapped_column(server_default="false")
    needs: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    address: Mapped[Address] = mapped_column(words(Address, "address"), server_default="known")
    protected: Mapped[bool] = mapped_column(server_default="false")
    site: Mapped[Site] = mapped_column(words(Site, "site"), server_default="office")
    office_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    own_device_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    own_device_at: Mapped[datetime | None]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class Representation(Base):
    """A lawyer or guardian speaks for a party, by which paper, until ``ended_at``."""

    __tablename__ = "representation"
    __table_args__ = (
        Index(
            "representation_current_key",
            "speaker_id",
            "client_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("representation_client_id_idx", "client_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("case_party.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("case_party.id"))
    paper: Mapped[str]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Hearing(Base):
    """What a hearing adds to its session (same id): one sitting over one case.

    ``number`` counts the sittings of the case; ``follows_id`` is the one before. ``minutes`` is
    the length announced. ``dated_at`` is when the present date was set, and ``date_no`` how often
    one was: what was served tells which of them. ``remote_order`` is the judge's text.
    """

    __tablename__ = "hearing"
    __table_args__ = (
        Index("hearing_case_id_idx", "case_id", "number"),
        Index("hearing_branch_id_idx", "branch_id"),
        Index("hearing_follows_id_idx", "follows_id"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("session.id"), primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("court_case.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    forum: Mapped[Forum] = mapped_column(words(Forum, "forum"))
    mode: Mapped[Mode] = mapped_column(words(Mode, "mode"))
    number: Mapped[int] = mapped_column(SmallInteger)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("hearing.id"))
    minutes: Mapped[int] = mapped_column(SmallInteger)
    closed_reason: Mapped[str | None] = mapped_column(String(48))
    remote_order: Mapped[str]
    remote_ordered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    listed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    listed_at: Mapped[datetime]
    dated_at: Mapped[datetime]
    date_no: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    confirmed_at: Mapped[datetime | None]
    displaced_at: Mapped[datetime | None]
    displaced_reason: Mapped[str | None]
    opened_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    adjournment: Mapped[Code | None] = mapped_column(words(Code, "adjournment"))
    end_reason: Mapped[str | None]


class HearingSeat(Base):
    """A judge or adviser on the bench of a sitting."""

    __tablename__ = "hearing_seat"
    __table_args__ = (Index("hearing_seat_person_id_idx", "person_id"),)

    hearing_id: Mapped[int] = mapped_column(
        ForeignKey("hearing.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    seat: Mapped[Seat] = mapped_column(words(Seat, "seat"))


class HearingPart(Base):
    """Somebody who is to attend a sitting, and from where.

    ``place_id`` is an office or a prison, ``unit_id`` the room or booth that is taken for them;
    people who share a room name the same one. ``agenda`` is the item an expert comes for.
    """

    __tablename__ = "hearing_part"
    __table_args__ = (
        Index("hearing_part_party_id_idx", "party_id"),
        Index("hearing_part_place_id_idx", "place_id"),
    )

    hearing_id: Mapped[int] = mapped_column(
        ForeignKey("hearing.id", ondelete="CASCADE"), primary_key=True
    )
    party_id: Mapped[int] = mapped_column(ForeignKey("case_party.id"), primary_key=True)
    site: Mapped[Site] = mapped_column(words(Site, "site"))
    place_id: Mapped[int | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    agenda: Mapped[str | None]
