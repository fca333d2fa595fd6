"""The invented families come to their visits and talk, so that the boards live."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from remote_court.calls.sweeps import close_due, lose_connections
from remote_court.calls.workers import Load, Worker, report
from remote_court.clock import local
from remote_court.db import Database
from remote_court.demo import life
from remote_court.people.demo import DemoAccount
from remote_court.scheduling.models import Session
from remote_court.visits.in_call import register_visits
from remote_court.visits.models import Visit
from tests.demo.conftest import TUESDAY, value

TEN = local(TUESDAY + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)


@pytest.fixture(autouse=True)
def kinds():
    register_visits()


async def test_most_come_to_the_desk_and_those_who_came_talk(seeded: Database):
    async with seeded.transaction() as session:
        await report(session, Worker("w", "ws://127.0.0.1/ws/call", 1), Load(), TEN)
        await session.execute(text("UPDATE visit SET needs_interpreter = false"))
        expected = await session.scalar(
            text(
                "SELECT count(*) FROM session WHERE kind = 'visit' AND status = 'booked'"
                " AND starts_at BETWEEN :a AND :b"
            ).bindparams(a=TEN - timedelta(minutes=10), b=TEN + timedelta(minutes=12))
        )
        came = await life.receive(session, TEN)
        assert 0 < came <= (expected or 0)
        assert await life.receive(session, TEN) == 0
        begun = await life.talk(session, TEN)
        assert begun > 0
        assert await lose_connections(session, TEN) == 0
        live = select(Session.id).where(Session.status == "in_progress")
        assert len((await session.scalars(live)).all()) == begun
        after = TEN + timedelta(minutes=80)  # lawyers talk for an hour
        assert await close_due(session, after) >= begun
    done = "SELECT count(*) FROM session WHERE status = 'completed' AND starts_at >= '2026-11-25'"
    assert await value(seeded, done) == begun


async def test_visits_of_listed_accounts_are_theirs_to_play(seeded: Database):
    async with seeded.transaction() as session:
        due = select(Visit.id).join(Session, Session.id == Visit.id).where(Session.starts_at == TEN)
        visit = await session.get_one(Visit, await session.scalar(due.limit(1)))
        session.add(
            DemoAccount(person_id=visit.booked_for, role="family", ordinal=99, password="x")
        )
        await session.flush()
        await life.receive(session, TEN)
        await session.refresh(visit)
        assert visit.checked_in_at is None
