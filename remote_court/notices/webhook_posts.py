"""Post events to webhooks: signed, tried again with growing pauses, never into our own network."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import outbox
from remote_court.db import Database
from remote_court.errors import CourtError
from remote_court.notices.signing import sign
from remote_court.notices.webhooks import PURPOSE, Webhook
from remote_court.people import vault

log = logging.getLogger(__name__)
BATCH, TOGETHER = 50, 10
LEASE: Final = timedelta(minutes=2)
PATIENCE: Final = httpx.Timeout(10.0, connect=5.0)
PATIENCE_S: Final = 15.0
NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


class NotPosted(CourtError):
    """A webhook did not take a post; the text goes to logs and names no secret."""


@dataclass(frozen=True, slots=True)
class Post:
    """One event on its way to one address."""

    outbox_id: int
    attempts: int
    url: str
    secret: bytes = field(repr=False)
    body: bytes = field(repr=False)
    event: str
    reference: str


class Poster:
    """Posts over HTTP; follows no redirect and uses no proxy.

    Args:
        private: whether addresses of our own networks may be posted to.
    """

    def __init__(self, *, private: bool = False, patience: httpx.Timeout = PATIENCE) -> None:
        self._private = private
        self._client = httpx.AsyncClient(timeout=patience, trust_env=False)

    async def post(self, post: Post, now: datetime) -> None:
        """Post one event; any 2xx is a yes.

        Raises:
            NotPosted: it was refused, or could not be reached, or must not be.
        """
        parts = urlsplit(post.url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = parts.hostname or ""
        address = await public_address(host, port, private=self._private)
        at = int(now.timestamp())
        headers = {
            "Host": parts.netloc,
            "Content-Type": "application/json",
            "X-Timestamp": str(at),
            "X-Signature": sign(post.secret, at, post.body),
            "X-Event": post.event,
            "Idempotency-Key": post.reference,
        }
        # The very address that was looked at is the one connected to; TLS still asks for the name.
        netloc = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        url = urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))
        try:
            answer = await self._client.post(
                url, content=post.body, headers=headers, extensions={"sni_hostname": host}
            )
        except httpx.HTTPError as error:
            raise NotPosted(type(error).__name__) from error
        if not answer.is_success:
            raise NotPosted(f"HTTP {answer.status_code}")

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()


async def public_address(host: str, port: int, *, private: bool) -> str:
    """An address of a host; every one it has must be public.

    Raises:
        NotPosted: it has none, or one of our own networks.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotPosted("no such host") from error
    addresses = [str(one[4][0]) for one in found]
    if not private and not all(is_public(one) for one in addresses):
        raise NotPosted("not a public address")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an address is reachable from anywhere, and not one of a network of ours."""
    read = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(read, ipaddress.IPv6Address):
        if (inner := read.ipv4_mapped or read.sixtofour) is not None:
            return is_public(str(inner))
        if read in NAT64:
            return is_public(str(ipaddress.IPv4Address(int(read) & 0xFFFF_FFFF)))
    return read.is_global and not read.is_multicast


def posting(
    database: Database, key: bytes, poster: Poster
) -> Callable[[AsyncSession, datetime], Awaitable[int]]:
    """The sweep as a tick runs it; it opens transactions of its own."""

    async def run(_tick: AsyncSession, now: datetime) -> int:
        return await send(database, key, poster, now)

    return run


async def send(
    database: Database, key: bytes, poster: Poster, now: datetime, limit: int = BATCH
) -> int:
    """Post what is due; returns how many rows were dealt with. Nothing is locked meanwhile."""
    async with database.transaction() as session:
        posts, dealt_with = await claim(session, key, now, limit)
    if posts:
        outcomes = await _all(posts, poster, now)
        async with database.transaction() as session:
            await settle(session, outcomes, now)
    return dealt_with


async def claim(
    session: AsyncSession, key: bytes, now: datetime, limit: int
) -> tuple[list[Post], int]:
    """Take due posts and lease their rows; what nobody listens to any more is forgotten."""
    rows = await outbox.take(session, outbox.WEBHOOK, now, limit)
    ids = {payload["webhook_id"] for _, payload, _ in rows}
    query = select(Webhook).where(Webhook.id.in_(ids), Webhook.removed_at.is_(None))
    listening = {one.id: one for one in await session.scalars(query)}
    posts, forgotten = [], []
    for row_id, payload, attempts in rows:
        webhook = listening.get(payload["webhook_id"])
        secret = vault.unlock(key, PURPOSE, webhook.secret, now) if webhook else None
        if webhook is None:
            forgotten.append(row_id)
        elif secret is None:
            await outbox.give_up(session, row_id, "its secret was locked by another key", now)
        else:
            posts.append(made(row_id, attempts, webhook, secret, payload["body"]))
    await outbox.done(session, forgotten)
    await outbox.lease(session, [post.outbox_id for post in posts], now + LEASE)
    return posts, len(rows)


def made(row_id: int, attempts: int, webhook: Webhook, secret: str, told: dict[str, Any]) -> Post:
    """A post from its row."""
    return Post(
        outbox_id=row_id,
        attempts=attempts,
        url=webhook.url,
        secret=secret.encode(),
        body=json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(),
        event=told["event"],
        reference=f"{webhook.id}-{told['id']}",
    )


async def _all(
    posts: Sequence[Post], poster: Poster, now: datetime
) -> list[tuple[Post, NotPosted | None]]:
    gate = asyncio.Semaphore(TOGETHER)

    async def one(post: Post) -> tuple[Post, NotPosted | None]:
        async with gate:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await poster.post(post, now)
            except NotPosted as failure:
                return post, failure
            except TimeoutError:
                return post, NotPosted("no answer in time")
        return post, None

    return list(await asyncio.gather(*map(one, posts)))


async def settle(
    session: AsyncSession, outcomes: Sequence[tuple[Post, NotPosted | None]], now: datetime
) -> None:
    """Forget what was taken, put off what was not; after twelve tries it waits for an operator."""
    await outbox.done(session, [post.outbox_id for post, failure in outcomes if failure is None])
    for post, failure in outcomes:
        if failure is not None:
            log.warning("webhook post %s was not taken: %s", post.reference, failure)
            await outbox.failed(session, post.outbox_id, post.attempts, str(failure), now)
