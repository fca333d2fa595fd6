"""The media worker of this process: started, kept in step with the court, retired."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from remote_court.config import Settings
from remote_court.errors import Refusal
from remote_court.recording.recorder import Recorder
from remote_court.server.calls.court import TROUBLES, CourtOnDatabase
from remote_court.server.calls.line_test_court import CourtWithLineTests
from remote_court.server.calls.recorders import recording
from remote_court.server.calls.workers import SIGNALLING
from remote_court.server.live import RESYNC, Event
from remote_court.server.site import Site
from remote_court.video.turn import Turn
from remote_court.video.worker import Worker

log = logging.getLogger(__name__)
PREFIX = "call:"
PULSE = "worker:"


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
            else:
                self._worker.let_go(session_id)
        except TROUBLES as error:
            log.warning("a call's state could not be read: %s", type(error).__name__)
            self._due.add(session_id)
            self._something.set()
            await asyncio.sleep(1)
        except Refusal as refusal:
            log.warning("a call's state could not be read: %s", refusal.code)


class Pulse:
    """Lets the worker report at once whenever somebody wonders whether it lives."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._asked = asyncio.Event()

    def heard(self, event: Event) -> None:
        """Note that somebody asks for us, or for all; never waits."""
        if event.get("event") == RESYNC or event["channel"] == pulse_channel(
            self._worker.worker_id
        ):
            self._asked.set()

    async def run(self) -> None:
        """Report until cancelled."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            await self._worker.report()


def pulse_channel(worker_id: str) -> str:
    """Where somebody asks whether a worker lives."""
    return f"{PULSE}{worker_id}"


def signalling_url(base: str) -> str:
    """The WebSocket address of the worker that is reached at this address."""
    return f"{base.replace('http', 'ws', 1)}{SIGNALLING}"


def relays(settings: Settings) -> Turn | None:
    """The relays that clients are told of, if the operator runs any."""
    if not settings.turn_urls or settings.turn_secret is None:
        return None
    return Turn(settings.turn_urls, settings.turn_secret.get_secret_value().encode())


@asynccontextmanager
async def hosting(
    site: Site, *, base: str | None = None, udp_port: int | None = None
) -> AsyncIterator[Worker]:
    """Carry calls in this process for as long as the context lasts; ``site.hub`` must be there.

    Args:
        site: whose calls.
        base: the address, without a path, at which clients reach us; default: the site's.
        udp_port: the media's port; default: the setting's.
    """
    async with (
        recording(site.settings) as recorder,
        carrying(site, recorder, base=base, udp_port=udp_port) as worker,
    ):
        yield worker


@asynccontextmanager
async def carrying(
    site: Site, recorder: Recorder | None, *, base: str | None, udp_port: int | None
) -> AsyncIterator[Worker]:
    """A worker that writes its recordings with this recorder."""
    settings = site.settings
    worker_id = f"w-{secrets.token_hex(6)}"
    udp_port = settings.media_port if udp_port is None else udp_port
    court = CourtWithLineTests(
        site.database,
        worker_id,
        url=signalling_url(base or settings.origin),
        udp_port=udp_port,
        now=site.now,
        records=recorder is not None,
    )
    worker = Worker(
        worker_id=worker_id,
        court=court,
        key=site.key,
        host=settings.media_host,
        port=udp_port,
        addresses=settings.public_addresses,
        turn=relays(settings),
        recorder=recorder,
    )
    await worker.start()
    court.udp_port = worker.port.number
    await worker.report()

    async def farewell() -> None:
        """Give the lease back first, so that whoever is told to go is not sent here again."""
        site.worker = None
        await worker.withdraw()
        await court.retire(worker_id)
        await worker.stop()

    site.worker, site.media_base = worker, base
    site.farewells.append(farewell)
    try:
        async with in_step(site, court, worker):
            yield worker
    finally:
        site.farewells.remove(farewell)
        await farewell()


@asynccontextmanager
async def in_step(site: Site, court: CourtOnDatabase, worker: Worker) -> AsyncIterator[None]:
    """Bring the worker what the court says, for as long as the context lasts."""
    follower, pulse = Follower(court, worker), Pulse(worker)
    stop_hearing = site.hub.on(PREFIX, follower.heard), site.hub.on(PULSE, pulse.heard)
    tasks = [asyncio.create_task(follower.run()), asyncio.create_task(pulse.run())]
    try:
        yield
    finally:
        for stop in stop_hearing:
            stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
