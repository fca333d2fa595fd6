"""Where the pages' scripts may connect: the signalling of every worker."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calls import queries

SIGNALLING = "/ws/call"


async def origins(session: AsyncSession) -> list[str]:
    """The origins of the workers' WebSocket addresses, for the page's security policy."""
    found = {urlsplit(url) for url in await queries.worker_urls(session)}
    return sorted({f"{parts.scheme}://{parts.netloc}" for parts in found})


def door_of(url: str, door: str, session_id: str) -> str:
    """The WHIP or WHEP address of a call on the worker with this WebSocket address."""
    parts = urlsplit(url)
    scheme = "https" if parts.scheme == "wss" else "http"
    before = parts.path.removesuffix(SIGNALLING)
    return urlunsplit((scheme, parts.netloc, f"{before}/{door}/{session_id}", "", ""))
