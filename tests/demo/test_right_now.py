"""There is always a visit to enter: at night, on Fridays, and after the last one ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from remote_court.calls.admit import admit
from remote_court.calls.arrivals import Arrival, arrived
from remote_court.calls.queries import actor
from remote_court.calls.sweeps import close_due
from remote_court.calls.workers import Load, Worker, report
from remote_court.db import Database
from remote_court.demo import right_now
from remote_court.demo.marker import DemoSeed
from remote_court.people import Role
from remote_court.scheduling.models import Reservation, Session
from remote_court.visits.in_call import register_visits
from remote_court.visits.models import Visit
from tests.demo.conftest import TUESDAY, value

FRIDAY_NIGHT = datetime(2026, 11, 27, 0, 10, tzinfo=UTC)
"""03:40 in Tehran."""


@pytest.fixture(autouse=True)
def kinds():
    register_visits()


async def present(session: AsyncSession) -> tuple[Session, Visit]:
    visit_id = await session.scalar(select(DemoSeed.visit_id))
    assert visit_id is not None
    row = (
        await session.execute(
            select(Session, Visit)
            .join(Visit, Visit.id == Session.id)
            .where(Session.id == visit_id)
            .execution_options(populate_existing=True)
        )
    ).one()
    return row.Session, row.Visit


@pytest.mark.parametrize("now", [TUESDAY, FRIDAY_NIGHT])
async def test_a_visit_is_made_whose_window_is_open_now(seeded: Database, now: datetime):
    async with seeded.transaction() as session:
        assert await right_now.keep(session, now) == 1
        told, visit = await present(session)
        assert told.status == "booked"
        assert told.starts_at <= now < told.ends_at
        assert visit.checked_in_at == now
        mother = await right_now.first(session, Role.FAMILY)
        clerk = await right_now.first(session, Role.OFFICE_CLERK)
        assert (visit.booked_for, visit.checked_in_by) == (mother, clerk)
        held = select(Reservation.resource_id).where(Reservation.session_id == told.id)
        assert set(await session.scalars(held)) == {
            mother,
            visit.inmate_id,
            visit.room_id,
            visit.booth_id,
        }


async def test_its_people_may_enter_at_once(seeded: Database):
    now = FRIDAY_NIGHT
    async with seeded.transaction() as session:
        await right_now.keep(session, now)
        await report(session, Worker("w", "ws://127.0.0.1/ws/call", 1), Load(), now)
        told, _ = await present(session)
        for role, as_ in (
            (Role.FAMILY, "visitor"),
            (Role.PRISON_OFFICER, "inmate"),
            (Role.PRISON_OFFICER, "supervisor"),
        ):
            who = await actor(session, await right_now.first(session, role))
            assert who is not None
            entry = await admit(session, who, as_, told.id, now)
            assert entry.ticket.role == as_


async def test_it_is_kept_and_moves_along_while_nobody_comes(seeded: Database):
    async with seeded.transaction() as session:
        assert await right_now.keep(session, TUESDAY) == 1
        first, _ = await present(session)
        assert await right_now.keep(session, TUESDAY + timedelta(minutes=2)) == 0
        later = TUESDAY + timedelta(hours=5)
        assert await right_now.keep(session, later) == 1
        second, visit = await present(session)
        assert second.id == first.id
        assert second.starts_at <= later < second.ends_at
        assert visit.checked_in_at == later


async def test_it_stays_where_it_is_once_somebody_came_and_the_next_follows_its_end(
    seeded: Database,
):
    async with seeded.transaction() as session:
        await right_now.keep(session, TUESDAY)
        await report(session, Worker("w", "ws://127.0.0.1/ws/call", 1), Load(), TUESDAY)
        first, _ = await present(session)
        for role, as_ in ((Role.FAMILY, "visitor"), (Role.PRISON_OFFICER, "inmate")):
            who = await actor(session, await right_now.first(session, role))
            assert who is not None
            ticket = (await admit(session, who, as_, first.id, TUESDAY)).ticket
            arrival = Arrival(first.id, int(ticket.person_id), as_, as_)
            await arrived(session, arrival, int(ticket.entry), TUESDAY)
        assert (await present(session))[0].status == "in_progress"
        assert await right_now.keep(session, TUESDAY + timedelta(minutes=10)) == 0
        after = TUESDAY + timedelta(minutes=31)
        await close_due(session, after)
        assert await right_now.keep(session, after) == 1
        second, _ = await present(session)
        assert second.id != first.id
        assert second.starts_at <= after < second.ends_at


async def test_a_cancelled_one_is_replaced(seeded: Database):
    async with seeded.transaction() as session:
        await right_now.keep(session, TUESDAY)
        first, _ = await present(session)
        first_id = first.id
        await session.execute(
            update(Session).where(Session.id == first_id).values(status="cancelled")
        )
        assert await right_now.keep(session, TUESDAY) == 1
        assert (await present(session))[0].id != first_id


async def test_nothing_is_made_where_the_demo_was_not_seeded(database: Database):
    async with database.transaction() as session:
        assert await right_now.keep(session, TUESDAY) == 0
    assert await value(database, "SELECT count(*) FROM visit") == 0


async def test_it_waits_while_the_mother_is_busy_elsewhere(seeded: Database):
    async with seeded.transaction() as session:
        mother = await right_now.first(session, Role.FAMILY)
        other = await session.scalar(
            text(
                "INSERT INTO session (kind, status, starts_at, ends_at, created_at)"
                " VALUES ('visit', 'booked', now(), now() + interval '1 h', now()) RETURNING id"
            )
        )
        during = f"[{TUESDAY - timedelta(hours=1)},{TUESDAY + timedelta(hours=1)})"
        await session.execute(
            text("INSERT INTO reservation VALUES (:s, :r, CAST(CAST(:d AS text) AS tstzrange))"),
            {"s": other, "r": mother, "d": during},
        )
        assert await right_now.keep(session, TUESDAY) == 0
