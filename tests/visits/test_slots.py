from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from remote_court.clock import local
from remote_court.errors import NotFound
from remote_court.places import Audience, WeeklyHours
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.models import VisitKind
from remote_court.visits.request import Request
from remote_court.visits.slots import Search, nearest, slots
from tests.visits.stage import SUNDAY, a_man, booked, rules_of
from tests.world import FREE_START, NOON

DAY, MINUTE, HALF_HOUR = timedelta(days=1), timedelta(minutes=1), timedelta(minutes=30)
TODAY = date(2026, 11, 24)


async def found(world, now=NOON, **changes):
    values = {
        "inmate_id": world.inmate.id,
        "office_id": world.office.id,
        "visitor_ids": (world.mother.id,),
        "first": SUNDAY,
        "last": SUNDAY,
    }
    return await slots(world.session, Search(**(values | changes)), now, await rules_of(world, now))


async def free_at(world, at=FREE_START, **changes) -> int:
    return {slot.starts_at: slot.free for slot in await found(world, **changes)}[at]


async def test_a_day_has_every_quarter_at_which_a_visit_fits(village):
    shown = await found(village)
    walls = [local(slot.starts_at) for slot in shown]
    assert (f"{walls[0]:%H:%M}", f"{walls[-1]:%H:%M}", len(shown)) == ("07:30", "13:30", 25)
    assert {slot.free for slot in shown} == {2}
    assert {slot.ends_at - slot.starts_at for slot in shown} == {20 * MINUTE}
    talks = await found(village, kind=VisitKind.LAWYER)
    assert {slot.ends_at - slot.starts_at for slot in talks} == {60 * MINUTE}


async def test_what_is_taken_is_not_free_and_its_neighbours_are(village):
    inmate = await village.another_inmate()
    other = await village.relative(KinshipKind.MOTHER, inmate=inmate)
    await booked(village, NOON, other, inmate_id=inmate.id)
    counts = {slot.starts_at: slot.free for slot in await found(village)}
    around = [counts[FREE_START + n * 15 * MINUTE] for n in (-2, -1, 0, 1, 2)]
    assert around == [2, 1, 1, 1, 2]
    assert await free_at(village, step_free=True) == 1
    assert await free_at(village, visitor_ids=(village.mother.id,)) == 1


async def test_one_who_is_busy_leaves_nothing_free(village):
    await booked(village, NOON)
    assert await free_at(village) == 0


@pytest.mark.parametrize(
    ("first", "last", "more", "days"),
    [
        (TODAY, TODAY + 40 * DAY, {}, (2, 28)),
        (TODAY, TODAY + DAY, {}, None),
        (TODAY, TODAY + DAY, {"standing": True}, (0, 1)),
        (SUNDAY, SUNDAY - DAY, {}, None),
        (date.min, date.max, {}, (2, 28)),
    ],
)
async def test_only_days_that_can_be_booked_are_shown(village, first, last, more, days):
    shown = [
        local(s.starts_at).date() for s in await found(village, first=first, last=last, **more)
    ]
    if days is None:
        assert shown == []
        return
    assert (shown[0] - TODAY).days >= days[0]
    assert (shown[-1] - TODAY).days <= days[1]
    assert {day.isoweekday() for day in shown} <= {1, 2, 3, 4, 6, 7}


async def test_nothing_that_has_begun_is_shown(village):
    shown = await found(village, first=TODAY, last=TODAY, standing=True)
    assert min(slot.starts_at for slot in shown) > NOON


async def test_women_and_men_find_their_own_hours_and_together_only_common_ones(village):
    brother = await a_man(village)
    await village.tie(brother, KinshipKind.SIBLING)
    boy = await a_man(village, born_on=date(2015, 1, 1))
    await village.tie(boy, KinshipKind.CHILD)
    hours = update(WeeklyHours).where(WeeklyHours.place_id == village.prison.id)
    await village.session.execute(hours.values(audience=Audience.WOMEN))
    mother = village.mother.id
    assert await found(village)
    assert await found(village, visitor_ids=(mother, boy.id))
    assert not await found(village, visitor_ids=(brother.id,))
    assert not await found(village, visitor_ids=(mother, brother.id))


async def test_strangers_learn_nothing_even_beside_a_relative(village):
    stranger = await village.person()
    for visitors in ((stranger.id,), (village.mother.id, stranger.id)):
        with pytest.raises(NotFound):
            await found(village, visitor_ids=visitors)
    with pytest.raises(NotFound):
        await found(village, office_id=village.prison.id)


async def test_ones_own_hold_and_the_visit_one_moves_are_free_for_oneself(village):
    held = await booked(village, NOON, held=True)
    assert await free_at(village) == 0
    assert await free_at(village, holder=village.mother.id) == 2
    assert await free_at(village, moving=held.id) == 2


async def test_another_inmates_visit_is_not_found_out_by_pretending_to_move_it(village):
    inmate = await village.another_inmate()
    sister = await village.relative()
    await village.tie(sister, KinshipKind.SPOUSE, inmate=inmate)
    theirs = await booked(village, NOON, sister, inmate_id=inmate.id)
    both = (village.mother.id, sister.id)
    assert await free_at(village, visitor_ids=both, moving=theirs.id) == 0


async def test_the_nearest_free_starts_are_offered_soonest_first(village):
    await booked(village, NOON)
    request = Request(
        inmate_id=village.inmate.id, office_id=village.office.id, starts_at=FREE_START,
        visitor_ids=(village.mother.id,), booked_for=village.mother.id,
    )  # fmt: skip
    rule = await rules_of(village, NOON)
    offered = [slot.starts_at for slot in await nearest(village.session, request, NOON, rule)]
    assert len(offered) == 5
    assert offered == sorted(offered)
    assert FREE_START - HALF_HOUR in offered
    assert FREE_START + HALF_HOUR in offered
    assert FREE_START not in offered
