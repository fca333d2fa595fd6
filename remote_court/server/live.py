"""Live updates between nodes: the outbox tells PostgreSQL, PostgreSQL tells every hub.

A node keeps one connection that listens, and one task that relays what the outbox holds. What
happened is never the content of an update: an event only says where to look again, so losing one
is mended by ``resync``.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from remote_court import outbox
from remote_court.db import Database

log = logging.getLogger(__name__)

Event = Mapping[str, Any]
RESYNC = "resync"
WAITING_EVENTS = 100
RELAY_EVERY_S = 0.1
PROBE_EVERY_S = 20.0
RETRY_MOST_S = 5.0


class Subscription:
    """What one watcher has yet to see; when too much waits, the oldest go and a resync says so."""

    def __init__(self, channels: frozenset[str], size: int = WAITING_EVENTS) -> None:
        self.channels = channels
        self._size = size
        self._waiting: deque[Event] = deque()
        self._something = asyncio.Event()
        self._over = False

    def push(self, event: Event) -> None:
        """Add an event; never waits."""
        if len(self._waiting) >= self._size:
            self._waiting.clear()
            event = {"channel": event["channel"], "event": RESYNC}
        self._waiting.append(event)
        self._something.set()

    def end(self) -> None:
        """There will be no more; who waits is woken."""
        self._over = True
        self._something.set()

    async def several(self, pause_s: float = 0.0) -> Sequence[Event]:
        """Wait for something, then for ``pause_s`` more, and take all of it; empty at the end."""
        await self._something.wait()
        if pause_s and not self._over:
            await asyncio.sleep(pause_s)
        taken = [] if self._over else list(self._waiting)
        self._waiting.clear()
        if not self._over:
            self._something.clear()
        return taken

    async def __aiter__(self) -> AsyncIterator[Event]:
        """Each event as it comes, until the hub ends."""
        while events := await self.several():
            for event in events:
                yield event


Callback = Callable[[Event], None]


class Hub:
    """Who on this node watches which channel."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[Subscription]] = {}
        self._callbacks: list[tuple[str, Callback]] = []
        self._ended = False

    @contextmanager
    def subscribe(self, *channels: str, size: int = WAITING_EVENTS) -> Iterator[Subscription]:
        """Watch channels (``office:12``) for as long as the context lasts."""
        watcher = Subscription(frozenset(channels), size)
        if self._ended:
            watcher.end()
        for channel in channels:
            self._watchers.setdefault(channel, set()).add(watcher)
        try:
            yield watcher
        finally:
            for channel in channels:
                self._watchers[channel].discard(watcher)
                if not self._watchers[channel]:
                    del self._watchers[channel]

    def on(self, prefix: str, callback: Callback) -> Callable[[], None]:
        """Call back for every event whose channel begins so (``call:``); returns how to stop.

        A resync reaches every callback, with ``channel`` equal to its prefix.
        """
        entry = (prefix, callback)
        self._callbacks.append(entry)
        return lambda: self._callbacks.remove(entry)

    def publish(self, event: Event) -> None:
        """Hand an event to who watches its channel on this node."""
        channel = str(event["channel"])
        for watcher in self._watchers.get(channel, ()):
            watcher.push(event)
        for prefix, callback in tuple(self._callbacks):
            if channel.startswith(prefix):
                callback(event)

    def resync(self) -> None:
        """Tell everybody to look again: something may have been missed."""
        for channel, watchers in self._watchers.items():
            for watcher in watchers:
                watcher.push({"channel": channel, "event": RESYNC})
        for prefix, callback in tuple(self._callbacks):
            callback({"channel": prefix, "event": RESYNC})

    def end(self) -> None:
        """End every stream, so that the server can stop at once."""
        self._ended = True
        for watcher in {w for watchers in self._watchers.values() for w in watchers}:
            watcher.end()

    @property
    def watchers(self) -> int:
        """How many streams watch here."""
        return len({w for watchers in self._watchers.values() for w in watchers})


async def listening(hub: Hub, url: str) -> None:
    """Listen for this node until cancelled; a lost connection is made again, then all look again.

    Args:
        url: the database as SQLAlchemy writes it.
    """
    wait_s = 0.1
    while True:
        try:
            connection = await _connect(url)
        except (OSError, asyncpg.PostgresError, TimeoutError) as error:
            log.warning("live updates cannot reach the database: %s", type(error).__name__)
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, RETRY_MOST_S)
            continue
        wait_s = 0.1
        try:
            await _listen(hub, connection)
        finally:
            connection.terminate()


async def _connect(url: str) -> asyncpg.Connection:
    parts = make_url(url)
    _, options = parts.get_dialect()().create_connect_args(parts)
    wanted = {k: v for k, v in options.items() if k in {"host", "port", "user", "password"}}
    return await asyncpg.connect(
        **wanted,
        database=options["database"],
        timeout=10,
        server_settings={"application_name": "remote-court-live"},
    )


async def _listen(hub: Hub, connection: asyncpg.Connection) -> None:
    lost = asyncio.Event()
    connection.add_termination_listener(lambda _: lost.set())

    def heard(_connection: object, _pid: int, _channel: str, payload: str) -> None:
        for event in json.loads(payload):
            hub.publish(event)

    try:
        await connection.add_listener(outbox.CHANNEL, heard)
        hub.resync()
        while not lost.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(lost.wait(), PROBE_EVERY_S)
                return
            await connection.execute("SELECT 1", timeout=PROBE_EVERY_S)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
        log.warning("live updates lost the database: %s", type(error).__name__)


async def relaying(database: Database, now: Callable[[], datetime]) -> None:
    """Send the outbox's live updates every tenth of a second, until cancelled."""
    while True:
        try:
            async with database.transaction() as session:
                await outbox.relay(session, now())
        except (SQLAlchemyError, OSError, asyncpg.PostgresError) as error:
            log.warning("live updates could not be relayed: %s", type(error).__name__)
            await asyncio.sleep(RETRY_MOST_S)
        await asyncio.sleep(RELAY_EVERY_S)
