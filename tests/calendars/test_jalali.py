"""Jalali dates: shown and read."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.calendars.jalali import (
    BadDate,
    Month,
    gregorian,
    hour,
    jalali,
    long,
    read,
    short,
    weekday,
    weekday_name,
)

days = st.dates(date(1960, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 3, 21), (1405, 1, 1)),
        (date(2026, 11, 23), (1405, 9, 2)),
        (date(2026, 12, 1), (1405, 9, 10)),
        (date(2027, 3, 20), (1405, 12, 29)),
        (date(2025, 3, 20), (1403, 12, 30)),  # 1403 is a leap year
        (date(2030, 3, 20), (1408, 12, 30)),  # and so is 1408
    ],
)
def test_known_days(day, shown):
    assert jalali(day) == shown
    assert gregorian(*shown) == day


@given(days)
def test_there_and_back(day):
    assert gregorian(*jalali(day)) == day
    for locale in ("fa", "en"):
        assert read(short(day, locale)) == day
    assert read(long(day, "fa")) == day


@pytest.mark.parametrize(
    "typed",
    [
        "1405/09/10",
        "۱۴۰۵/۰۹/۱۰",
        "١٤٠٥/٩/١٠",
        " 1405-9-10 ",
        "1405.09.10",
        "۱۰ آذر ۱۴۰۵",
        "سه‌شنبه ۱۰ آذر ۱۴۰۵",
        "10 azar 1405",
    ],
)
def test_a_date_is_read_as_people_write_it(typed):
    assert read(typed) == date(2026, 12, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1405",
        "1405/13/01",
        "1405/12/30",
        "1405/00/10",
        "2026/12/01",
        "05/09/10",
        "۱۰ تشرین ۱۴۰۵",
        "1405/09/10/1",
    ],
)
def test_what_is_no_solar_date_is_refused(typed):
    with pytest.raises(BadDate):
        read(typed)


def test_a_day_is_written_in_words():
    assert long(date(2026, 12, 1), "fa") == "سه‌شنبه ۱۰ آذر ۱۴۰۵"
    assert long(date(2026, 12, 1), "en") == "Tuesday 10 Azar 1405 (1 December 2026)"
    assert short(date(2026, 12, 1), "fa") == "۱۴۰۵/۰۹/۱۰"


def test_the_time_shown_is_the_one_on_the_wall_in_tehran():
    assert hour(datetime(2026, 12, 1, 7, 0, tzinfo=UTC), "fa") == "۱۰:۳۰"
    assert hour(datetime(2026, 12, 1, 7, 0, tzinfo=UTC), "en") == "10:30"


def test_the_week_begins_on_saturday():
    assert [weekday(date(2026, 11, 21 + n)) for n in range(7)] == list(range(7))
    assert weekday_name(date(2026, 11, 21), "fa") == "شنبه"
    assert weekday_name(date(2026, 11, 27), "en") == "Friday"


def test_azar_1405_as_the_wizard_shows_it():
    azar = Month(1405, 9)
    weeks = azar.weeks()
    assert azar.title("fa") == "آذر ۱۴۰۵"
    assert weeks[0] == (None, *(date(2026, 11, 22 + n) for n in range(6)))
    assert [day and jalali(day).day for day in weeks[-1]] == [28, 29, 30, None, None, None, None]
    assert str(azar.next()) == "1405-10"
    assert azar.previous() == Month(1405, 8)


def test_months_turn_the_year():
    assert Month(1405, 12).next() == Month(1406, 1)
    assert Month(1405, 1).previous() == Month(1404, 12)
    assert Month(1403, 12).last == date(2025, 3, 20)


@given(days)
def test_a_month_holds_its_days_once_each_in_its_columns(day):
    month = Month.of(day)
    weeks = month.weeks()
    shown = [d for week in weeks for d in week if d]
    assert shown[0] == month.first
    assert shown[-1] == month.last
    assert day in shown
    assert len(shown) == len(set(shown)) in {29, 30, 31}
    assert all(weekday(d) == column for week in weeks for column, d in enumerate(week) if d)
    assert Month.read(str(month)) == month


@pytest.mark.parametrize("text", ["", "1405", "1405-13", "1405-0", "2026-12"])
def test_a_month_that_is_none_is_refused(text):
    with pytest.raises(BadDate):
        Month.read(text)
