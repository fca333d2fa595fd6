"""Rooms for trying lines out: bounded in time and headcount, and never a session's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court import tickets
from remote_court.audit import AuditEntry
from remote_court.calls import line_tests, queries, workers
from remote_court.calls.line_tests import As, Wish
from remote_court.calls.models import Attendance, CallStatus
from remote_court.calls.refusals import BadRoomName, NoWorker
from remote_court.calls.workers import Load, Worker
from remote_court.errors import Invalid, NotFound, Refusal
from remote_court.outbox import OutboxRow
from remote_court.server.calls.court import number

MINUTE = timedelta(minutes=1)
WORKER = Worker("w-1", "ws://127.0.0.1/ws/call", 8081)


@pytest.fixture
async def work(session: AsyncSession, noon) -> AsyncSession:
    await workers.report(session, WORKER, Load(), noon)
    return session


async def test_a_ticket_is_good_until_the_room_s_end_for_the_worker_that_carries_it(work, noon):
    wish = Wish(room="tabriz-3", as_=As.PRESENTER, minutes=30, people=4)
    entry = await line_tests.enter(work, wish, None, noon)
    ticket = entry.ticket
    assert (ticket.session_id, ticket.role) == ("line-test.tabriz-3", "presenter")
    assert (ticket.audience, entry.url) == ("w-1", WORKER.url)
    assert ticket.expires_at == noon + 30 * MINUTE
    assert ticket.purpose is tickets.Purpose.JOIN
    assert tickets.read(tickets.mint(ticket, b"k"), b"k") == ticket


async def test_everybody_with_the_same_name_meets_in_the_same_room(work, noon):
    first = await line_tests.enter(work, Wish(room="a", as_=As.PRESENTER, minutes=30), None, noon)
    await workers.report(work, Worker("w-0", "ws://other/ws/call", 1), Load(), noon)
    later = noon + 5 * MINUTE
    await workers.report(work, WORKER, Load(rooms=9, peers=9), later)
    wish = Wish(room="a", as_=As.VIEWER, minutes=99, people=12)
    second = await line_tests.enter(work, wish, None, later)
    assert second.ticket.audience == first.ticket.audience
    assert second.ticket.expires_at == first.ticket.expires_at
    assert second.ticket.person_id != first.ticket.person_id
    room = await queries.line_test(work, "a")
    assert room is not None
    assert room.headcount == 8


async def test_a_room_that_is_over_opens_anew_and_one_whose_worker_died_moves(work, noon):
    wish = Wish(room="a", as_=As.VIEWER, minutes=10, people=3)
    await line_tests.enter(work, wish, None, noon)
    later = noon + 10 * MINUTE
    await workers.report(work, Worker("w-2", "ws://two/ws/call", 1), Load(), later)
    entry = await line_tests.enter(work, wish, None, later)
    assert entry.ticket.audience == "w-2"
    assert entry.ticket.expires_at == later + 10 * MINUTE
    plan = await line_tests.plan(work, "a", later)
    assert plan.standing.status is CallStatus.LIVE
    assert plan.standing.revision == 1
    assert plan.frame.headcount == 3


async def test_presenters_are_seen_by_all_and_viewers_by_nobody(work, noon):
    await line_tests.enter(work, Wish(room="a", as_=As.VIEWER), None, noon)
    frame = (await line_tests.plan(work, "a", noon)).frame
    assert frame.hears == frame.sees == {("presenter", "presenter"), ("viewer", "presenter")}
    assert frame.slots.keys() == {"presenter", "viewer"}
    assert frame.required == frozenset()
    assert not frame.verbs


async def test_a_room_ends_by_time_and_by_an_operator(work, noon):
    await line_tests.enter(work, Wish(room="a", as_=As.VIEWER, minutes=10), None, noon)
    over = (await line_tests.plan(work, "a", noon + 10 * MINUTE)).standing
    assert (over.status, over.reason) == (CallStatus.CLOSED, "time")
    await line_tests.end(work, "a", 5, noon + MINUTE)
    ended = (await line_tests.plan(work, "a", noon + MINUTE)).standing
    assert ended.status is CallStatus.CLOSED
    told = (await work.scalars(select(OutboxRow))).all()
    assert [row.payload["channel"] for row in told] == ["call:line-test.a"]
    for name in ("a", "b"):
        with pytest.raises(NotFound):
            await line_tests.end(work, name, 5, noon + MINUTE)
    with pytest.raises(NotFound):
        await line_tests.plan(work, "b", noon)


async def test_all_of_it_stands_in_the_record_and_nothing_among_the_calls(work, noon):
    await line_tests.enter(work, Wish(room="a", as_=As.VIEWER), None, noon)
    await line_tests.end(work, "a", 5, noon)
    acts = [(e.act, e.actor_id) for e in await work.scalars(select(AuditEntry))]
    assert acts == [("line_test.opened", None), ("line_test.ticket", None), ("line_test.ended", 5)]
    assert (await work.scalars(select(Attendance))).first() is None


async def test_rooms_are_forgotten_a_month_after_their_end(work, noon):
    await line_tests.enter(work, Wish(room="a", as_=As.VIEWER, minutes=1), None, noon)
    assert await line_tests.forget(work, noon + MINUTE + timedelta(days=30)) == 0
    assert await line_tests.forget(work, noon + 2 * MINUTE + timedelta(days=30)) == 1


async def test_nobody_carries_it_where_no_worker_lives(session, noon):
    with pytest.raises(NoWorker):
        await line_tests.enter(session, Wish(room="a", as_=As.VIEWER), None, noon)


BAD = [
    ({"room": name}, BadRoomName)
    for name in ("", "A", "a b", "-a", "a-", "a/b", "a.b", "ا", "a" * 41, "a\n")
]
BAD += [({"minutes": n}, Invalid) for n in (0, 241)] + [({"people": n}, Invalid) for n in (0, 13)]


@pytest.mark.parametrize(("change", "refusal"), BAD)
def test_a_wish_is_within_bounds_or_not_made(change, refusal: type[Refusal]):
    with pytest.raises(refusal):
        Wish(**{"room": "a", "as_": As.VIEWER, **change})


@pytest.mark.parametrize("name", ["a", "75", "tabriz-3", "a" * 40])
def test_its_id_is_no_session_s_and_a_session_s_is_not_its(name: str):
    assert line_tests.name_of(f"line-test.{name}") == name
    assert line_tests.name_of(name) is None
    with pytest.raises(NotFound):
        number(f"line-test.{name}")
