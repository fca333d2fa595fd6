from __future__ import annotations

import asyncio
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select, text

from remote_court import policy
from remote_court.audit import AuditEntry
from remote_court.calendars.interval import Interval
from remote_court.errors import Forbidden, NotFound, RuleRefused
from remote_court.outbox import OutboxRow
from remote_court.people import Person, Role
from remote_court.places import Unit
from remote_court.places.opening import AlreadyClosed, OpenHours, PastDay
from remote_court.places.rooms import ReasonNeeded, RoomDraft
from remote_court.scheduling.hold import SlotTaken
from remote_court.scheduling.models import Reservation, Session
from remote_court.scheduling.rehouse import standing_blocks
from remote_court.visits import closures
from remote_court.visits.book import book
from remote_court.visits.changes import Hours, change_hours, change_room, outside
from remote_court.visits.displace import Closing, OtherSession, close, preview
from remote_court.visits.models import Visit
from remote_court.visits.move import Target, move
from remote_court.visits.request import Request
from remote_court.visits.status import Status
from tests.world import FREE_START, World, make_world

SUNDAY = date(2026, 11, 29)
MORNING = Interval(FREE_START - timedelta(hours=1), FREE_START + timedelta(hours=2))
REASON = "نشت آب"


@pytest.fixture
async def world(session):
    return await make_world(session)


async def booked(world: World, noon, *, starts_at=FREE_START, step_free=False, inmate=None):
    """A visit of somebody new to somebody new, so that only rooms and booths are scarce."""
    inmate = inmate or await world.another_inmate()
    visitor = await world.relative(inmate=inmate)
    request = Request(
        inmate_id=inmate.id,
        office_id=world.office.id,
        starts_at=starts_at,
        visitor_ids=(visitor.id,),
        booked_for=visitor.id,
        step_free=step_free,
    )
    rule = await policy.current(world.session, noon.date())
    return await book(world.session, world.actor(visitor), request, noon, rule)


async def closing(world: World, room: Unit, interval=MORNING):
    return await closures.room_closing(world.session, world.manager, room.id, interval, REASON)


async def state(world: World, visit_id: int) -> tuple[str, int | None, int]:
    """Status, room and how many places a visit holds."""
    await world.session.flush()
    query = select(Session.status, Visit.room_id).join(Visit, Visit.id == Session.id)
    row = (await world.session.execute(query.where(Session.id == visit_id))).one()
    held = await world.session.scalars(
        select(Reservation.resource_id).where(Reservation.session_id == visit_id)
    )
    return row.status, row.room_id, len(held.all())


async def letters(world: World, visit_id: int) -> list[str]:
    rows = await world.session.scalars(select(OutboxRow.payload).where(OutboxRow.topic == "letter"))
    return [r["kind"] for r in rows if r["session_id"] == visit_id and r["kind"] != "reminder"]


