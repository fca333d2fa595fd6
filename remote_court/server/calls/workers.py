"""Where the pages' scripts may connect: the signalling of every living worker."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calls import queries


async def origins(session: AsyncSession, now: datetime) -> list[str]:
    """The origins of the workers' WebSocket addresses, for the page's security policy."""
    found = {urlsplit(url) for url in await queries.worker_urls(session, now)}
    return sorted({f"{parts.scheme}://{parts.netloc}" for parts in found})
