from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from remote_court.scheduling.models import Session
from remote_court.text import sort_key
from remote_court.visits import queries
from remote_court.visits.decide import lapse_requests
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.models import VisitKind
from remote_court.visits.status import Status
from remote_court.visits.sweeps import lapse_holds
from tests.visits.stage import booked
from tests.visits.test_whereabouts import tie
from tests.world import FREE_START, NOON, make_inmate

WEEK, DAY = timedelta(days=7), timedelta(days=1)


async def test_a_visit_is_shown_with_the_name_of_everything_in_it(village):
    child = await village.relative(KinshipKind.CHILD, given="سارا")
    made = await booked(
        village,
        NOON,
        actor=village.clerk,
        visitor_ids=(village.mother.id, child.id),
        consent="oral",
    )
    shown = await queries.visit(village.session, made.id)
    assert (shown.id, shown.kind, shown.status) == (made.id, VisitKind.FAMILY, Status.BOOKED)
    assert (shown.starts_at, shown.ends_at) == (FREE_START, FREE_START + timedelta(minutes=20))
    assert (shown.inmate, shown.booked_for_name) == (village.inmate.name, village.mother.name)
    assert (shown.operator, shown.consent) == (village.clerk.name, "oral")
    assert (shown.office("fa"), shown.office("en")) == ("دفتر آزادی", "Azadi office")
    assert (shown.prison("fa"), shown.prison("en")) == ("ندامتگاه تهران", "Tehran prison")
    assert (shown.room_fa, shown.booth_en) == ("اتاق 1", "Booth 1")
    people = [(v.id, v.name, v.adult, v.sighted) for v in shown.visitors]
    assert people == [
        (village.mother.id, village.mother.name, True, False),
        (child.id, child.name, True, False),
    ]
    assert await queries.visit(village.session, 10**9) is None
    several = await queries.visits(village.session, {made.id, 10**9})
    assert [one.id for one in several] == [made.id]


async def test_my_visits_are_those_i_hold_or_take_part_in_newest_first(village):
    sister = await village.relative()
    mine = await booked(village, NOON, visitor_ids=(village.mother.id, sister.id))
    later = await booked(village, NOON, starts_at=FREE_START + WEEK)
    await booked(village, NOON, sister, starts_at=FREE_START + 2 * WEEK)

    async def ids(person, **more):
        return [v.id for v in await queries.visits_of(village.session, person.id, **more)]

    assert await ids(village.mother) == [later.id, mine.id]
    assert (await ids(sister))[-1] == mine.id
    assert await ids(village.inmate) == []


async def test_a_long_list_comes_in_pages_with_nothing_twice_and_nothing_left_out(village):
    made = [(await booked(village, NOON, starts_at=FREE_START + n * WEEK)).id for n in range(3)]
    mother = village.mother.id
    seen: list[int] = []
    for _ in range(4):
        before = seen[-1] if seen else None
        page = await queries.visits_of(village.session, mother, before=before, limit=1)
        seen += [visit.id for visit in page]
    assert seen == made[::-1]


async def test_abandoned_holds_are_not_among_my_visits_and_unanswered_requests_are(village):
    cousin = await village.relative(KinshipKind.COUSIN)
    held = await booked(village, NOON, cousin, held=True)
    assert await queries.visits_of(village.session, cousin.id) == []
    await lapse_holds(village.session, NOON + DAY)
    assert await queries.visits_of(village.session, cousin.id) == []
    asked = await booked(village, NOON, cousin)
    await lapse_requests(village.session, NOON + 4 * DAY)
    (shown,) = await queries.visits_of(village.session, cousin.id)
    assert (shown.id, shown.status) == (asked.id, Status.LAPSED)
    assert (await queries.visit(village.session, held.id)).status is Status.LAPSED


@pytest.mark.parametrize("status", list(Status))
async def test_every_state_can_be_shown(village, status):
    made = await booked(village, NOON)
    change = update(Session).where(Session.id == made.id).values(status=status)
    await village.session.execute(change)
    assert (await queries.visit(village.session, made.id)).status is status


async def test_a_mother_sees_her_son_and_his_whole_list(village):
    brother = await village.relative(given="حسن")
    (shown,) = await queries.inmates_of(village.session, village.mother.id)
    assert (shown.id, shown.name, shown.as_lawyer) == (
        village.inmate.id,
        village.inmate.name,
        False,
    )
    assert (shown.prison_id, shown.prison("en")) == (village.prison.id, "Tehran prison")
    listed = {(v.id, v.kinship, v.sighted) for v in shown.visitors}
    assert listed == {
        (village.mother.id, "mother", True),
        (brother.id, "sibling", True),
    }


@pytest.mark.parametrize(
    ("kind", "kinship"), [("kin", "sibling"), ("permitted", None), ("lawyer", None)]
)
async def test_who_is_not_proven_kin_sees_nobody_else_on_the_list(village, kind, kinship):
    person = await village.person()
    await tie(village, person, kind)
    (shown,) = await queries.inmates_of(village.session, person.id)
    assert [(v.id, v.kinship, v.sighted) for v in shown.visitors] == [(person.id, kinship, False)]
    assert shown.as_lawyer is (kind == "lawyer")


async def test_a_stranger_sees_no_inmate_and_staff_find_one_by_number(village):
    assert await queries.inmates_of(village.session, (await village.person()).id) == []
    code = village.inmate.national_id
    found = await queries.inmate_by_code(village.session, code)
    assert (found.id, [v.id for v in found.visitors]) == (village.inmate.id, [village.mother.id])
    assert await queries.inmate_by_code(village.session, "0000000000") is None
    assert await queries.inmate_by_code(village.session, village.mother.national_id) is None


async def test_a_hold_has_lapsed_when_its_time_is_over_swept_or_not(village):
    held = await booked(village, NOON, held=True)
    shown = await queries.visit(village.session, held.id)
    assert shown.at(NOON).status is Status.HELD
    assert shown.at(shown.hold_until).status is Status.LAPSED


async def test_relatives_and_prisoners_stand_in_the_order_of_a_persian_dictionary(village):
    for family, given in (("یزدی", "آرش"), ("کریمی", "پری"), ("پاک", "نرگس"), ("گیلانی", "رضا")):
        await village.relative(given=given, family=family)
    (shown,) = await queries.inmates_of(village.session, village.mother.id)
    families = [v.name.split()[-1] for v in shown.visitors]
    assert families == sorted(families, key=sort_key)
    assert families[0] == "پاک"
    for family in ("یاوری", "آبادی", "چگینی"):
        inmate = await village.person("حسین", family)
        await make_inmate(village.session, inmate, village.prison)
        await village.tie(village.mother, KinshipKind.MOTHER, inmate=inmate)
    shown_now = await queries.inmates_of(village.session, village.mother.id)
    assert [i.name.split()[-1] for i in shown_now] == ["آبادی", "چگینی", "گلپایگانی", "یاوری"]