async def acts(world: World) -> list[str]:
    return list(await world.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


async def test_a_closed_rooms_visit_moves_to_the_free_room_at_the_same_time(world, noon):
    made = await booked(world, noon)
    assert made.room_id == world.rooms[0].id
    plan = await closures.close_room(
        world.session, world.manager, await closing(world, world.rooms[0]), noon
    )
    assert [into for _, into in plan.moves] == [world.rooms[1].id]
    assert await state(world, made.id) == ("booked", world.rooms[1].id, 4)
    assert await letters(world, made.id) == ["booked", "moved"]
    assert (await acts(world))[1:] == ["visit.rehoused", "room.closed"]


async def test_a_visit_without_another_room_is_displaced_and_its_family_told(world, noon):
    made = [await booked(world, noon) for _ in range(2)]
    plan = await closures.close_room(
        world.session, world.manager, await closing(world, world.rooms[0]), noon
    )
    lost = next(m for m in made if m.room_id == world.rooms[0].id)
    assert [t.session_id for t in plan.lost] == [lost.id]
    assert await state(world, lost.id) == ("displaced", None, 0)
    assert await letters(world, lost.id) == ["booked", "displaced"]
    visit = await world.session.get(Visit, lost.id)
    assert (visit.displaced_at, visit.displaced_reason) == (noon, REASON)


async def test_who_needs_a_step_free_room_is_not_moved_into_another(world, noon):
    made = await booked(world, noon, step_free=True)
    assert made.room_id == world.rooms[1].id
    await closures.close_room(
        world.session, world.manager, await closing(world, world.rooms[1]), noon
    )
    assert (await state(world, made.id))[0] == "displaced"


async def test_a_preview_changes_nothing_and_says_what_will_be_done(world, noon):
    made = await booked(world, noon)
    plan = await preview(world.session, await closing(world, world.rooms[0]), noon)
    assert [(t.session_id, into) for t, into in plan.moves] == [(made.id, world.rooms[1].id)]
    assert await state(world, made.id) == ("booked", world.rooms[0].id, 4)


async def test_a_closed_room_takes_no_booking_until_it_is_opened_again(world, noon):
    for room in world.rooms:
        await closures.close_room(world.session, world.manager, await closing(world, room), noon)
    with pytest.raises(SlotTaken):
        async with world.session.begin_nested():
            await booked(world, noon)
    blocks = await standing_blocks(world.session, [world.rooms[0].id], noon)
    await closures.open_room(world.session, world.manager, blocks[0][0].id, noon)
    assert (await booked(world, noon)).room_id == world.rooms[0].id


async def test_a_second_closure_fills_only_what_the_first_left_open(world, noon):
    room = world.rooms[0]
    first = Interval(FREE_START, FREE_START + timedelta(hours=1))
    await closures.close_room(world.session, world.manager, await closing(world, room, first), noon)
    await closures.close_room(world.session, world.manager, await closing(world, room), noon)
    stands = [interval for _, interval in await standing_blocks(world.session, [room.id], noon)]
    assert stands == [
        Interval(MORNING.start, first.start),
        first,
        Interval(first.end, MORNING.end),
    ]


async def test_a_visit_under_way_ends_before_the_room_closes(world, noon):
    made = await booked(world, noon)
    owner = await world.session.get(Session, made.id)
    owner.status = Status.IN_PROGRESS
    await world.session.flush()
    plan = await closures.close_room(
        world.session, world.manager, await closing(world, world.rooms[0]), noon
    )
    assert [t.session_id for t in plan.staying] == [made.id]
    assert plan.touched == 0
    assert (await state(world, made.id))[0] == "in_progress"


async def test_another_kind_of_session_is_not_pushed_aside(world, noon):
    made = await booked(world, noon)
    owner = await world.session.get(Session, made.id)
    owner.kind = "hearing"
    await world.session.flush()
    with pytest.raises(OtherSession):
        await closures.close_room(
            world.session, world.manager, await closing(world, world.rooms[0]), noon
        )


async def test_a_withdrawn_room_is_emptied_and_serves_again_when_returned(world, noon):
    made = await booked(world, noon)
    room = world.rooms[0]
    await closures.withdraw_room(world.session, world.manager, room.id, REASON, noon)
    assert (await state(world, made.id))[1] == world.rooms[1].id
    gone = await world.session.get(Unit, room.id)
    assert (gone.in_service, gone.out_of_service_reason) == (False, REASON)
    await closures.return_room(world.session, world.manager, room.id, noon)
    assert await standing_blocks(world.session, [room.id], noon) == []
    assert (await booked(world, noon)).room_id == room.id


async def test_a_closed_day_displaces_every_visit_and_can_be_taken_back(world, noon):
    made = [await booked(world, noon) for _ in range(2)]
    await closures.close_day(
        world.session, world.manager, world.office.id, SUNDAY, reason=REASON, now=noon
    )
    assert {(await state(world, m.id))[0] for m in made} == {"displaced"}
    with pytest.raises(AlreadyClosed):
        await closures.close_day(
            world.session, world.manager, world.office.id, SUNDAY, reason=REASON, now=noon
        )
    with pytest.raises(SlotTaken):
        async with world.session.begin_nested():
            await booked(world, noon)
    await closures.reopen_day(world.session, world.manager, world.office.id, SUNDAY, noon)
    assert (await booked(world, noon)).room_id == world.rooms[0].id


async def test_a_displaced_visit_is_rebooked_by_moving_it(world, noon):
    made = await booked(world, noon)
    await closures.close_day(
        world.session, world.manager, world.office.id, SUNDAY, reason=REASON, now=noon
    )
    rule = await policy.current(world.session, noon.date())
    target = Target(FREE_START + timedelta(days=1))
    again = await move(world.session, world.clerk, made.id, target, noon, rule)
    assert again.status is Status.BOOKED
    assert (await state(world, made.id))[2] == 4


async def test_hours_that_leave_a_visit_outside_displace_it(world, noon):
    early = await booked(world, noon)
    late = await booked(world, noon, starts_at=FREE_START + timedelta(hours=3))
    week = tuple(OpenHours(day, time(7, 30), time(11)) for day in range(6))
    hours = Hours(week, SUNDAY)
    assert [t.session_id for t in await outside(world.session, world.office.id, hours, noon)] == [
        late.id
    ]
    await change_hours(world.session, world.manager, world.office.id, hours, noon)
    assert (await state(world, early.id))[0] == "booked"
    assert (await state(world, late.id))[0] == "displaced"


async def test_a_room_that_is_no_longer_step_free_gives_up_who_needs_it(world, noon):
    needy = await booked(world, noon, step_free=True)
    other = await booked(world, noon)
    draft = RoomDraft("اتاق ۲", "Room 2", [])
    await change_room(world.session, world.manager, world.rooms[1].id, draft, noon)
    assert (await state(world, needy.id))[0] == "displaced"
    assert (await state(world, other.id))[0] == "booked"


async def test_only_the_manager_of_this_office_closes_its_rooms(world, noon):
    stranger = await world.staff(Role.OFFICE_MANAGER, world.office.id + 5000)
    for actor, refusal in ((world.clerk, Forbidden), (stranger, NotFound)):
        with pytest.raises(refusal):
            await closures.room_closing(world.session, actor, world.rooms[0].id, MORNING, REASON)
        with pytest.raises(refusal):
            await closures.close_day(
                world.session, actor, world.office.id, SUNDAY, reason=REASON, now=noon
            )


async def test_an_officer_closes_a_booth_the_same_way(world, noon):
    made = await booked(world, noon)
    booth = Closing(world.prison.id, (made.booth_id,), MORNING, REASON)
    await close(world.session, world.officer, booth, noon)
    visit = await world.session.get(Visit, made.id)
    assert visit.booth_id != made.booth_id
    assert await letters(world, made.id) == ["booked"]


async def test_a_closure_needs_a_reason_and_a_time_to_come(world, noon):
    blank = Closing(world.office.id, (world.rooms[0].id,), MORNING, "  ")
    with pytest.raises(ReasonNeeded):
        await closures.close_room(world.session, world.manager, blank, noon)
    with pytest.raises(PastDay):
        await closures.close_day(
            world.session,
            world.manager,
            world.office.id,
            noon.date() - timedelta(days=1),
            reason=REASON,
            now=noon,
        )


async def test_closing_and_booking_at_once_never_lose_a_visit(database, noon):
    async with database.transaction() as session:
        world = await make_world(session, rooms=1, booths=4)
        people = []
        for _ in range(4):
            inmate = await world.another_inmate()
            people.append((inmate, await world.relative(inmate=inmate)))

    async def try_book(inmate, visitor, hours) -> None:
        request = Request(
            inmate_id=inmate.id,
            office_id=world.office.id,
            starts_at=FREE_START + timedelta(hours=hours),
            visitor_ids=(visitor.id,),
            booked_for=visitor.id,
        )
        async with database.transaction() as session:
            rule = await policy.current(session, noon.date())
            await book(session, world.actor(visitor), request, noon, rule)

    async def shut() -> None:
        async with database.transaction() as session:
            await closures.close_day(
                session, world.manager, world.office.id, SUNDAY, reason=REASON, now=noon
            )

    tries = [try_book(*pair, n) for n, pair in enumerate(people)]
    results = await asyncio.gather(*tries[:2], shut(), *tries[2:], return_exceptions=True)
    refused = [r for r in results if r is not None]
    assert all(type(r).__name__ in {"SlotTaken", "RuleRefused"} for r in refused), results
    async with database.transaction() as session:
        left = await session.execute(
            text(
                "SELECT s.status, count(r.session_id) FROM session s JOIN visit v USING (id)"
                " LEFT JOIN reservation r ON r.session_id = s.id GROUP BY s.id"
            )
        )
        assert {tuple(row) for row in left} <= {("displaced", 0)}


async def test_a_displaced_visit_may_be_rebooked_sooner_than_a_new_one(world, noon):
    made = await booked(world, noon)
    await closures.close_day(
        world.session, world.manager, world.office.id, SUNDAY, reason=REASON, now=noon
    )
    visit = await world.session.get(Visit, made.id)
    holder = await world.session.get(Person, visit.booked_for)
    rule = await policy.current(world.session, noon.date())
    tomorrow = Target(FREE_START - timedelta(days=4))
    again = await move(world.session, world.actor(holder), made.id, tomorrow, noon, rule)
    assert again.status is Status.BOOKED


async def test_the_desk_moves_a_visit_at_short_notice_but_a_family_does_not(world, noon):
    made = await booked(world, noon)
    visit = await world.session.get(Visit, made.id)
    holder = await world.session.get(Person, visit.booked_for)
    rule = await policy.current(world.session, noon.date())
    tomorrow = Target(FREE_START - timedelta(days=4))
    with pytest.raises(RuleRefused):
        async with world.session.begin_nested():
            await move(world.session, world.actor(holder), made.id, tomorrow, noon, rule)
    gone = Target(FREE_START - timedelta(days=5, minutes=30))
    with pytest.raises(RuleRefused):
        async with world.session.begin_nested():
            await move(world.session, world.clerk, made.id, gone, noon, rule)
    await move(world.session, world.clerk, made.id, tomorrow, noon, rule)
