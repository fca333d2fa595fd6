"""A visit that lost too many minutes is made up for in the same week, through the API."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from remote_court.calendars.week import Week
from remote_court.clock import local
from remote_court.scheduling.models import Session
from remote_court.visits.models import Visit
from tests.world import FREE_START


async def test_a_lost_visit_earns_another_in_its_week(world, call, database, noon):
    wish = {
        "inmate_id": str(world.inmate.id),
        "office_id": str(world.office.id),
        "starts_at": FREE_START.isoformat(),
        "visitor_ids": [str(world.mother.id)],
    }
    lost = (await call(world.mother.id, "POST", "/visits", json=wish)).json()
    async with database.transaction() as session:
        number = int(lost["id"])
        morning = noon - timedelta(hours=3)
        when = {"status": "completed", "starts_at": morning, "ends_at": noon}
        await session.execute(update(Session).where(Session.id == number).values(**when))
        week = Week.of(local(noon).date()).first
        lost_minutes = {"lost_seconds": 900, "opened_at": morning, "closed_at": noon, "week": week}
        await session.execute(update(Visit).where(Visit.id == number).values(**lost_minutes))
    tomorrow = FREE_START - timedelta(days=4)
    again = wish | {"starts_at": tomorrow.isoformat()}
    plain = await call(world.mother.id, "POST", "/visits", json=again)
    assert plain.status_code == 422
    free = await call(world.mother.id, "POST", "/visits", json=again | {"makeup_of": lost["id"]})
    assert (free.status_code, free.json()["status"]) == (201, "booked")
    twice = again | {"starts_at": (tomorrow + timedelta(days=1)).isoformat()}
    refused = await call(world.mother.id, "POST", "/visits", json=twice | {"makeup_of": lost["id"]})
    assert [r["code"] for r in refused.json()["reasons"]] == ["nothing-to-make-up"]
