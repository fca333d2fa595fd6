"""Service of process: the notice a court sends of a session's date, and when it was served.

Arrival in the SANA account is service; viewing gives it the effects of actual service; a text
message is neither (1395 bylaw, art. 13 and its notes).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from random import SystemRandom

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from remote_court import outbox
from remote_court.audit import Act, record
from remote_court.clock import local
from remote_court.db import Base, words
from remote_court.identifiers import mint_tracking_code


class Method(StrEnum):
    """How somebody is served: in their account, by an officer on paper, or by publication."""

    SANA = "sana"
    OFFICER = "officer"
    PUBLICATION = "publication"


class Notice(Base):
    """One notice (eblaghiyeh) to one person: of which date of which session, and its service.

    ``date_no`` is the session's: a notice of an older date serves nobody for the newer one.
    ``sha256`` is of the text as it was delivered, ``starts_at`` the start that it told of.
    ``paper`` names the officer's report or the newspaper, ``published_on`` the day on which it
    appeared. ``recorded_by`` entered those.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("viewed_at >= delivered_at", name="order"),
        Index("notice_once_key", "session_id", "person_id", "occasion", "date_no", unique=True),
        Index("notice_person_id_idx", "person_id", "id"),
        Index("notice_message_id_key", "message_id", unique=True),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    occasion: Mapped[str]
    date_no: Mapped[int] = mapped_column(SmallInteger)
    method: Mapped[Method] = mapped_column(words(Method, "method"))
    queued_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    viewed_at: Mapped[datetime | None]
    published_on: Mapped[date | None]
    paper: Mapped[str | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    sha256: Mapped[str | None]
    starts_at: Mapped[datetime | None]


class ServiceState(StrEnum):
    """How far a notice has come."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    VIEWED = "viewed"


@dataclass(frozen=True, slots=True)
class Service:
    """How one person was served for one date of a session."""

    notice_id: int
    number: str
    person_id: int
    occasion: str
    date_no: int
    method: Method
    queued_at: datetime
    delivered_at: datetime | None
    viewed_at: datetime | None
    published_on: date | None

    @property
    def state(self) -> ServiceState:
        """How far it has come; what was published stands as delivered."""
        if self.viewed_at is not None:
            return ServiceState.VIEWED
        return ServiceState.QUEUED if self.day is None else ServiceState.DELIVERED

    @property
    def day(self) -> date | None:
        """The day of service, from which clear days are counted; none: not served yet."""
        if self.method is Method.PUBLICATION:
            return self.published_on
        return None if self.delivered_at is None else local(self.delivered_at).date()


async def queue(
    session: AsyncSession,
    *,
    session_id: int,
    person_id: int,
    occasion: str,
    date_no: int,
    method: Method,
    now: datetime,
) -> int:
    """Have a person served with a date of a session; asking again changes nothing.

    A notice is delivered by a sweep as soon as the person has an active account, also one that
    an officer was to bring and has not. What an officer or a newspaper did its clerk records.

    Args:
        occasion: what the notice tells, in the word of the session's kind.

    Returns:
        The notice's id, also of one that was there before.
    """
    once = {
        "session_id": session_id,
        "person_id": person_id,
        "occasion": occasion,
        "date_no": date_no,
    }
    values = once | {
        "number": mint_tracking_code(SystemRandom()),
        "method": method,
        "queued_at": now,
    }
    new = insert(Notice).values(values).on_conflict_do_nothing().returning(Notice.id)
    notice_id = (await session.scalars(new)).one_or_none()
    if notice_id is None:
        return (await session.scalars(select(Notice.id).filter_by(**once))).one()
    detail = {"session": session_id, "method": method, "date_no": date_no}
    await record(session, now, Act("notice.queued", "notice", notice_id, detail=detail))
    if method is not Method.PUBLICATION:
        await outbox.put(session, delivery(notice_id, session_id, person_id, now))
    return notice_id


def delivery(notice_id: int, session_id: int, person_id: int, now: datetime) -> outbox.Row:
    """The row that brings a notice into somebody's SANA account."""
    return outbox.row(
        outbox.NOTICE,
        now,
        kind=outbox.NOTICE,
        person_id=person_id,
        session_id=session_id,
        params={"notice_id": notice_id},
    )


def notice_reference(notice_id: int) -> str:
    """What names a notice as a message, in the inbox and for a carrier."""
    return f"notice-{notice_id}"


async def services(
    session: AsyncSession, session_id: int, date_no: int | None = None
) -> Sequence[Service]:
    """How everybody was served for a session, for one date of it or for all, oldest first."""
    query = select(Notice).where(Notice.session_id == session_id)
    if date_no is not None:
        query = query.where(Notice.date_no == date_no)
    return [of(notice) for notice in await session.scalars(query.order_by(Notice.id))]


def of(notice: Notice) -> Service:
    """What a notice says of its service."""
    return Service(
        notice_id=notice.id,
        number=notice.number,
        person_id=notice.person_id,
        occasion=notice.occasion,
        date_no=notice.date_no,
        method=notice.method,
        queued_at=notice.queued_at,
        delivered_at=notice.delivered_at,
        viewed_at=notice.viewed_at,
        published_on=notice.published_on,
    )
