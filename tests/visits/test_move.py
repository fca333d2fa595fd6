from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from remote_court.calendars.interval import Interval
from remote_court.errors import Conflict, Forbidden, NotFound, RuleRefused, WrongState
from remote_court.people.inmates import Inmate
from remote_court.people.verify_identity import Document
from remote_court.places import UnitKind
from remote_court.scheduling import hold
from remote_court.scheduling.hold import SlotTaken
from remote_court.scheduling.models import Session
from remote_court.visits.check_in import check_in
from remote_court.visits.decide import Approval, approve
from remote_court.visits.displace import Closing, close
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.models import VisitVisitor
from remote_court.visits.move import HoldLapsed, Target, confirm, move
from remote_court.visits.permits import PermitIssuer
from remote_court.visits.status import Status
from remote_court.visits.sweeps import lapse_holds
from tests.scheduling.test_hold import waits_for_a_lock
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
from tests.world import FREE_START, NOON, make_world, unit

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
NEXT_DAY = FREE_START + DAY


async def moved(world, visit_id, to=NEXT_DAY, actor=None, now=NOON, **where):
    who = actor or world.actor(world.mother)
    target = Target(to, **where)
    return await move(world.session, who, visit_id, target, now, await rules_of(world, now))


async def confirmed(world, visit_id, actor=None, now=NOON, **more):
    who = actor or world.actor(world.mother)
    return await confirm(world.session, who, visit_id, now, await rules_of(world, now), **more)


async def second_office(world) -> int:
    columns = {c.key for c in world.office.__table__.columns} - {"id", "code", "search_key"}
    copy = {key: getattr(world.office, key) for key in columns}
    far = type(world.office)(code="11002", **copy)
    world.session.add(far)
    await world.session.flush()
    world.session.add(unit(UnitKind.ROOM, far.id, 1, []))
    hours = text(
        "INSERT INTO weekly_hours (place_id, weekday, opens, closes, audience, valid_from)"
        " SELECT :far, weekday, opens, closes, audience, valid_from FROM weekly_hours"
        " WHERE place_id = :near"
    )
    await world.session.execute(hours, {"far": far.id, "near": world.office.id})
    return far.id


async def test_a_move_takes_the_new_places_gives_up_the_old_and_tells_everybody(village):
    made = await booked(village, NOON)
    far = await second_office(village)
    there = await moved(village, made.id, office_id=far)
    assert (there.id, there.tracking_code, there.status) == (made.id, made.tracking_code, "booked")
    assert (there.starts_at, there.office_id) == (NEXT_DAY, far)
    visit = await visit_of(village, made.id)
    assert (visit.office_id, visit.room_id) == (far, there.room_id)
    people = {village.inmate.id, village.mother.id}
    assert await places_of(village, made.id) == {there.room_id, there.booth_id, *people}
    assert len(await letters(village, "moved")) == 1
    (line,) = await acts(village, "visit.moved")
    assert (line.actor_id, line.detail["office"]) == (village.mother.id, far)
    assert len(await letters(village, "reminder")) == 4


async def test_both_desks_hear_of_a_visit_that_goes_from_one_to_the_other(village):
    made = await booked(village, NOON)
    far = await second_office(village)
    await village.session.execute(text("DELETE FROM outbox"))
    await moved(village, made.id, office_id=far)
    assert {f"office:{village.office.id}", f"office:{far}"} <= await channels(village)


async def test_a_visit_may_move_over_its_own_old_place(village):
    made = await booked(village, NOON)
    assert (await moved(village, made.id, FREE_START + 15 * MINUTE)).status is Status.BOOKED


async def test_a_place_that_is_taken_leaves_the_visit_where_it_was(village):
    made = await booked(village, NOON)
    for n in range(2):
        inmate = await village.another_inmate()
        other = await village.relative(KinshipKind.MOTHER, inmate=inmate)
        await booked(village, NOON, other, inmate_id=inmate.id, starts_at=NEXT_DAY)
        if n == 0:
            continue
        with pytest.raises(SlotTaken):
            async with village.session.begin_nested():
                await moved(village, made.id)
    assert len(await places_of(village, made.id)) == 4
    owner = await village.session.get(Session, made.id, populate_existing=True)
    assert owner.starts_at == FREE_START


