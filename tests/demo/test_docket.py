"""The seeded diaries of the courts: lawful, served, consistent with reservations, left alone."""

from __future__ import annotations

from sqlalchemy import text

from remote_court.db import Database
from remote_court.hearings import sweeps
from tests.demo.conftest import TUESDAY, value


async def rows(database: Database, query: str):
    async with database.engine.connect() as connection:
        return (await connection.execute(text(query))).all()


async def test_every_branch_that_can_be_tried_has_cases_and_a_fortnight(seeded: Database):
    found = await rows(
        seeded,
        """
        SELECT b.place_id, count(DISTINCT c.id), count(DISTINCT h.id),
               count(DISTINCT c.id) FILTER (WHERE h.id IS NULL)
        FROM role_grant b LEFT JOIN court_case c ON c.branch_id = b.place_id
        LEFT JOIN hearing h ON h.case_id = c.id
        WHERE b.role = 'judge' GROUP BY b.place_id
        """,
    )
    assert len(found) >= 40
    assert all(cases > 5 and sittings > 5 for _, cases, sittings, _ in found)
    assert all(ready >= 1 for *_, ready in found)


async def test_a_sitting_holds_its_bench_its_branch_its_people_and_their_rooms(seeded: Database):
    lost = await rows(
        seeded,
        """
        SELECT s.id, who.id FROM session s JOIN hearing h ON h.id = s.id
        CROSS JOIN LATERAL (
            SELECT h.branch_id AS id
            UNION SELECT person_id FROM hearing_seat WHERE hearing_id = h.id
            UNION SELECT p.person_id FROM hearing_part hp JOIN case_party p ON p.id = hp.party_id
                WHERE hp.hearing_id = h.id
            UNION SELECT unit_id FROM hearing_part WHERE hearing_id = h.id
        ) who
        WHERE NOT EXISTS (
            SELECT FROM reservation r WHERE r.session_id = s.id AND r.resource_id = who.id
              AND lower(r.during) = s.starts_at AND upper(r.during) >= s.ends_at)
        """,
    )
    assert lost == []
    strange = """
        SELECT count(*) FROM hearing_part p JOIN unit u ON u.id = p.unit_id
        WHERE u.pool_id <> p.place_id OR NOT u.in_service"""
    assert await value(seeded, strange) == 0


async def test_sittings_are_in_the_courts_hours_and_clear_days_were_kept(seeded: Database):
    outside = """
        SELECT count(*) FROM session s JOIN hearing h ON h.id = s.id
        WHERE (s.starts_at AT TIME ZONE 'Asia/Tehran')::time < '07:30'
           OR (s.ends_at AT TIME ZONE 'Asia/Tehran')::time > '14:00'"""
    assert await value(seeded, outside) == 0
    states = dict(
        await rows(
            seeded,
            "SELECT status, count(*) FROM session WHERE kind = 'hearing' GROUP BY status",
        )
    )
    assert set(states) == {"held", "confirmed", "provisional"}
    assert (
        await value(seeded, "SELECT count(*) FROM notice WHERE delivered_at IS NULL")
        == (states["provisional"])
    )


async def test_what_runs_by_itself_finds_nothing_to_mend(seeded: Database):
    async with seeded.transaction() as session:
        for sweep in (sweeps.confirm_served, sweeps.summon_newcomers, sweeps.leave_closed_days):
            assert await sweep(session, TUESDAY) == 0, sweep.__name__
