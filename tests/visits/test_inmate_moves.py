from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from remote_court.errors import NotFound, RuleRefused
from remote_court.people import Role
from remote_court.people.inmates import Inmate, InmateStatus
from remote_court.places import Audience, Unit
from remote_court.scheduling.models import Session
from remote_court.visits import inmate_moves
from remote_court.visits.entering import AlreadySo
from remote_court.visits.inmate_moves import SamePrison, VisitUnderWay
from remote_court.visits.kinships import KinshipKind
from tests.visits.stage import (
    acts,
    another_prison,
    booked,
    channels,
    letters,
    places_of,
    rules_of,
    status_of,
    visit_of,
)
from tests.world import FREE_START, make_world


@pytest.fixture
async def world(session):
    return await make_world(session)


async def move_to(world, noon, prison, actor=None):
    return await inmate_moves.move(
        world.session,
        actor or world.officer,
        world.inmate.id,
        prison_id=prison.id,
        ward="2",
        now=noon,
        policy=await rules_of(world, noon),
    )


async def come_back(world, noon):
    return await inmate_moves.come_back(
        world.session,
        world.officer,
        world.inmate.id,
        now=noon,
        policy=await rules_of(world, noon),
    )


async def test_a_moved_inmates_visit_keeps_its_time_with_a_booth_of_the_new_prison(world, noon):
    visit = await booked(world, noon)
    prison = await another_prison(world)
    fates = await move_to(world, noon, prison)
    assert (fates.kept, fates.displaced) == ([visit.id], [])
    booth = (await world.session.scalars(select(Unit.id).where(Unit.pool_id == prison.id))).one()
    assert await places_of(world, visit.id) == {
        visit.room_id,
        booth,
        world.inmate.id,
        world.mother.id,
    }
    row = await visit_of(world, visit.id)
    assert (row.prison_id, row.booth_id, row.room_id) == (prison.id, booth, visit.room_id)
    assert await status_of(world, visit.id) == "booked"
    (letter,) = await letters(world, "moved")
    assert letter["params"] == {"prison_id": prison.id}
    assert {f"prison:{prison.id}", f"prison:{world.prison.id}"} <= await channels(world)
    inmate = await world.session.get(Inmate, world.inmate.id)
    assert (inmate.prison_id, inmate.ward) == (prison.id, "2")
    assert [a.detail["kept"] for a in await acts(world, "inmate.moved")] == [[visit.id]]


@pytest.mark.parametrize("obstacle", ["no booth", "men only"])
async def test_where_the_new_prison_cannot_the_visit_waits_for_rebooking(world, noon, obstacle):
    visit = await booked(world, noon)
    prison = await another_prison(
        world,
        booths=0 if obstacle == "no booth" else 1,
        audience=Audience.MEN if obstacle == "men only" else Audience.ANYONE,
    )
    fates = await move_to(world, noon, prison)
    assert (fates.kept, fates.displaced) == ([], [visit.id])
    assert await status_of(world, visit.id) == "displaced"
    assert await places_of(world, visit.id) == set()
    row = await visit_of(world, visit.id)
    assert (row.prison_id, row.booth_id) == (prison.id, None)
    assert len(await letters(world, "displaced")) == 1


async def test_a_visit_of_tomorrow_keeps_its_time_too(world, noon):
    visit = await booked(world, noon)
    day_before = FREE_START - timedelta(hours=20)
    assert (await move_to(world, day_before, await another_prison(world))).kept == [visit.id]


async def test_a_request_stays_a_request_and_the_new_prison_decides(world, noon):
    visit = await booked(world, noon, await world.relative(KinshipKind.COUSIN))
    until = await world.session.scalar(select(Session.hold_until).where(Session.id == visit.id))
    await move_to(world, noon, await another_prison(world))
    row = await world.session.get(Session, visit.id, populate_existing=True)
    assert (row.status, row.hold_until) == ("requested", until)


async def test_a_hold_lapses_when_the_inmate_is_moved(world, noon):
    visit = await booked(world, noon, held=True)
    await move_to(world, noon, await another_prison(world))
    assert await status_of(world, visit.id) == "lapsed"


