from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from remote_court.errors import NotFound, RuleRefused
from remote_court.people import Role
from remote_court.visits import ban_entry, mandate_entry
from remote_court.visits.ban_entry import AlreadyLifted, Draft, refusals
from remote_court.visits.bans import BanKind
from remote_court.visits.book import Booked
from remote_court.visits.models import VisitKind
from tests.visits.stage import (
    SUNDAY,
    acts,
    booked,
    letters,
    places_of,
    rules_of,
    status_of,
    visit_of,
)
from tests.world import FREE_START, make_world

TODAY = date(2026, 11, 24)
JUDICIAL = Draft(BanKind.JUDICIAL, "۱۲۳/۹۸", TODAY, ends_on=TODAY + timedelta(days=20))
DISCIPLINARY = Draft(BanKind.DISCIPLINARY, "۴۵", TODAY, sessions=2, confirmed_by_judge="قاضی نوری")


@pytest.fixture
async def world(session):
    return await make_world(session)


async def enter(world, noon, draft=JUDICIAL, actor=None):
    return await ban_entry.enter(
        world.session,
        actor or world.officer,
        world.inmate.id,
        draft,
        now=noon,
        policy=await rules_of(world, noon),
    )


@pytest.mark.parametrize(
    ("draft", "codes"),
    [
        (JUDICIAL, []),
        (replace(JUDICIAL, reference="  "), ["ban-not-written"]),
        (replace(JUDICIAL, ends_on=None), ["ban-without-term"]),
        (replace(JUDICIAL, starts_on=TODAY - timedelta(days=1)), ["ban-term-wrong"]),
        (replace(JUDICIAL, ends_on=TODAY - timedelta(days=1)), ["ban-term-wrong"]),
        (DISCIPLINARY, []),
        (replace(DISCIPLINARY, sessions=3), []),
        (replace(DISCIPLINARY, sessions=4), ["too-many-visits-taken"]),
        (replace(DISCIPLINARY, sessions=0), ["too-many-visits-taken"]),
        (replace(DISCIPLINARY, sessions=None), ["too-many-visits-taken"]),
        (replace(DISCIPLINARY, confirmed_by_judge=" "), ["ban-not-confirmed"]),
        (
            Draft(BanKind.DISCIPLINARY, "", TODAY),
            ["ban-not-written", "too-many-visits-taken", "ban-not-confirmed"],
        ),
    ],
)
async def test_a_ban_is_judged_by_every_condition_of_the_law(world, noon, draft, codes):
    found = list(refusals(draft, TODAY, await rules_of(world, noon)))
    assert [reason.code for reason in found] == codes
    assert all(reason.citation for reason in found)


async def test_a_disciplinary_ban_lasts_as_many_weeks_as_visits_it_takes(world, noon):
    assert DISCIPLINARY.last_day(await rules_of(world, noon)) == TODAY + timedelta(days=13)


async def test_a_ban_cancels_the_familys_visits_inside_its_term_and_says_until_when(world, noon):
    inside = await booked(world, noon)
    later = await booked(world, noon, starts_at=FREE_START + timedelta(days=21))
    entered = await enter(world, noon)
    assert entered.cancelled == [inside.id]
    assert await status_of(world, inside.id) == "cancelled"
    assert await status_of(world, later.id) == "booked"
    assert await places_of(world, inside.id) == set()
    visit = await visit_of(world, inside.id)
    assert (visit.cancelled_as, visit.counts_as_used) == (Role.PRISON_OFFICER, False)
    (letter,) = await letters(world, "cancelled")
    assert letter["person_id"] == world.mother.id
    assert letter["params"]["until"] == (JUDICIAL.ends_on + timedelta(days=1)).isoformat()
    assert JUDICIAL.reference not in str(letter)
    assert [a.detail["cancelled"] for a in await acts(world, "ban.entered")] == [[inside.id]]


async def test_the_preview_shows_what_will_be_cancelled_and_changes_nothing(world, noon):
    inside = await booked(world, noon)
    seen = await ban_entry.preview(
        world.session,
        world.officer,
        world.inmate.id,
        JUDICIAL,
        now=noon,
        policy=await rules_of(world, noon),
    )
    assert [(v.id, v.booked_for_name, v.office("fa")) for v in seen] == [
        (inside.id, world.mother.name, "دفتر آزادی")
    ]
    assert await status_of(world, inside.id) == "booked"


async def test_a_ban_on_one_visitor_leaves_the_others(world, noon):
    brother = await world.relative()
    visit = await booked(world, noon)
    entered = await enter(world, noon, replace(JUDICIAL, visitor_id=brother.id))
    assert (entered.cancelled, await status_of(world, visit.id)) == ([], "booked")


async def test_a_lawyers_visit_stands_under_a_ban(world, noon):
    lawyer = await world.staff(Role.LAWYER, None)
    await mandate_entry.enter(
        world.session,
        world.officer,
        world.inmate.id,
        lawyer.person_id,
        "۷۷",
        place_id=world.prison.id,
        now=noon,
    )
    visit = await booked(
        world,
        noon,
        kind=VisitKind.LAWYER,
        visitor_ids=(lawyer.person_id,),
        booked_for=lawyer.person_id,
        actor=lawyer,
    )
    assert (await enter(world, noon)).cancelled == []
    assert await status_of(world, visit.id) == "booked"
    with pytest.raises(RuleRefused) as refused:
        await enter(world, noon, replace(JUDICIAL, visitor_id=lawyer.person_id))
    assert [r.code for r in refused.value.reasons] == ["lawyer-exempt"]


async def test_after_a_ban_nothing_is_bookable_until_it_is_lifted(world, noon):
    entered = await enter(world, noon)
    with pytest.raises(RuleRefused) as refused:
        async with world.session.begin_nested():
            await booked(world, noon)
    assert [r.code for r in refused.value.reasons] == ["not-bookable-until"]
    await ban_entry.lift(world.session, world.officer, entered.ban.id, "رای برائت", now=noon)
    assert (await booked(world, noon)).starts_at.date() == SUNDAY
    with pytest.raises(AlreadyLifted):
        await ban_entry.lift(world.session, world.officer, entered.ban.id, "باز", now=noon)


async def test_an_officer_bans_in_their_own_prison_only(world, noon):
    other = await world.staff(Role.PRISON_OFFICER, world.prison.id + 9_000)
    with pytest.raises(NotFound):
        await enter(world, noon, actor=other)
    entered = await enter(world, noon)
    with pytest.raises(NotFound):
        await ban_entry.lift(world.session, other, entered.ban.id, "نه", now=noon)


async def test_a_booking_under_way_does_not_slip_past_a_ban(database, noon):
    async with database.transaction() as session:
        world = await make_world(session)

    async def inside(step):
        async with database.transaction() as session:
            return await step(replace(world, session=session))

    async def family(w):
        return await booked(w, noon)

    async def prison(w):
        return await enter(w, noon)

    results = await asyncio.gather(
        *(inside(step) for step in (family, prison, family)), return_exceptions=True
    )
    async with database.transaction() as session:
        after = replace(world, session=session)
        statuses = [await status_of(after, r.id) for r in results if isinstance(r, Booked)]
        assert set(statuses) <= {"cancelled"}
    assert any(isinstance(r, ban_entry.Entered) for r in results)
