"""A media worker inside this process: started, kept in step with the court, retired."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from remote_court.config import Settings
from remote_court.errors import Refusal
from remote_court.server.calls.court import TROUBLES, CourtOnDatabase
from remote_court.server.calls.line_test_court import CourtWithLineTests
from remote_court.server.live import RESYNC, Event
from remote_court.server.site import Site
from remote_court.video.turn import Turn
from remote_court.video.worker import Worker

log = logging.getLogger(__name__)
PREFIX = "call:"


class Follower:
    """Brings what others changed in a call to the worker that carries it."""

    def __init__(self, court: CourtOnDatabase, worker: Worker) -> None:
        self._court, self._worker = court, worker
        self._due: set[str] = set()
        self._something = asyncio.Event()

    def heard(self, event: Event) -> None:
        """Note whose state to look at; never waits."""
        here = self._worker.session_ids
        if event.get("event") == RESYNC:
            self._due |= here
        else:
            self._due |= here & {str(event["channel"]).removeprefix(PREFIX)}
        if self._due:
            self._something.set()

    async def run(self) -> None:
        """Apply changes until cancelled; one that could not be read is tried again."""
        while True:
            await self._something.wait()
            self._something.clear()
            due, self._due = self._due, set()
            for session_id in due:
                await self._apply(session_id)

    async def _apply(self, session_id: str) -> None:
        try:
            if state := await self._court.state(session_id):
                self._worker.apply(session_id, state)
        except TROUBLES as error:
            log.warning("a call's state could not be read: %s", type(error).__name__)
            self._due.add(session_id)
            self._something.set()
            await asyncio.sleep(1)
        except Refusal as refusal:
            log.warning("a call's state could not be read: %s", refusal.code)


def signalling_url(origin: str) -> str:
    """The WebSocket address of a worker that this site itself serves."""
    return f"{origin.replace('http', 'ws', 1)}/ws/call"


def relays(settings: Settings) -> Turn | None:
    """The relays that clients are told of, if the operator runs any."""
    if not settings.turn_urls or settings.turn_secret is None:
        return None
    return Turn(settings.turn_urls, settings.turn_secret.get_secret_value().encode())


@asynccontextmanager
async def hosting(site: Site) -> AsyncIterator[Worker]:
    """Carry calls in this process for as long as the context lasts; ``site.hub`` must be there."""
    settings = site.settings
    court = CourtWithLineTests(
        site.database,
        url=signalling_url(settings.origin),
        udp_port=settings.media_port,
        now=site.now,
    )
    worker = Worker(
        worker_id=f"w-{secrets.token_hex(6)}",
        court=court,
        key=site.key,
        host=settings.media_host,
        port=settings.media_port,
        addresses=settings.public_addresses,
        turn=relays(settings),
    )
    follower = Follower(court, worker)
    await worker.start()
    court.udp_port = worker.port.number
    load = worker.load
    await court.load(worker.worker_id, load.rooms, load.peers)
    stop_hearing = site.hub.on(PREFIX, follower.heard)
    following = asyncio.create_task(follower.run())
    site.worker = worker
    try:
        yield worker
    finally:
        site.worker = None
        stop_hearing()
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await court.retire(worker.worker_id)
        await worker.stop()