async def test_the_rules_of_a_new_visit_hold_for_a_family_and_bend_for_staff(village):
    made = await booked(village, NOON)
    tomorrow = FREE_START - 4 * DAY
    with pytest.raises(RuleRefused) as refused:
        async with village.session.begin_nested():
            await moved(village, made.id, tomorrow)
    assert [reason.code for reason in refused.value.reasons] == ["outside-booking-window"]
    there = await moved(village, made.id, tomorrow, village.clerk)
    assert there.starts_at == tomorrow
    with pytest.raises(RuleRefused):
        await moved(village, made.id, FREE_START - 10 * DAY, village.clerk)


async def test_a_displaced_visit_finds_another_place_by_its_family(village):
    made = await booked(village, NOON)
    every = tuple(room.id for room in village.rooms)
    closing = Closing(village.office.id, every, made_interval(made), "تعمیر")
    await close(village.session, village.manager, closing, NOON)
    assert await status_of(village, made.id) == "displaced"
    there = await moved(village, made.id, FREE_START - 4 * DAY)
    assert there.status is Status.BOOKED
    visit = await visit_of(village, made.id)
    assert (visit.displaced_at, visit.displaced_reason) == (None, None)


def made_interval(made):
    return Interval(made.starts_at, made.ends_at)


async def test_a_permit_for_one_day_does_not_travel_the_prison_is_asked_anew(village):
    cousin = await village.relative(KinshipKind.COUSIN)
    made = await booked(village, NOON, cousin)
    rule = await rules_of(village, NOON)
    approval = Approval(PermitIssuer.PRISON_WARDEN, "۱۲")
    await approve(village.session, village.officer, made.id, approval, now=NOON, policy=rule)
    assert await status_of(village, made.id) == "booked"
    there = await moved(village, made.id, actor=village.actor(cousin))
    assert there.status is Status.REQUESTED
    visit = await visit_of(village, made.id)
    assert (visit.decided_at, visit.decided_by) == (None, None)


async def test_from_its_start_a_family_cannot_move_what_it_missed(village):
    made = await booked(village, NOON)
    with pytest.raises(WrongState):
        await moved(village, made.id, NEXT_DAY + 2 * DAY, now=FREE_START)
    there = await moved(village, made.id, FREE_START + HOUR, village.clerk, now=FREE_START)
    assert there.starts_at == FREE_START + HOUR


async def test_whoever_was_received_here_today_is_not_received_again(village):
    made = await booked(village, NOON)
    rule = await rules_of(village, NOON)
    now = FREE_START - 20 * MINUTE
    seen = {village.mother.id: Document.NATIONAL_CARD}
    await check_in(village.session, village.clerk, made.id, seen, now, rule)
    await moved(village, made.id, FREE_START + HOUR, village.clerk, now)
    assert (await visit_of(village, made.id)).checked_in_at == now
    await moved(village, made.id, FREE_START + DAY, village.clerk, now)
    assert (await visit_of(village, made.id)).checked_in_at is None
    visitor = await village.session.get(
        VisitVisitor, (made.id, village.mother.id), populate_existing=True
    )
    assert (visitor.sighted_at, visitor.sighted_document) == (None, None)


async def test_strangers_find_no_visit_to_move_or_confirm(village):
    made = await booked(village, NOON, held=True)
    stranger = village.actor(await village.person())
    for act in (moved, confirmed):
        with pytest.raises(NotFound):
            await act(village, made.id, actor=stranger)


async def test_a_hold_is_not_moved_it_is_confirmed(village):
    made = await booked(village, NOON, held=True)
    with pytest.raises(WrongState):
        await moved(village, made.id)
    there = await confirmed(village, made.id, consent=None)
    assert (there.status, there.room_id) == (Status.BOOKED, made.room_id)
    assert len(await letters(village, "booked")) == 1
    with pytest.raises(WrongState):
        await confirmed(village, made.id)


