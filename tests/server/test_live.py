from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from remote_court import outbox
from remote_court.db import Database
from remote_court.outbox import NOTIFY_BYTES, OutboxRow, packed
from remote_court.server.live import RESYNC, Event, Hub, listening, relaying
from remote_court.server.sse import Frame, stream

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def event(n: int, channel: str = "office:1") -> Event:
    return {"channel": channel, "event": "visit", "id": n}


async def seen(events: AsyncIterator[Event], count: int) -> list[Event]:
    found = []
    async with asyncio.timeout(5):
        async for one in events:
            found.append(one)
            if len(found) == count:
                break
    return found


async def test_a_watcher_sees_its_channels_and_no_other() -> None:
    hub = Hub()
    with hub.subscribe("office:1", "prison:2") as watcher:
        hub.publish(event(1))
        hub.publish(event(2, "office:10"))
        hub.publish(event(3, "prison:2"))
        assert await seen(aiter(watcher), 2) == [event(1), event(3, "prison:2")]
    assert hub.watchers == 0


async def test_a_slow_watcher_is_told_to_look_again() -> None:
    hub = Hub()
    with hub.subscribe("office:1", size=3) as watcher:
        for n in range(4):
            hub.publish(event(n))
        hub.publish(event(4))
        assert await watcher.several() == [{"channel": "office:1", "event": RESYNC}, event(4)]


async def test_a_callback_hears_every_channel_of_its_prefix_until_it_stops() -> None:
    hub, heard = Hub(), []
    stop = hub.on("call:", heard.append)
    hub.publish(event(1, "call:7"))
    hub.publish(event(2))
    hub.resync()
    stop()
    hub.publish(event(3, "call:7"))
    assert heard == [event(1, "call:7"), {"channel": "call:", "event": RESYNC}]


async def test_ending_the_hub_ends_every_stream_at_once() -> None:
    hub = Hub()

    async def frames(events: object) -> list[Frame]:
        return []

    async def read() -> int:
        return len([chunk async for chunk in stream(hub, ["office:1"], frames).body_iterator])

    reading = asyncio.create_task(read())
    await asyncio.sleep(0.05)
    hub.end()
    async with asyncio.timeout(1):
        assert await reading == 1


async def test_a_stream_shows_the_present_first_and_again_after_changes() -> None:
    hub = Hub()

    async def frames(events: object) -> list[Frame]:
        return [Frame(f"seen {len(list(events))}\nrows")]  # type: ignore[call-overload]

    chunks = aiter(stream(hub, ["office:1"], frames).body_iterator)
    assert await anext(chunks) == "retry: 2000\n\n"
    assert await anext(chunks) == "data: seen 0\ndata: rows\n\n"
    hub.publish(event(1))
    hub.publish(event(2))
    assert await anext(chunks) == "data: seen 2\ndata: rows\n\n"


async def test_what_one_node_commits_every_node_hears(database: Database) -> None:
    hubs = [Hub(), Hub()]
    tasks = [asyncio.create_task(listening(hub, database.url)) for hub in hubs]
    tasks.append(asyncio.create_task(relaying(database, lambda: NOW)))
    try:
        with hubs[0].subscribe("office:1") as one, hubs[1].subscribe("office:1") as other:
            for watcher in (one, other):
                assert (await seen(aiter(watcher), 1))[0]["event"] == RESYNC
            async with database.transaction() as session:
                await outbox.put(session, outbox.live("office:1", NOW, event="visit", id=5))
            assert await seen(aiter(one), 1) == [event(5)]
            assert await seen(aiter(other), 1) == [event(5)]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    async with database.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(OutboxRow)) == 0


async def test_a_lost_listener_comes_back_and_asks_everybody_to_look_again(
    database: Database,
) -> None:
    hub = Hub()
    task = asyncio.create_task(listening(hub, database.url))
    try:
        with hub.subscribe("office:1") as watcher:
            await seen(aiter(watcher), 1)
            async with database.transaction() as session:
                await session.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE application_name = 'remote-court-live'"
                        " AND datname = current_database()"
                    )
                )
            assert (await seen(aiter(watcher), 1))[0]["event"] == RESYNC
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@given(st.lists(st.integers(0, 9000), max_size=30))
def test_notices_carry_every_event_in_order_and_never_too_much(lengths: list[int]) -> None:
    events = [{"channel": f"c:{n}", "event": "x" * length} for n, length in enumerate(lengths)]
    notices = list(packed(events))
    assert all(len(notice.encode()) <= NOTIFY_BYTES for notice in notices)
    arrived = [one for notice in notices for one in json.loads(notice)]
    assert [one["channel"] for one in arrived] == [one["channel"] for one in events]


@pytest.mark.parametrize(
    ("frame", "wire"),
    [
        (Frame("one\ntwo"), "data: one\ndata: two\n\n"),
        (Frame("", "count"), "event: count\ndata: \n\n"),
    ],
)
def test_a_frame_is_written_line_by_line(frame: Frame, wire: str) -> None:
    assert frame.encode() == wire
