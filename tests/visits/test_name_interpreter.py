from __future__ import annotations

import pytest
from sqlalchemy import select

from remote_court.errors import NotFound, WrongState
from remote_court.identifiers import synthetic_national_id
from remote_court.people import Role
from remote_court.scheduling.hold import SlotTaken
from remote_court.scheduling.models import Reservation
from remote_court.visits.models import Visit
from remote_court.visits.name_interpreter import NoInterpreter, NotTheirOwn, name_interpreter
from tests.visits.test_book import try_book
from tests.world import FREE_START, World, make_world


@pytest.fixture
async def world(session) -> World:
    made = await make_world(session)
    made.mother.speaks_persian = False
    await session.flush()
    return made


async def test_the_desk_names_an_interpreter_whose_time_is_then_reserved(world, noon):
    booked = await try_book(world, noon)
    first, second = await world.person(), await world.person()
    for person in (first, second):
        opened = await name_interpreter(
            world.session, world.clerk, booked.id, person.national_id, noon
        )
        assert opened.visit.interpreter_id == person.id
    held = set(
        await world.session.scalars(
            select(Reservation.resource_id).where(Reservation.session_id == booked.id)
        )
    )
    assert second.id in held
    assert first.id not in held


async def test_an_interpreter_is_in_one_session_at_a_time(world, noon):
    booked = await try_book(world, noon)
    inmate = await world.another_inmate()
    busy = await world.relative(inmate=inmate)
    await try_book(world, noon, busy, inmate_id=inmate.id, starts_at=FREE_START)
    with pytest.raises(SlotTaken):
        async with world.session.begin_nested():
            await name_interpreter(world.session, world.clerk, booked.id, busy.national_id, noon)


@pytest.mark.parametrize(("whose", "refusal"), [("mother", NotTheirOwn), ("nobody", NoInterpreter)])
async def test_who_takes_part_or_is_unknown_cannot_be_named(world, noon, whose, refusal):
    booked = await try_book(world, noon)
    number = world.mother.national_id if whose == "mother" else synthetic_national_id(9_999)
    with pytest.raises(refusal):
        await name_interpreter(world.session, world.clerk, booked.id, number, noon)


async def test_another_office_sees_no_such_visit(world, noon):
    booked = await try_book(world, noon)
    other = await world.staff(Role.OFFICE_CLERK, world.office.id + 10_000)
    with pytest.raises(NotFound):
        await name_interpreter(world.session, other, booked.id, "9990000018", noon)


async def test_a_visit_in_persian_asks_for_none(world, noon):
    world.mother.speaks_persian = True
    await world.session.flush()
    booked = await try_book(world, noon)
    with pytest.raises(WrongState):
        await name_interpreter(world.session, world.clerk, booked.id, "9990000018", noon)
    assert (await world.session.get_one(Visit, booked.id)).interpreter_id is None