async def test_moving_needs_another_prison_and_ones_own_inmate(world, noon):
    with pytest.raises(SamePrison):
        await move_to(world, noon, world.prison)
    prison = await another_prison(world)
    other = await world.staff(Role.PRISON_OFFICER, prison.id)
    with pytest.raises(NotFound):
        await move_to(world, noon, prison, actor=other)


async def test_nobody_is_moved_out_of_a_visit_under_way(world, noon):
    visit = await booked(world, noon)
    await world.session.execute(
        update(Session).where(Session.id == visit.id).values(status="in_progress")
    )
    with pytest.raises(VisitUnderWay):
        await move_to(world, noon, await another_prison(world))


async def test_a_release_cancels_every_visit_and_tells(world, noon):
    visit = await booked(world, noon)
    gone = await inmate_moves.release(
        world.session, world.officer, world.inmate.id, "پایان محکومیت", now=noon
    )
    assert gone == [visit.id]
    assert await status_of(world, visit.id) == "cancelled"
    (letter,) = await letters(world, "cancelled")
    assert letter["params"]["reason"] == "The prisoner has been released."
    assert "پایان محکومیت" not in str(letter)
    with pytest.raises(AlreadySo):
        await inmate_moves.release(world.session, world.officer, world.inmate.id, "باز", now=noon)
    with pytest.raises(RuleRefused):
        await booked(world, noon)


async def test_in_hospital_visits_lose_their_place_and_come_back_with_the_inmate(world, noon):
    visit = await booked(world, noon)
    seen = await inmate_moves.to_come(world.session, world.officer, world.inmate.id, noon)
    assert [v.id for v in seen] == [visit.id]
    gone = await inmate_moves.leave(
        world.session, world.officer, world.inmate.id, InmateStatus.HOSPITAL, now=noon
    )
    assert (gone, await status_of(world, visit.id)) == ([visit.id], "displaced")
    assert len(await letters(world, "displaced")) == 1
    fates = await come_back(world, noon + timedelta(hours=5))
    assert (fates.kept, await status_of(world, visit.id)) == ([visit.id], "booked")
    row = await visit_of(world, visit.id)
    assert (row.displaced_at, row.displaced_reason) == (None, None)
    assert len(await places_of(world, visit.id)) == 4
    assert (len(await letters(world, "booked")), await letters(world, "moved")) == (2, [])
    assert len(await letters(world, "reminder")) == 2
    with pytest.raises(AlreadySo):
        await come_back(world, noon)


async def test_what_was_taken_meanwhile_is_not_given_back(world, noon):
    visit = await booked(world, noon)
    await inmate_moves.leave(
        world.session, world.officer, world.inmate.id, InmateStatus.ON_LEAVE, now=noon
    )
    for _ in world.booths:
        inmate = await world.another_inmate()
        visitor = await world.relative(inmate=inmate)
        await booked(world, noon, visitor, inmate_id=inmate.id)
    fates = await come_back(world, noon)
    assert (fates.kept, fates.displaced) == ([], [visit.id])
    assert await status_of(world, visit.id) == "displaced"


@pytest.mark.parametrize("away", ["moved", "hospital"])
async def test_a_visit_whose_time_has_come_and_that_never_began_waits_for_rebooking(
    world, noon, away
):
    visit = await booked(world, noon)
    begun = FREE_START + timedelta(minutes=3)
    if away == "moved":
        gone = (await move_to(world, begun, await another_prison(world))).displaced
    else:
        status = InmateStatus.HOSPITAL
        gone = await inmate_moves.leave(
            world.session, world.officer, world.inmate.id, status, now=begun
        )
    assert (gone, await status_of(world, visit.id)) == ([visit.id], "displaced")


async def test_a_release_cancels_a_visit_whose_time_has_come_too(world, noon):
    visit = await booked(world, noon)
    begun = FREE_START + timedelta(minutes=3)
    gone = await inmate_moves.release(
        world.session, world.officer, world.inmate.id, "پایان", now=begun
    )
    assert (gone, await status_of(world, visit.id)) == ([visit.id], "cancelled")


async def test_nobody_is_moved_to_a_prison_that_does_not_exist(world, noon):
    for unknown in (0, -1, 2**63 - 1):
        with pytest.raises(SamePrison):
            await inmate_moves.move(
                world.session,
                world.officer,
                world.inmate.id,
                prison_id=unknown,
                ward="2",
                now=noon,
                policy=await rules_of(world, noon),
            )
