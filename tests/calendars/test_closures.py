"""Which days are open."""

from datetime import date, timedelta
from itertools import product

import pytest

from remote_court.calendars.closures import FRIDAYS, Closures, Days, Order, WeeklyRest
from remote_court.calendars.jalali import gregorian
from remote_court.calendars.week import weekdays

SEMNAN, TEHRAN = "20", "23"
TUESDAY = gregorian(1405, 9, 10)
THURSDAY = gregorian(1405, 9, 12)
FRIDAY = gregorian(1405, 9, 13)
ALI = gregorian(1405, 10, 2)


def only(day):
    return Days(day, day)


def closes(day, **where):
    return Order(only(day), "گرما", **where)


def opens(day, **where):
    return Order(only(day), "شعبه کشیک", opens=True, **where)


def test_friday_is_closed_and_thursday_is_not():
    calendar = Closures()
    assert calendar.is_open(TUESDAY)
    assert calendar.is_open(THURSDAY)
    assert not calendar.is_open(FRIDAY)
    assert calendar.why_closed(FRIDAY).reason("fa") == "جمعه"


def test_thursday_is_closed_in_a_province_that_decided_so_from_that_day_on():
    rest = WeeklyRest(
        weekdays(["thu", "fri"]), Days(THURSDAY, THURSDAY + timedelta(days=7)), SEMNAN
    )
    calendar = Closures([FRIDAYS, rest])
    assert [
        calendar.is_open(day, province)
        for day, province in product(
            [THURSDAY + timedelta(days=n) for n in (-7, 0, 7, 14)], [SEMNAN, TEHRAN]
        )
    ] == [True, True, False, True, False, True, True, True]
    assert not calendar.is_open(FRIDAY, SEMNAN)


def test_a_public_holiday_is_closed_and_says_whether_the_moon_may_move_it():
    why = Closures().why_closed(ALI, TEHRAN)
    assert why.reason("en") == "Birthday of Imam Ali"
    assert why.tentative
    assert not Closures().why_closed(gregorian(1405, 11, 22)).tentative


def test_a_lunar_holiday_that_moved_is_two_orders():
    calendar = Closures(orders=[opens(ALI), closes(ALI + timedelta(days=1))])
    assert calendar.is_open(ALI)
    assert not calendar.is_open(ALI + timedelta(days=1), TEHRAN, 7)


# country, province and place each say nothing, closed or open; the narrowest word counts.
@pytest.mark.parametrize("day", [TUESDAY, FRIDAY])
@pytest.mark.parametrize(
    ("country", "province", "place"), list(product([None, True, False], repeat=3))
)
def test_the_narrowest_order_counts(day, country, province, place):
    where = [{}, {"province": TEHRAN}, {"place": 7}]
    words = [country, province, place]
    orders = [
        Order(only(day), "حکم", opens=word, **scope)
        for word, scope in zip(words, where, strict=True)
        if word is not None
    ]
    expected = next((w for w in reversed(words) if w is not None), day == TUESDAY)
    assert Closures(orders=orders).is_open(day, TEHRAN, 7) is expected


def test_an_order_binds_nobody_else():
    calendar = Closures(orders=[closes(TUESDAY, province=SEMNAN), closes(TUESDAY, place=7)])
    assert calendar.is_open(TUESDAY, TEHRAN, 8)
    assert not calendar.is_open(TUESDAY, SEMNAN, 8)
    assert not calendar.is_open(TUESDAY, TEHRAN, 7)
    assert calendar.why_closed(TUESDAY, SEMNAN).fa == "گرما"


@pytest.mark.parametrize("turn", [1, -1])
def test_of_two_orders_that_disagree_the_closing_one_wins(turn):
    orders = [opens(TUESDAY, province=TEHRAN), closes(TUESDAY, province=TEHRAN)][::turn]
    assert not Closures(orders=orders).is_open(TUESDAY, TEHRAN)


def test_an_order_without_a_last_day_holds_until_further_notice():
    calendar = Closures(orders=[Order(Days(TUESDAY, None), "بازسازی", place=7)])
    assert calendar.is_open(TUESDAY - timedelta(days=1), TEHRAN, 7)
    assert not calendar.is_open(TUESDAY + timedelta(days=701), TEHRAN, 7)


def test_days_that_end_before_they_begin_are_not_born():
    with pytest.raises(ValueError, match="before they begin"):
        Days(FRIDAY, TUESDAY)


def test_open_days_leave_the_closed_ones_out():
    found = Closures().open_days(TUESDAY, TUESDAY + timedelta(days=6))
    assert found == [TUESDAY + timedelta(days=n) for n in (0, 1, 2, 4, 5, 6)]
    assert date(2026, 12, 4) not in found
