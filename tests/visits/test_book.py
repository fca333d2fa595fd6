from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from remote_court import policy
from remote_court.audit import AuditEntry
from remote_court.errors import Forbidden, NotFound, RuleRefused
from remote_court.outbox import OutboxRow
from remote_court.scheduling.hold import SlotTaken
from remote_court.visits.book import book
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.models import Visit, VisitVisitor
from remote_court.visits.request import Request
from remote_court.visits.status import Status
from tests.world import FREE_START, World, make_world


@pytest.fixture
async def world(session):
    return await make_world(session)


def ask(world: World, person=None, **changes) -> Request:
    person = person or world.mother
    request = Request(
        inmate_id=world.inmate.id,
        office_id=world.office.id,
        starts_at=FREE_START,
        visitor_ids=(person.id,),
        booked_for=person.id,
    )
    return replace(request, **changes)


async def try_book(world: World, noon, person=None, actor=None, **changes):
    rule = await policy.current(world.session, noon.date())
    who = actor or world.actor(person or world.mother)
    return await book(world.session, who, ask(world, person, **changes), noon, rule)


async def test_a_mother_books_and_everything_is_written_down(world, noon):
    booked = await try_book(world, noon)
    assert booked.status is Status.BOOKED
    assert booked.ends_at - booked.starts_at == timedelta(minutes=20)
    visit = await world.session.get(Visit, booked.id)
    assert (visit.room_id, visit.booth_id) == (booked.room_id, booked.booth_id)
    assert visit.week == date(2026, 11, 28)
    held = await world.session.execute(
        text("SELECT resource_id, upper(during) - lower(during) FROM reservation ORDER BY 1")
    )
    taken = dict(held.all())
    assert set(taken) == {booked.room_id, booked.booth_id, world.inmate.id, world.mother.id}
    assert set(taken.values()) == {timedelta(minutes=30)}
    company = (await world.session.scalars(select(VisitVisitor))).one()
    assert (company.person_id, company.adult) == (world.mother.id, True)
    topics = await world.session.execute(select(OutboxRow.topic, OutboxRow.payload))
    kinds = [(t, p.get("kind") or p.get("channel").split(":")[0]) for t, p in topics]
    assert sorted(kinds) == sorted(
        [("live", "office"), ("live", "prison"), ("live", "visit"), ("letter", "booked")]
        + [("letter", "reminder")] * 2
    )
    entry = (await world.session.scalars(select(AuditEntry))).one()
    assert (entry.act, entry.subject_id, entry.actor_id) == (
        "visit.booked",
        booked.id,
        world.mother.id,
    )


async def test_a_cousin_asks_and_the_places_are_held_meanwhile(world, noon):
    cousin = await world.relative(KinshipKind.COUSIN)
    booked = await try_book(world, noon, cousin)
    assert booked.status is Status.REQUESTED


async def test_a_stranger_finds_no_such_inmate(world, noon):
    stranger = await world.person()
    with pytest.raises(NotFound):
        await try_book(world, noon, stranger)


async def test_a_clerk_books_for_who_cannot_and_is_named_as_operator(world, noon):
    booked = await try_book(world, noon, actor=world.clerk, consent="fingerprint")
    visit = await world.session.get(Visit, booked.id)
    assert (visit.operator_id, visit.booked_for) == (world.clerk.person_id, world.mother.id)


async def test_a_prison_officer_does_not_book_for_families(world, noon):
    with pytest.raises(Forbidden):
        await try_book(world, noon, actor=world.officer)


async def test_every_reason_shows_at_once(world, noon):
    child = await world.relative(KinshipKind.CHILD, born_on=date(2020, 1, 1))
    with pytest.raises(RuleRefused) as refused:
        await try_book(world, noon, child, starts_at=noon + timedelta(hours=1, minutes=5))
    assert [reason.code for reason in refused.value.reasons] == [
        "outside-booking-window",
        "not-on-a-start",
        "child-needs-adult",
    ]


async def test_the_second_visit_of_a_week_is_refused_and_the_next_week_is_not(world, noon):
    await try_book(world, noon)
    later = FREE_START + timedelta(days=1)
    with pytest.raises(RuleRefused) as refused:
        async with world.session.begin_nested():
            await try_book(world, noon, starts_at=later)
    assert [r.code for r in refused.value.reasons] == ["allowance-used"]
    assert await try_book(world, noon, starts_at=FREE_START + timedelta(days=7))


async def test_a_taken_place_wins_over_a_rule(world, noon):
    await try_book(world, noon)
    with pytest.raises(SlotTaken):
        await try_book(world, noon)


async def test_nobody_is_in_two_visits_at_once(world, noon):
    inmate = await world.another_inmate()
    await world.tie(world.mother, KinshipKind.MOTHER, inmate=inmate)
    await try_book(world, noon)
    with pytest.raises(SlotTaken):
        await try_book(world, noon, inmate_id=inmate.id)


@pytest.mark.parametrize("office", ["prison", "nowhere", "beyond every id"])
async def test_an_office_that_is_none_is_not_found_before_anything_is_written(world, noon, office):
    ids = {"prison": world.prison.id, "nowhere": 10**9, "beyond every id": 10**18 - 1}
    with pytest.raises(NotFound):
        await try_book(world, noon, office_id=ids[office])


async def test_a_free_visit_is_earned_by_a_lost_one(world, noon):
    first = await try_book(world, noon)
    again = FREE_START + timedelta(days=1)
    with pytest.raises(RuleRefused) as refused:
        async with world.session.begin_nested():
            await try_book(world, noon, starts_at=again, makeup_of=first.id)
    assert [r.code for r in refused.value.reasons] == ["nothing-to-make-up"]
    lost = text("UPDATE session SET status = 'completed' WHERE id = :id")
    await world.session.execute(lost, {"id": first.id})
    minutes = text("UPDATE visit SET lost_seconds = 301 WHERE id = :id")
    await world.session.execute(minutes, {"id": first.id})
    soon = FREE_START + timedelta(hours=1)
    free = await try_book(
        world, FREE_START + timedelta(minutes=30), starts_at=soon, makeup_of=first.id
    )
    assert free.status is Status.BOOKED


async def test_one_slot_hammered_from_many_connections_has_one_winner(database, noon):
    async with database.transaction() as session:
        world = await make_world(session, rooms=1, booths=4)
        rivals = []
        for _ in range(24):
            inmate = await world.another_inmate()
            rivals.append((await world.relative(KinshipKind.MOTHER, inmate=inmate), inmate))

    async def one(person, inmate) -> bool:
        async with database.sessions() as session:
            rule = await policy.current(session, noon.date())
            request = ask(world, person, inmate_id=inmate.id)
            try:
                await book(session, world.actor(person), request, noon, rule)
            except SlotTaken:
                return False
            await session.commit()
            return True

    won = await asyncio.gather(*(one(*rival) for rival in rivals))
    assert sorted(won) == [False] * 23 + [True]
