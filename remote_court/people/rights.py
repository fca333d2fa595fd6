"""Somebody's rights shrink: higher rooms are told in the same transaction.

They register here what they must do about it, as this room knows none of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

Watcher = Callable[[AsyncSession, int, int | None, datetime], Awaitable[object]]
"""Called with the person whose rights shrank, who took them, and when."""

WATCHERS: list[Watcher] = []


def watch(watcher: Watcher) -> None:
    """Call back whenever somebody's rights shrink; registering twice is once."""
    if watcher not in WATCHERS:
        WATCHERS.append(watcher)


async def shrank(session: AsyncSession, person_id: int, by: int | None, now: datetime) -> None:
    """Tell everybody who watches; what took the right is flushed before."""
    await session.flush()
    for watcher in WATCHERS:
        await watcher(session, person_id, by, now)
