"""The earliest lawful common times, with everybody's place and why nothing is earlier."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from remote_court.calendars.interval import Interval
from remote_court.calendars.jalali import gregorian
from remote_court.clock import local
from remote_court.errors import Forbidden, NotFound
from remote_court.hearings.find_times import BadWindow, Times, find_times
from remote_court.hearings.forums import Forum
from remote_court.hearings.list_hearing import list_hearing
from remote_court.hearings.plan import Coming
from remote_court.hearings.roles import Address, Mode, PartyRole, Seat, Site
from remote_court.hearings.rules import ListingRefused
from remote_court.places import Audience, DayClosure, Office, OfficeKind, UnitKind, WeeklyHours
from remote_court.scheduling.blocks import block
from tests.hearings.times import LAWFUL, at
from tests.world import LONG_AGO, unit

QUARTER = timedelta(minutes=15)


async def find(here, noon, plan=None, **asked):
    return await find_times(here.session, here.clerk, plan or here.plan(), Times(**asked), noon)


def reasons(skipped):
    return [(s.reason.code, s.day, s.first, s.last) for s in skipped]


async def test_the_first_offer_is_the_first_lawful_morning_and_says_what_came_before(
    court_world, noon
):
    answer = await find(court_world, noon)
    first = answer.found.offers[0]
    assert first.starts_at == at(9, 9, 7, 30)
    assert len(answer.found.offers) == 5
    (why,) = first.skipped
    assert (why.reason.code, why.day, why.until) == (
        "clear-days", gregorian(1405, 9, 3), gregorian(1405, 9, 8)
    )  # fmt: skip
    assert why.reason.values == {"until": gregorian(1405, 9, 8)}
    assert why.reason.source["en"] == "Civil Procedure Code, art. 64"
    starts = [offer.starts_at for offer in answer.found.offers]
    assert starts == [first.starts_at + n * QUARTER for n in range(5)]
    assert {seat.place_id for seat in first.seats} == {court_world.world.office.id}


async def test_what_a_search_offers_can_be_listed_and_is_then_gone(court_world, noon):
    here = court_world
    before = (await find(here, noon)).found.offers
    await list_hearing(here.session, here.clerk, here.plan(), before[0].starts_at, noon)
    after = (await find(here, noon)).found.offers
    # 25 minutes and five between: what the first takes is over at eight.
    assert after[0].starts_at == at(9, 9, 8)
    assert reasons(after[0].skipped)[1] == (
        "branch-sits", gregorian(1405, 9, 9), at(9, 9, 7, 30), at(9, 9, 7, 45)
    )  # fmt: skip
    assert after[0].skipped[1].reason.values == {"until": "08:00"}


async def test_who_sits_elsewhere_is_named_with_the_hour(court_world, noon):
    here = court_world
    branch = await here.new_branch()
    clerk = await here.world.staff(here.clerk.role, branch.id)
    case = await here.new_case(branch.id)
    party = await here.party(case=case, site=Site.OWN_DEVICE, own_device_by=here.judge.person_id)
    elsewhere = here.plan(case_id=case.id, minutes=225)
    await list_hearing(here.session, clerk, elsewhere, at(9, 9, 7, 30), noon)
    first = (await find(here, noon)).found.offers[0]
    why = first.skipped[-1]
    assert why.reason.code == "judge-sits"
    assert why.reason.values["until"] == "11:20"
    assert first.starts_at == at(9, 9, 11, 30)
    assert party.person_id not in {seat.person_id for seat in first.seats}


async def test_closed_days_are_passed_over_by_name(court_world, noon):
    here = court_world
    for day in (9, 10):
        closed = DayClosure(
            day=gregorian(1405, 9, day), reason="آلودگی هوا", province_code="23",
            entered_at=LONG_AGO,
        )  # fmt: skip
        here.session.add(closed)
    await here.session.flush()
    offer = (await find(here, noon)).found.offers[0]
    assert local_day(offer) == gregorian(1405, 9, 11)
    assert [(s.reason.code, s.day, s.until) for s in offer.skipped] == [
        ("clear-days", gregorian(1405, 9, 3), gregorian(1405, 9, 10)),
    ]  # the roll-over of the last day is the law's own


async def test_a_friday_between_offers_is_told(court_world, noon):
    thursday = gregorian(1405, 9, 12)
    answer = await find(court_world, noon, court_world.plan(minutes=340), first=thursday)
    days = [local_day(offer) for offer in answer.found.offers]
    assert days[:3] == [thursday] * 3
    friday = next(s for offer in answer.found.offers for s in offer.skipped if s.first is None
                  and s.reason.code == "court-closed")  # fmt: skip
    assert friday.reason.values["why"].en == "Friday"


def local_day(offer) -> date:
    return local(offer.starts_at).date()


async def second_office(here):
    office = Office(
        code="11002", name_fa="دفتر نور", name_en="Noor office", kind=OfficeKind.FIXED,
        province_code="11", city_fa="زاهدان", city_en="Zahedan", address_fa="خیابان نور",
        address_en="Noor St", phone="+985433220001", lat=29.6, lon=60.86,
    )  # fmt: skip
    here.session.add(office)
    await here.session.flush()
    here.session.add(unit(UnitKind.ROOM, office.id, 1, []))
    for weekday in range(6):
        here.session.add(
            WeeklyHours(
                place_id=office.id, weekday=weekday, opens=time(8), closes=time(12),
                audience=Audience.ANYONE, valid_from=date(2025, 3, 21),
            )
        )  # fmt: skip
    await here.session.flush()
    return office


async def test_who_shares_an_office_with_others_goes_to_the_next_one_they_can_reach(
    court_world, noon
):
    here = court_world
    office = await second_office(here)
    third = await here.party(office_ids=[here.world.office.id, office.id])
    answer = await find(here, noon, limit=1)
    (offer,) = answer.found.offers
    assert offer.starts_at == at(9, 9, 8)  # the second office opens at eight
    why = offer.skipped[-1]
    assert why.reason.code == "too-few-rooms"
    seat = {one.party_id: one.place_id for one in offer.seats}
    assert seat[third.id] == office.id
    km = answer.metres[third.id, office.id] / 1000
    assert km == pytest.approx(11.1, abs=0.1)
    assert answer.metres[here.defendant.id, here.world.office.id] == 0


async def test_a_closed_room_and_a_full_prison_are_told_apart(court_world, noon):
    here = court_world
    for room in here.world.rooms:
        await block(
            here.session, here.world.office.id, room.id,
            Interval(at(9, 9, 7, 30), at(9, 9, 9)), reason="تعمیر",
            entered_by=here.world.manager.person_id, now=noon,
        )  # fmt: skip
    first = (await find(here, noon)).found.offers[0]
    assert first.starts_at == at(9, 9, 9)
    assert first.skipped[-1].reason.code == "rooms-full"
    branch = await here.new_branch(Forum.CRIMINAL_TWO)
    clerk, judge = [await here.world.staff(a.role, branch.id) for a in (here.clerk, here.judge)]
    case = await here.new_case(branch.id)
    await here.prisoner(case=case)
    for booth in here.world.booths:
        await block(
            here.session, here.world.prison.id, booth.id,
            Interval(at(9, 11, 7, 30), at(9, 11, 8)), reason="تعمیر",
            entered_by=here.world.officer.person_id, now=noon,
        )  # fmt: skip
    plan = here.plan(case_id=case.id, bench={judge.person_id: Seat.PRESIDING})
    answer = await find_times(here.session, clerk, plan, Times(), noon)
    offer = answer.found.offers[0]
    assert offer.starts_at == at(9, 11, 8)  # a week in a criminal court
    assert [s.reason.code for s in offer.skipped] == ["clear-days", "booths-full"]


async def test_who_needs_what_no_room_has_is_told_so(court_world, noon):
    here = court_world
    here.defendant.needs = ["hearing_loop", "sign_interpreter"]
    await here.session.flush()
    answer = await find(here, noon, last=gregorian(1405, 9, 9))
    assert answer.found.offers == ()
    assert [s.reason.code for s in answer.found.skipped] == ["clear-days", "no-such-room"]
    here.world.rooms[0].features = ["hearing_loop"]
    await here.session.flush()
    offer = (await find(here, noon)).found.offers[0]
    seat = {one.party_id: one.unit_id for one in offer.seats}
    assert seat[here.defendant.id] == here.world.rooms[0].id


async def test_who_comes_to_the_courtroom_or_from_home_takes_no_room(court_world, noon):
    here = court_world
    here.defendant.own_device_by, here.defendant.site = here.judge.person_id, Site.OWN_DEVICE
    await here.session.flush()
    coming = (Coming(here.plaintiff.id, Site.COURTROOM), Coming(here.defendant.id))
    plan = here.plan(coming=coming, mode=Mode.HYBRID)
    offer = (await find(here, noon, plan)).found.offers[0]
    assert [(s.site, s.place_id, s.unit_id) for s in offer.seats] == [
        (Site.COURTROOM, None, None), (Site.OWN_DEVICE, None, None)
    ]  # fmt: skip


async def test_a_window_that_ends_inside_the_gap_offers_nothing_and_says_why(court_world, noon):
    here = court_world
    here.defendant.address = Address.ABROAD
    await here.session.flush()
    answer = await find(here, noon, last=gregorian(1405, 9, 20))
    assert answer.found.offers == ()
    (why,) = answer.found.skipped
    assert why.reason.values == {"until": gregorian(1405, 11, 4)}
    assert answer.found.earliest[0].day == gregorian(1405, 11, 5)


@pytest.mark.parametrize(
    "asked",
    [
        {"first": date(2026, 11, 20)},
        {"first": date(2026, 12, 20), "last": date(2026, 12, 10)},
        {"last": date(2027, 6, 10)},
        {"limit": 21},
        {"limit": 0},
    ],
)
async def test_a_window_is_in_order_and_bounded(court_world, noon, asked):
    with pytest.raises(BadWindow):
        await find(court_world, noon, **asked)


async def test_what_can_be_at_no_time_is_refused_at_once(court_world, noon):
    plan = court_world.plan(bench={}, order="")
    with pytest.raises(ListingRefused) as refused:
        await find(court_world, noon, plan)
    assert [r.code for r in refused.value.reasons] == ["bench-incomplete"]


async def test_a_search_is_for_the_court_of_the_case(court_world, noon):
    here = court_world
    other = await here.world.staff(here.clerk.role, (await here.new_branch()).id)
    with pytest.raises(NotFound):
        await find_times(here.session, other, here.plan(), Times(), noon)
    with pytest.raises(Forbidden):
        await find_times(here.session, here.world.clerk, here.plan(), Times(), noon)


async def test_an_interpreter_is_a_person_who_must_be_free_too(court_world, noon):
    here = court_world
    interpreter = await here.party(
        PartyRole.INTERPRETER, site=Site.OWN_DEVICE, own_device_by=here.judge.person_id
    )
    who = interpreter.person_id
    branch = await here.new_branch()
    clerk, judge = [await here.world.staff(a.role, branch.id) for a in (here.clerk, here.judge)]
    case = await here.new_case(branch.id)
    person = await here.session.get(type(here.world.mother), who)
    await here.party(
        PartyRole.INTERPRETER, case=case, person=person, site=Site.OWN_DEVICE,
        own_device_by=judge.person_id,
    )  # fmt: skip
    plan = here.plan(case_id=case.id, bench={judge.person_id: Seat.PRESIDING})
    await list_hearing(here.session, clerk, plan, at(9, 9, 7, 30), noon)
    first = (await find(here, noon)).found.offers[0]
    assert first.starts_at == at(9, 9, 8)
    assert first.skipped[-1].reason.code == "party-elsewhere"
    assert first.starts_at < LAWFUL
