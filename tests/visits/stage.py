"""Steps that tests of entries share: a visit is booked, and what was written can be read."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import select

from remote_court import policy
from remote_court.audit import AuditEntry
from remote_court.outbox import OutboxRow
from remote_court.people import Gender
from remote_court.places import Audience, Prison, UnitKind, WeeklyHours
from remote_court.scheduling.models import Reservation, Session
from remote_court.visits.book import book
from remote_court.visits.models import Visit
from remote_court.visits.request import Request
from tests.world import FREE_START, World, unit

SUNDAY = date(2026, 11, 29)


async def rules_of(world: World, noon):
    return await policy.current(world.session, noon.date())


async def booked(world: World, noon, person=None, **changes):
    """A visit of the mother, or of another, to the inmate."""
    person = person or world.mother
    actor = changes.pop("actor", None) or world.actor(person)
    request = Request(
        **{
            "inmate_id": world.inmate.id,
            "office_id": world.office.id,
            "starts_at": FREE_START,
            "visitor_ids": (person.id,),
            "booked_for": person.id,
        }
        | changes
    )
    return await book(world.session, actor, request, noon, await rules_of(world, noon))


async def another_prison(world: World, *, booths: int = 1, audience=Audience.ANYONE) -> Prison:
    prison = Prison(
        code="P11-1", name_fa="زندان زاهدان", name_en="Zahedan prison", province_code="11",
        city_fa="زاهدان", city_en="Zahedan", lat=29.5, lon=60.86,
    )  # fmt: skip
    world.session.add(prison)
    await world.session.flush()
    for weekday in range(6):
        world.session.add(
            WeeklyHours(
                place_id=prison.id, weekday=weekday, opens=time(7, 30), closes=time(14),
                audience=audience, valid_from=date(2025, 3, 21),
            )
        )  # fmt: skip
    world.session.add_all(unit(UnitKind.BOOTH, prison.id, n + 1, []) for n in range(booths))
    await world.session.flush()
    return prison


async def status_of(world: World, visit_id: int) -> str:
    row = await world.session.get(Session, visit_id, populate_existing=True)
    assert row is not None
    return row.status


async def visit_of(world: World, visit_id: int) -> Visit:
    row = await world.session.get(Visit, visit_id, populate_existing=True)
    assert row is not None
    return row


async def places_of(world: World, visit_id: int) -> set[int]:
    query = select(Reservation.resource_id).where(Reservation.session_id == visit_id)
    return set(await world.session.scalars(query))


async def letters(world: World, kind: str) -> list[dict]:
    rows = await world.session.scalars(select(OutboxRow).where(OutboxRow.topic == "letter"))
    return [row.payload for row in rows if row.payload["kind"] == kind]


async def channels(world: World) -> set[str]:
    rows = await world.session.scalars(select(OutboxRow).where(OutboxRow.topic == "live"))
    return {row.payload["channel"] for row in rows}


async def acts(world: World, name: str) -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.act == name).order_by(AuditEntry.id)
    return list(await world.session.scalars(query))


async def a_man(world: World, **more):
    return await world.person("کامران", "رضایی", Gender.MALE, **more)
