"""Answers kept under the key their sender chose, so that asking twice acts once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    LargeBinary,
    SmallInteger,
    String,
    bindparam,
    delete,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from remote_court.db import Base, Instant

KEPT_FOR = timedelta(hours=48)
TRIES = 3


class KeptAnswer(Base):
    """What was answered to a request of a person under a key; no status: being worked on."""

    __tablename__ = "idempotency_key"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None] = mapped_column(SmallInteger)
    location: Mapped[str | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to keep or to give again."""

    status: int
    body: bytes
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request under its key: who asks, and the hash of what was asked."""

    person_id: int
    key: str
    request_hash: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer given before, and the hash of the request it answered."""

    request_hash: bytes
    answer: Answer


CLAIM = text(
    """
    INSERT INTO idempotency_key (person_id, key, request_hash, created_at)
    VALUES (:person_id, :key, :request_hash, :now) ON CONFLICT DO NOTHING RETURNING 1
    """
).bindparams(bindparam("now", type_=Instant))


KEEP = text(
    """
    UPDATE idempotency_key SET status = :status, body = :body, location = :location
    WHERE person_id = :person_id AND key = :key
    """
).bindparams(
    bindparam("person_id", type_=BigInteger),
    bindparam("status", type_=SmallInteger),
    bindparam("body", type_=LargeBinary),
)


async def claim(session: AsyncSession, asked: Asked, now: datetime) -> Kept | None:
    """Take the key, or return what is kept under it.

    While another transaction works under the same key this waits for its end; when that one was
    rolled back, the key is ours.
    """
    values = {
        "person_id": asked.person_id,
        "key": asked.key,
        "request_hash": asked.request_hash,
        "now": now,
    }
    for _ in range(TRIES):  # a sweep may forget an old answer between the two statements
        if (await session.execute(CLAIM, values)).first():
            return None
        if kept := await find(session, asked):
            return kept
    raise RuntimeError("an idempotency key comes and goes")


async def find(session: AsyncSession, asked: Asked) -> Kept | None:
    """What is kept under a key."""
    row = (
        await session.execute(
            select(
                KeptAnswer.request_hash, KeptAnswer.status, KeptAnswer.body, KeptAnswer.location
            ).where(KeptAnswer.person_id == asked.person_id, KeptAnswer.key == asked.key)
        )
    ).first()
    if row is None:
        return None
    return Kept(row.request_hash, Answer(row.status or 0, row.body or b"", row.location))


async def keep(session: AsyncSession, asked: Asked, answer: Answer) -> None:
    """Keep the answer under a key that was claimed in this transaction."""
    values = {
        "person_id": asked.person_id,
        "key": asked.key,
        "status": answer.status,
        "body": answer.body,
        "location": answer.location,
    }
    await session.execute(KEEP, values)


async def forget_old(session: AsyncSession, now: datetime) -> int:
    """Forget answers nobody asks for any more; returns how many."""
    old = delete(KeptAnswer).where(KeptAnswer.created_at < now - KEPT_FOR)
    return len((await session.execute(old.returning(KeptAnswer.key))).all())
