"""Where those wait who have opened a socket and not yet said who they are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MOST_STRANGERS = 512


class Lobby:
    """Room for ``most`` of them; where it is full, whoever has been silent longest must go.

    A client speaks as soon as its socket is open. Who opens sockets by the thousand and says
    nothing is sent out to make room, and keeps nobody else from coming in.
    """

    def __init__(self, most: int = MOST_STRANGERS) -> None:
        self._most = most
        self._waiting: dict[asyncio.Timeout, None] = {}

    @asynccontextmanager
    async def patience(self, seconds: float) -> AsyncIterator[None]:
        """Wait here for a first word; raises TimeoutError when it is too late, or too full."""
        async with asyncio.timeout(seconds) as timeout:
            if len(self._waiting) >= self._most:
                self._send_out(next(iter(self._waiting)))
            self._waiting[timeout] = None
            try:
                yield
            finally:
                self._waiting.pop(timeout, None)

    def _send_out(self, oldest: asyncio.Timeout) -> None:
        del self._waiting[oldest]
        oldest.reschedule(asyncio.get_running_loop().time())

    def __len__(self) -> int:
        return len(self._waiting)
