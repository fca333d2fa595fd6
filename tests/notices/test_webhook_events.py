"""Each sealed act of a branch becomes one post for each who wants to hear, and names nobody."""

from __future__ import annotations

import pytest
import pytest_asyncio
from sqlalchemy import select

from remote_court import outbox
from remote_court.audit import Act, record, seal
from remote_court.notices.open_message import open_message
from remote_court.notices.webhook_events import spread
from remote_court.notices.webhooks import Event, Wanted, register, remove
from remote_court.outbox import OutboxRow
from tests.hearings.court import CourtWorld, make_court
from tests.notices.served import know_hearings, notice_of, reader, served
from tests.world import make_world

KEY, SECRET, URL = b"a key of ours", "sixteen characters", "https://cases.court.example/in"


@pytest_asyncio.fixture
async def court(database, noon, monkeypatch) -> CourtWorld:
    know_hearings(monkeypatch)
    async with database.transaction() as session:
        made = await make_court(await make_world(session))
    await spread_all(database, noon)
    return made


async def spread_all(database, noon) -> list[dict]:
    """Seal and spread, each in its own transaction as the sweeps do; returns the new posts."""
    async with database.transaction() as session:
        await seal(session, noon)
    async with database.transaction() as session:
        await spread(session, noon)
    async with database.transaction() as session:
        rows = await session.scalars(select(OutboxRow).where(OutboxRow.topic == outbox.WEBHOOK))
        return [row.payload for row in sorted(rows, key=lambda row: row.id)]


async def listening(database, court, noon, *events: Event, place_id: int | None = None) -> int:
    async with database.transaction() as session:
        wish = Wanted(place_id or court.branch.id, URL, SECRET, events or list(Event))
        actor = court.clerk
        if place_id is not None:
            court.world.session = session
            from remote_court.people import Role

            actor = await court.world.staff(Role.COURT_CLERK, place_id)
        return (await register(session, actor, wish, KEY, noon)).id


async def act_on(database, court, noon) -> tuple[int, int]:
    """A notice is delivered and opened, and the hearing moved, each written in the record."""
    async with database.transaction() as session:
        court.world.session = session
        hearing, notice_id = await served(court, noon)
        message = (await notice_of(court, notice_id)).message_id
        await open_message(session, reader(court), message, noon)
        await record(
            session, noon, Act("hearing.moved", "hearing", hearing.id, place_id=court.branch.id)
        )
    return hearing.id, notice_id


async def test_each_act_is_told_once_to_each_who_listens(database, court, noon):
    everything = await listening(database, court, noon)
    moves = await listening(database, court, noon, Event.HEARING_MOVED)
    hearing_id, notice_id = await act_on(database, court, noon)
    posts = await spread_all(database, noon)
    told = sorted((post["webhook_id"], post["body"]["event"]) for post in posts)
    assert told == [
        (everything, "hearing.moved"), (everything, "notice.delivered"),
        (everything, "notice.viewed"), (moves, "hearing.moved"),
    ]  # fmt: skip
    assert {post["body"]["hearing_id"] for post in posts} == {str(hearing_id)}
    notices = {post["body"]["notice_id"] for post in posts if "notice" in post["body"]["event"]}
    assert notices == {str(notice_id)}
    assert all(set(p["body"]) == {"id", "event", "at", "hearing_id", "notice_id"} for p in posts)
    assert await spread_all(database, noon) == posts


async def test_another_branch_hears_nothing(database, court, noon):
    async with database.transaction() as session:
        court.world.session = session
        elsewhere = (await court.new_branch()).id
    await listening(database, court, noon, place_id=elsewhere)
    await act_on(database, court, noon)
    assert await spread_all(database, noon) == []


async def test_who_listens_no_more_or_not_yet_hears_nothing(database, court, noon):
    gone = await listening(database, court, noon)
    async with database.transaction() as session:
        await remove(session, court.clerk, gone, noon)
    await act_on(database, court, noon)
    await spread_all(database, noon)
    await listening(database, court, noon)
    assert await spread_all(database, noon) == []


@pytest.mark.parametrize("limit", [1, 2, 50])
async def test_nothing_is_lost_between_batches(database, court, noon, limit):
    await listening(database, court, noon)
    await act_on(database, court, noon)
    async with database.transaction() as session:
        await seal(session, noon)
    for _ in range(20):
        async with database.transaction() as session:
            await spread(session, noon, limit)
    assert len(await spread_all(database, noon)) == 3
