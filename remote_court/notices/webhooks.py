"""Where court systems want to hear of what happens before a branch: an address and a secret."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Text, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.audit import Act, record
from remote_court.db import Base
from remote_court.errors import Conflict, Invalid, NotFound
from remote_court.notices.of_court import COURT
from remote_court.people import Actor, vault

PURPOSE: Final = "secret of a webhook"
MOST: Final = 10
URL_MOST: Final = 500
SECRET_LEAST, SECRET_MOST = 16, 200


class Event(StrEnum):
    """What a court system may hear of; each is an act of the record by the same name."""

    HEARING_LISTED = "hearing.listed"
    HEARING_CONFIRMED = "hearing.confirmed"
    HEARING_MOVED = "hearing.moved"
    HEARING_CANCELLED = "hearing.cancelled"
    HEARING_HELD = "hearing.held"
    NOTICE_DELIVERED = "notice.delivered"
    NOTICE_VIEWED = "notice.viewed"


class BadAddress(Invalid):
    """Enter an https address without a name or a password in it."""


class BadSecret(Invalid):
    """The secret must have 16 to 200 characters."""


class BadEvent(Invalid):
    """Name at least one event that we know."""


class TooManyWebhooks(Conflict):
    """This branch has as many webhooks as it may have; remove one first."""


class Webhook(Base):
    """An address that hears of a branch's events until ``removed_at``; its secret is locked."""

    __tablename__ = "webhook"
    __table_args__ = (
        Index("webhook_place_id_idx", "place_id", postgresql_where=text("removed_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    place_id: Mapped[int]
    url: Mapped[str]
    secret: Mapped[str]
    events: Mapped[list[str]] = mapped_column(ARRAY(Text))
    registered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    registered_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to hear, and where."""

    place_id: int
    url: str
    secret: str = field(repr=False)
    events: Collection[Event]


async def register(
    session: AsyncSession,
    actor: Actor,
    wanted: Wanted,
    key: bytes,
    now: datetime,
    *,
    plain_http: bool = False,
) -> Webhook:
    """Let an address hear of a branch's events.

    Args:
        key: locks the secret.
        plain_http: whether the address may do without TLS, where an operator allows it.

    Raises:
        Forbidden, NotFound: neither clerk nor judge of the branch.
        BadAddress, BadSecret, BadEvent: what is wanted cannot be.
        TooManyWebhooks: the branch has its number already.
    """
    actor.need_at(wanted.place_id, *COURT)
    check(wanted, plain_http=plain_http)
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended("webhook", wanted.place_id)))
    )
    if len(await of_place(session, wanted.place_id)) >= MOST:
        raise TooManyWebhooks
    made = Webhook(
        place_id=wanted.place_id,
        url=wanted.url,
        secret=vault.lock(key, PURPOSE, wanted.secret, now),
        events=sorted(set(wanted.events)),
        registered_by=actor.person_id,
        registered_at=now,
    )
    session.add(made)
    await session.flush()
    await _written(session, actor, made, "registered", now)
    return made


async def remove(session: AsyncSession, actor: Actor, webhook_id: int, now: datetime) -> None:
    """Tell an address nothing more.

    Raises:
        Forbidden, NotFound: no such webhook of a branch of theirs.
    """
    actor.need(*COURT)
    query = select(Webhook).where(Webhook.id == webhook_id, Webhook.removed_at.is_(None))
    found = (await session.scalars(query.with_for_update())).one_or_none()
    if found is None:
        raise NotFound
    actor.need_at(found.place_id, *COURT)
    found.removed_at = now
    await session.flush()
    await _written(session, actor, found, "removed", now)


async def of_place(session: AsyncSession, place_id: int) -> Sequence[Webhook]:
    """The webhooks of a branch, the oldest first."""
    query = select(Webhook).where(Webhook.place_id == place_id, Webhook.removed_at.is_(None))
    return (await session.scalars(query.order_by(Webhook.id))).all()


def check(wanted: Wanted, *, plain_http: bool) -> None:
    """Refuse an address, a secret or events that cannot be."""
    try:
        parts = urlsplit(wanted.url)
        host, named = parts.hostname, parts.username or parts.password
        _ = parts.port
    except ValueError as error:
        raise BadAddress(where="url") from error
    secure = parts.scheme == "https" or (plain_http and parts.scheme == "http")
    plain = wanted.url.isascii() and wanted.url.isprintable() and " " not in wanted.url
    if not (secure and host and plain) or named or len(wanted.url) > URL_MOST:
        raise BadAddress(where="url")
    if not SECRET_LEAST <= len(wanted.secret) <= SECRET_MOST:
        raise BadSecret(where="secret")
    if not wanted.events:
        raise BadEvent(where="events")


async def _written(
    session: AsyncSession, actor: Actor, made: Webhook, what: str, now: datetime
) -> None:
    role = actor.role_at(made.place_id, *COURT)
    act = Act(
        f"webhook.{what}",
        "webhook",
        made.id,
        actor_id=actor.person_id,
        role=role,
        place_id=made.place_id,
    )
    await record(session, now, act)
