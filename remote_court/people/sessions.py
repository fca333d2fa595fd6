"""Browsers and programs that are signed in, and who they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import LargeBinary, TextClause, bindparam, delete, insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.db import Instant
from remote_court.people.actor import Actor
from remote_court.people.credentials import ApiToken, WebSession
from remote_court.people.grants import STAFF, Role
from remote_court.people.tokens import hashed, mint

IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)
TOKEN_LIFE = timedelta(hours=8)
TOUCH_EVERY = timedelta(minutes=1)


def _query(source: str, alive: str) -> TextClause:
    return text(
        f"""
        SELECT p.id, p.given_name, p.family_name, p.locale, a.must_change_password,
            a.totp_secret IS NULL AND a.demo_code IS NULL AS no_generator,
            (SELECT array_agg(g.role || ':' || coalesce(g.place_id, 0))
             FROM role_grant g WHERE g.person_id = p.id AND g.revoked_at IS NULL) AS grants
        FROM {source} s JOIN person p ON p.id = s.person_id
        JOIN sana_account a ON a.person_id = p.id AND a.status = 'active'
        WHERE s.token_hash = :hash AND {alive}
        """  # noqa: S608 - our own words
    ).bindparams(
        bindparam("hash", type_=LargeBinary),
        bindparam("now", type_=Instant),
        *([bindparam("idle_since", type_=Instant)] if "idle_since" in alive else []),
    )


BY_SESSION = _query("web_session", "s.expires_at > :now AND s.seen_at > :idle_since")
BY_TOKEN = _query("api_token", "s.expires_at > :now")
TOUCH = text(
    "UPDATE web_session SET seen_at = :now WHERE token_hash = :hash AND seen_at < :before"
).bindparams(bindparam("now", type_=Instant), bindparam("before", type_=Instant))


async def by_session(session: AsyncSession, token_hash: bytes, now: datetime) -> Actor | None:
    """Who this browser is, in one query; none when it is signed out, idle or unknown."""
    values = {"hash": token_hash, "now": now, "idle_since": now - IDLE}
    return _actor((await session.execute(BY_SESSION, values)).first())


async def by_token(session: AsyncSession, token_hash: bytes, now: datetime) -> Actor | None:
    """Who this program speaks for, in one query; none when its token is over or unknown."""
    return _actor((await session.execute(BY_TOKEN, {"hash": token_hash, "now": now})).first())


async def touch(session: AsyncSession, token_hash: bytes, now: datetime) -> None:
    """Note that the browser is in use; written once a minute at most."""
    await session.execute(TOUCH, {"hash": token_hash, "now": now, "before": now - TOUCH_EVERY})


async def open_session(session: AsyncSession, person_id: int, now: datetime) -> str:
    """Sign a browser in and return its word, known to it alone."""
    token = mint()
    row = {"token_hash": hashed(token), "person_id": person_id, "created_at": now, "seen_at": now}
    await session.execute(insert(WebSession), [row | {"expires_at": now + LONGEST}])
    return token


async def open_token(session: AsyncSession, person_id: int, now: datetime) -> str:
    """Give a program a bearer token and return it, known to it alone."""
    token = mint()
    row = {"token_hash": hashed(token), "person_id": person_id, "created_at": now}
    await session.execute(insert(ApiToken), [row | {"expires_at": now + TOKEN_LIFE}])
    return token


async def close_session(session: AsyncSession, token_hash: bytes) -> None:
    """Sign one browser out."""
    await session.execute(delete(WebSession).where(WebSession.token_hash == token_hash))


async def close_all(session: AsyncSession, person_id: int) -> None:
    """Sign a person out everywhere, programs included."""
    for kind in (WebSession, ApiToken):
        await session.execute(delete(kind).where(kind.person_id == person_id))


async def forget_expired(session: AsyncSession, now: datetime) -> int:
    """Delete what can open no door any more; returns how many."""
    gone = 0
    for kind in (WebSession, ApiToken):
        done = await session.execute(
            delete(kind).where(kind.expires_at <= now).returning(kind.token_hash)
        )
        gone += len(done.all())
    return gone


def _actor(row: Any) -> Actor | None:
    if row is None:
        return None
    grants = grants_of(row.grants or ())
    return Actor(
        person_id=row.id,
        name=f"{row.given_name} {row.family_name}",
        locale=row.locale,
        grants=grants,
        must_change_password=row.must_change_password,
        must_enrol=row.no_generator and any(role in STAFF for role, _ in grants),
    )


def grants_of(words: Sequence[str]) -> frozenset[tuple[Role, int | None]]:
    """Read ``role:place`` words; everybody with an account is family too."""
    pairs = (word.split(":") for word in words)
    held = {(Role(role), int(place) or None) for role, place in pairs}
    return frozenset(held | {(Role.FAMILY, None)})
