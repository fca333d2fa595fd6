from __future__ import annotations

from datetime import timedelta

import pytest

from remote_court.visits.kinships import KinshipKind
from remote_court.visits.models import Visit
from remote_court.visits.touching import Span, strangers_to, visited_by, visits_to_come
from tests.visits.stage import SUNDAY, booked, rules_of, visit_of
from tests.world import FREE_START, make_world


@pytest.fixture
async def world(session):
    return await make_world(session)


@pytest.mark.parametrize(
    ("span", "seen"),
    [
        (Span(), True),
        (Span(SUNDAY, SUNDAY), True),
        (Span(first=SUNDAY + timedelta(days=1)), False),
        (Span(last=SUNDAY - timedelta(days=1)), False),
    ],
)
async def test_visits_to_come_lie_in_the_span_of_local_days(world, noon, span, seen):
    await booked(world, noon)
    found = await visits_to_come(world.session, noon, span=span)
    assert bool(found) is seen


async def test_what_has_begun_and_what_has_lapsed_is_not_to_come(world, noon):
    await booked(world, noon, held=True)
    assert len(await visits_to_come(world.session, noon)) == 1
    assert not await visits_to_come(world.session, noon + timedelta(minutes=11))
    assert not await visits_to_come(world.session, FREE_START)


async def test_visits_of_one_visitor_are_told_apart(world, noon):
    brother = await world.relative()
    await booked(world, noon)
    mine, his = [
        await visits_to_come(world.session, noon, visited_by(person.id))
        for person in (world.mother, brother)
    ]
    assert ([v.visitor_ids for v in mine], his) == ([(world.mother.id,)], [])


async def test_strangers_are_those_who_need_a_permit(world, noon):
    cousin = await world.relative(KinshipKind.COUSIN)
    asked = await booked(
        world, noon, visitor_ids=(world.mother.id, cousin.id), booked_for=world.mother.id
    )
    visit = await visit_of(world, asked.id)
    assert isinstance(visit, Visit)
    rules = await rules_of(world, noon)
    assert await strangers_to(world.session, visit, SUNDAY, rules) == [cousin.id]
