"""Each recipient's service and first lawful day, as the branch and court systems see them."""

from __future__ import annotations

from datetime import date, timedelta

from remote_court.calendars.deadlines import Standing
from remote_court.calendars.opening_hours import on_wall
from remote_court.hearings.door import look
from remote_court.hearings.roles import PartyRole
from remote_court.hearings.service_state import service_state
from tests.hearings.sitting import sit
from tests.world import FREE_START

SERVED, LATER = FREE_START - timedelta(days=30), FREE_START - timedelta(days=2)


async def state(court_world, hearing, now):
    return await service_state(
        court_world.session, await look(court_world.session, hearing.id), now
    )


async def test_who_is_not_served_is_counted_as_if_today(court_world, noon):
    hearing = await sit(court_world, now=noon)
    found = await state(court_world, hearing, noon)
    assert found.standing is Standing.PROVISIONAL
    assert len(found.recipients) == 3
    assert {one.service for one in found.recipients} == {None}
    assert all(one.earliest.assumed for one in found.recipients)
    # Served on Tuesday 3 Azar, five clear days: the Monday after.
    assert found.earliest == date(2026, 11, 30)


async def test_each_is_counted_from_their_own_service(court_world, noon):
    hearing = await sit(court_world, now=noon)
    served = {court_world.plaintiff: SERVED, court_world.defendant: LATER}
    for party, at in served.items():
        await court_world.serve(hearing.id, party.person_id, at)
    found = await state(court_world, hearing, noon)
    by_role = {one.role: one for one in found.recipients}
    first, second = by_role[PartyRole.PLAINTIFF], by_role[PartyRole.DEFENDANT]
    assert first.service.delivered_at == SERVED
    assert not first.earliest.assumed
    assert first.earliest.day < second.earliest.day == found.earliest


async def test_a_notice_of_an_older_date_is_not_shown(court_world, noon):
    hearing = await sit(court_world, now=noon, date_no=2)
    await court_world.serve(hearing.id, court_world.plaintiff.person_id, SERVED, date_no=1)
    found = await state(court_world, hearing, noon)
    assert {one.service for one in found.recipients} == {None}


async def test_when_all_had_their_days_the_date_stands(court_world, noon):
    hearing = await sit(
        court_world, now=noon, starts_at=on_wall(date(2026, 12, 8), FREE_START.time())
    )
    for party in (court_world.plaintiff, court_world.defendant, court_world.lawyer):
        await court_world.serve(hearing.id, party.person_id, SERVED)
    found = await state(court_world, hearing, noon)
    assert found.standing is Standing.CONFIRMED


async def test_a_witness_is_shown_and_need_not_be_served_first(court_world, noon):
    witness = await court_world.party(PartyRole.WITNESS)
    hearing = await sit(court_world, court_world.plaintiff, witness, now=noon)
    found = await state(court_world, hearing, noon)
    by_role = {one.role: one for one in found.recipients}
    assert by_role[PartyRole.WITNESS].earliest is None
    assert PartyRole.DEFENDANT in by_role