async def test_a_cousins_hold_becomes_a_request(village):
    cousin = await village.relative(KinshipKind.COUSIN)
    made = await booked(village, NOON, cousin, held=True)
    there = await confirmed(village, made.id, village.actor(cousin))
    assert there.status is Status.REQUESTED
    assert len(await letters(village, "requested")) == 1


async def test_the_clerk_writes_down_how_somebody_agreed(village):
    made = await booked(village, NOON, actor=village.clerk, held=True)
    await confirmed(village, made.id, village.clerk, consent="fingerprint")
    visit = await visit_of(village, made.id)
    assert (visit.consent, visit.operator_id) == ("fingerprint", village.clerk.person_id)


async def test_an_officer_of_the_prison_confirms_nobodys_hold(village):
    made = await booked(village, NOON, held=True)
    with pytest.raises(Forbidden):
        await confirmed(village, made.id, village.officer)


async def test_a_hold_that_lapsed_is_confirmed_while_its_room_is_still_free(village):
    made = await booked(village, NOON, held=True)
    late = NOON + 11 * MINUTE
    assert (await confirmed(village, made.id, now=late)).status is Status.BOOKED


async def test_a_hold_whose_room_is_gone_is_not(village):
    made = await booked(village, NOON, held=True)
    late = NOON + 11 * MINUTE
    inmate = await village.another_inmate()
    other = await village.relative(KinshipKind.MOTHER, inmate=inmate)
    await booked(village, late, other, inmate_id=inmate.id)
    with pytest.raises(SlotTaken):
        await confirmed(village, made.id, now=late)


async def test_a_hold_that_was_swept_away_says_so(village):
    made = await booked(village, NOON, held=True)
    late = NOON + 10 * MINUTE
    assert await lapse_holds(village.session, late) == 1
    assert await lapse_holds(village.session, late) == 0
    assert (await status_of(village, made.id), await places_of(village, made.id)) == (
        "lapsed",
        set(),
    )
    (told,) = await letters(village, "lapsed")
    assert told["person_id"] == village.mother.id
    with pytest.raises(HoldLapsed):
        await confirmed(village, made.id, now=late)


async def test_a_hold_that_a_closing_put_into_another_room_is_confirmed_there(village):
    made = await booked(village, NOON, held=True)
    closing = Closing(village.office.id, (made.room_id,), made_interval(made), "تعمیر")
    await close(village.session, village.manager, closing, NOON)
    there = await confirmed(village, made.id)
    assert (there.status, there.room_id) == (Status.BOOKED, village.rooms[1].id)


async def test_a_visit_follows_its_inmate_into_another_prison(village):
    made = await booked(village, NOON)
    target = await another_prison(village)
    inmate = await village.session.get(Inmate, village.inmate.id)
    inmate.prison_id = target.id
    await village.session.flush()
    there = await moved(village, made.id)
    assert there.prison_id == target.id
    assert (await visit_of(village, made.id)).prison_id == target.id


async def test_a_prison_that_changes_while_one_waits_in_line_is_a_conflict(database):
    async with database.transaction() as session:
        world = await make_world(session)
        made = await booked(world, NOON)
        target = await another_prison(world)
        rule = await rules_of(world, NOON)

    async def go() -> None:
        async with database.transaction() as session:
            mother = world.actor(world.mother)
            await move(session, mother, made.id, Target(NEXT_DAY), NOON, rule)

    async with database.transaction() as elsewhere:
        await hold.lock(elsewhere, await hold.keys_of(elsewhere, made.id))
        late = asyncio.create_task(go())
        await waits_for_a_lock(database)
        query = text("UPDATE inmate SET prison_id = :to WHERE person_id = :who")
        await elsewhere.execute(query, {"to": target.id, "who": world.inmate.id})
    with pytest.raises(Conflict):
        await late


async def test_step_free_stays_step_free(village):
    _, step_free = village.rooms
    made = await booked(village, NOON, step_free=True)
    there = await moved(village, made.id)
    assert (made.room_id, there.room_id) == (step_free.id, step_free.id)
    with pytest.raises(SlotTaken):
        await moved(village, made.id, room_id=village.rooms[0].id)
