from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from remote_court.calendars.closures import Closures, Days, Order, WeeklyRest
from remote_court.calendars.interval import Interval
from remote_court.calendars.opening_hours import WeeklySpan, between
from remote_court.clock import local
from remote_court.places import Audience, DayClosure
from remote_court.scheduling.opening import Opening, Openings, openings, shared
from tests.world import LONG_AGO

SUNDAY, THURSDAY, FRIDAY = date(2026, 11, 29), date(2026, 12, 3), date(2026, 12, 4)
LONG = date(2025, 3, 21)
ALL = frozenset(Audience)
WOMEN = frozenset({Audience.ANYONE, Audience.WOMEN})
MEN = frozenset({Audience.ANYONE, Audience.MEN})
COMMON = frozenset({Audience.ANYONE})
REST = [
    WeeklyRest(frozenset({6}), Days(LONG, None)),
    WeeklyRest(frozenset({5, 6}), Days(LONG, None), "20"),
]


def place(province="11", orders=(), **hours) -> Opening:
    spans = {
        Audience(who): tuple(
            WeeklySpan(day, time(opens), time(closes), LONG) for day, opens, closes in rows
        )
        for who, rows in hours.items()
    }
    return Opening("جا", "Place", province, spans, Closures(REST, orders))


def both(office: Opening, prison: Opening) -> Openings:
    return Openings({1: office, 2: prison}, (1, 2))


EVERY_MORNING = [(day, 8, 12) for day in range(7)]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (COMMON, [(8, 9)]),
        (WOMEN, [(8, 10)]),
        (MEN, [(8, 9), (10, 12)]),
        (ALL, [(8, 12)]),
    ],
)
def test_gender_hours_open_to_their_own_and_common_hours_to_everybody(who, expected):
    prison = place(anyone=[(1, 8, 9)], women=[(1, 9, 10)], men=[(1, 10, 12)])
    found = both(place(anyone=EVERY_MORNING), prison).common(SUNDAY, who)
    assert found == [between(SUNDAY, time(a), time(b)) for a, b in expected]


def test_thursday_is_closed_where_the_province_says_so_and_one_closed_side_closes_both():
    usual, semnan = place(anyone=EVERY_MORNING), place("20", anyone=EVERY_MORNING)
    assert both(usual, usual).common(THURSDAY, COMMON)
    assert not both(usual, semnan).common(THURSDAY, COMMON)
    assert not both(semnan, usual).common(THURSDAY, COMMON)
    assert not both(usual, usual).common(FRIDAY, COMMON)


def test_hours_that_meet_for_less_than_a_visit_leave_no_start():
    early = place(anyone=[(1, 8, 10)])
    late = Opening(
        "جا", "Place", "11",
        {Audience.ANYONE: (WeeklySpan(1, time(9, 40), time(12), LONG),)}, Closures(REST),
    )  # fmt: skip
    known = both(early, late)
    assert known.starts(SUNDAY, timedelta(minutes=30), COMMON) == []
    found = known.starts(SUNDAY, timedelta(minutes=15), COMMON)
    assert [local(start).time() for start in found] == [time(9, 45)]


def test_a_visit_must_fit_whole_into_open_hours():
    known = both(place(anyone=EVERY_MORNING), place(anyone=EVERY_MORNING))
    noon = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)
    half = timedelta(minutes=30)
    assert known.allow(Interval(noon - half, noon), SUNDAY, COMMON)
    assert not known.allow(Interval(noon - half / 2, noon + half / 2), SUNDAY, COMMON)


def test_an_unknown_place_is_never_open():
    alone = Openings({1: place(anyone=EVERY_MORNING)}, (1, 2))
    assert alone.common(SUNDAY, ALL) == []
    assert Openings({}, ()).common(SUNDAY, ALL) == []


def test_an_order_closes_the_day():
    shut = place(anyone=EVERY_MORNING, orders=[Order(Days(SUNDAY, SUNDAY), "گرما")])
    assert shut.on(SUNDAY, COMMON) == []
    assert shut.on(SUNDAY + timedelta(days=1), COMMON)


def test_shared_is_what_both_lists_have():
    noon = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)
    hour = timedelta(hours=1)
    one = [Interval(noon, noon + 2 * hour), Interval(noon + 4 * hour, noon + 6 * hour)]
    other = [Interval(noon + hour, noon + 5 * hour)]
    assert shared(one, other) == [
        Interval(noon + hour, noon + 2 * hour),
        Interval(noon + 4 * hour, noon + 5 * hour),
    ]


@pytest.mark.parametrize("scope", ["office", "prison", "office's province", "country", "elsewhere"])
async def test_a_closed_day_closes_its_place_its_province_or_the_country(village, scope):
    world = village
    where: dict[str, object] = {
        "office": {"place_id": world.office.id},
        "prison": {"place_id": world.prison.id},
        "office's province": {"province_code": "11"},
        "country": {},
        "elsewhere": {"place_id": 10**9},
    }[scope]
    world.session.add(
        DayClosure(
            day=SUNDAY,
            reason="گرما",
            entered_by=world.manager.person_id,
            entered_at=LONG_AGO,
            **where,
        )
    )
    await world.session.flush()
    ids = [world.office.id, world.prison.id]
    known = await openings(world.session, ids, SUNDAY, SUNDAY + timedelta(days=1))
    assert bool(known.common(SUNDAY, COMMON)) is (scope == "elsewhere")
    assert known.common(SUNDAY + timedelta(days=1), COMMON)


async def test_a_place_out_of_service_is_not_known(village):
    village.office.in_service = False
    await village.session.flush()
    ids = [village.office.id, village.prison.id]
    known = await openings(village.session, ids, SUNDAY, SUNDAY)
    assert set(known.places) == {village.prison.id}
    assert known.places[village.prison.id].name("fa") == "ندامتگاه تهران"
    assert known.places[village.prison.id].name("en") == "Tehran prison"
