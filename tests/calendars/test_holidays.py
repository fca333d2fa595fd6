"""The country's public holidays."""

from datetime import date, timedelta

import pytest

from remote_court.calendars.holidays import holidays_of, holidays_on, is_tentative
from remote_court.calendars.jalali import gregorian, jalali

# (month, day) in 1405 and 1406; the lunar ones are computed and may move by a day.
DAYS_1405 = (
    *((1, 1), (1, 2), (1, 3), (1, 4), (1, 12), (1, 13), (1, 25), (3, 6), (3, 14), (3, 15)),
    *((4, 3), (4, 4), (5, 13), (5, 21), (5, 22), (5, 30), (6, 8), (8, 22), (10, 2), (10, 16)),
    *((11, 4), (11, 22), (12, 10), (12, 19), (12, 20), (12, 29)),
)
DAYS_1406 = (
    *((1, 1), (1, 2), (1, 3), (1, 4), (1, 12), (1, 13), (1, 14), (2, 27), (3, 4), (3, 14)),
    *((3, 15), (3, 25), (3, 26), (5, 3), (5, 11), (5, 12), (5, 20), (5, 29), (8, 12), (9, 21)),
    (10, 5),
)


def shown(year):
    return [tuple(jalali(day))[1:] for day in sorted({h.day for h in holidays_of(year)})]


def test_1405_has_its_26_holidays():
    assert shown(1405) == list(DAYS_1405)


def test_1406_has_its_holidays_up_to_dey():
    assert [day for day in shown(1406) if day <= (10, 5)] == list(DAYS_1406)


def open_days(year, closed_weekdays):
    first, after = gregorian(year, 1, 1), gregorian(year + 1, 1, 1)
    days = (first + timedelta(days=n) for n in range((after - first).days))
    return sum(1 for d in days if d.weekday() not in closed_weekdays and not holidays_on(d))


def test_1405_has_244_open_days_and_290_with_thursdays():
    thursday, friday = 3, 4
    assert open_days(1405, {thursday, friday}) == 244
    assert open_days(1405, {friday}) == 290


@pytest.mark.parametrize("year", range(1404, 1415))
def test_solar_holidays_are_certain_every_year(year):
    for month, day in [(1, 1), (1, 4), (1, 12), (1, 13), (3, 14), (3, 15), (11, 22), (12, 29)]:
        assert holidays_on(gregorian(year, month, day))
        assert not is_tentative(gregorian(year, month, day))


def test_lunar_holidays_are_tentative():
    ali = gregorian(1405, 10, 2)
    (holiday,) = holidays_on(ali)
    assert holiday.name("en") == "Birthday of Imam Ali"
    assert "امام علی" in holiday.name("fa")
    assert is_tentative(ali)


def test_a_day_with_a_solar_and_a_lunar_holiday_is_certain():
    both = holidays_on(gregorian(1405, 3, 14))
    assert {h.lunar for h in both} == {True, False}
    assert not is_tentative(gregorian(1405, 3, 14))


def test_a_leap_year_ends_with_a_holiday():
    assert holidays_on(gregorian(1408, 12, 30))
    assert not is_tentative(gregorian(1408, 12, 30))


def test_an_ordinary_day_is_no_holiday():
    assert holidays_on(date(2026, 12, 1)) == ()
    assert not is_tentative(date(2026, 12, 1))


def test_every_holiday_has_a_name_in_both_languages():
    for year in range(1400, 1420):
        for holiday in holidays_of(year):
            assert holiday.fa != holiday.en
            assert holiday.fa
            assert holiday.en.isascii()
