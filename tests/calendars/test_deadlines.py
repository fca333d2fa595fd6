"""Statutory terms, with the vectors of the law as we read it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court.calendars.closures import FRIDAYS, Closures, Days, Order, WeeklyRest
from remote_court.calendars.deadlines import (
    NeverServed,
    NoOpenDay,
    Recipient,
    Standing,
    carried_over,
    earliest_session,
    earliest_session_for,
    first_open,
    last_day_to_act,
    longest_term,
    standing,
    term_days,
)
from remote_court.calendars.jalali import gregorian
from remote_court.calendars.week import weekdays

SERVED = gregorian(1405, 9, 1)  # a Sunday
SEMNAN = "20"
CALENDAR = Closures(
    [FRIDAYS, WeeklyRest(weekdays(["thu", "fri"]), Days(date(2025, 9, 23), None), SEMNAN)]
)
OPEN_THURSDAY = CALENDAR.closed("23")
CLOSED_THURSDAY = CALENDAR.closed(SEMNAN)


def always(day):
    return True


def never(day):
    return False


@pytest.mark.parametrize(
    ("gap", "closed", "expected"),
    [
        (5, OPEN_THURSDAY, (1405, 9, 7)),
        (7, OPEN_THURSDAY, (1405, 9, 9)),
        (30, OPEN_THURSDAY, (1405, 10, 3)),  # 10/02 is Imam Ali's birthday
        (30, CLOSED_THURSDAY, (1405, 10, 5)),  # and 10/03 a Thursday
        (60, OPEN_THURSDAY, (1405, 11, 3)),  # 11/02 is a Friday
        (60, CLOSED_THURSDAY, (1405, 11, 3)),
    ],
)
def test_the_vectors_of_the_law(gap, closed, expected):
    assert earliest_session(SERVED, gap, closed) == gregorian(*expected)
    assert last_day_to_act(SERVED, gap, closed) == gregorian(*expected)


def test_a_month_has_thirty_days_and_a_year_twelve_months():
    assert term_days(months=2) == 60
    assert term_days(years=1) == 360
    assert term_days(weeks=1) == 7
    assert term_days(years=1, months=1, weeks=1, days=1) == 398


def test_a_day_the_courts_could_not_work_moves_the_term_too():
    outage = Closures(orders=[Order(Days(gregorian(1405, 9, 7), gregorian(1405, 9, 8)), "قطعی")])
    assert last_day_to_act(SERVED, 5, outage.closed("23")) == gregorian(1405, 9, 9)


days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
gaps = st.integers(0, 90)


@given(days, gaps)
def test_neither_the_day_of_service_nor_the_day_of_the_session_is_counted(served, gap):
    found = earliest_session(served, gap, never)
    between = [served + timedelta(days=n) for n in range(1, (found - served).days)]
    assert len(between) == gap


@given(days, gaps)
def test_no_session_falls_on_a_closed_day_and_none_earlier_was_open(served, gap):
    found = earliest_session(served, gap, OPEN_THURSDAY)
    assert not OPEN_THURSDAY(found)
    skipped = (found - served).days - gap - 1
    assert all(OPEN_THURSDAY(found - timedelta(days=n)) for n in range(1, skipped + 1))


@given(days, gaps, gaps)
def test_more_clear_days_never_give_an_earlier_session(served, gap, more):
    assert earliest_session(served, gap, OPEN_THURSDAY) <= earliest_session(
        served, gap + more, OPEN_THURSDAY
    )


def test_who_lives_abroad_has_two_months():
    at_home, abroad = Recipient(SERVED, 5), Recipient(SERVED, 5, abroad_days=60)
    assert earliest_session_for([at_home], never) == gregorian(1405, 9, 7)
    assert earliest_session_for([at_home, abroad], never) == gregorian(1405, 11, 2)
    assert Recipient(SERVED, 90, abroad_days=60).days == 90


def test_the_longest_term_of_several_defendants_is_everybodys():
    late = Recipient(SERVED + timedelta(days=3), 20)
    assert longest_term([Recipient(SERVED, 20), late], never) == SERVED + timedelta(days=24)


@pytest.mark.parametrize(
    "recipients", [[], [Recipient(None, 5)], [Recipient(SERVED, 5), Recipient(None, 5)]]
)
def test_without_service_there_is_no_earliest_day(recipients):
    with pytest.raises(NeverServed):
        earliest_session_for(recipients, never)


@pytest.mark.parametrize(
    ("served", "day", "expected"),
    [
        ((0, 0), 6, Standing.CONFIRMED),
        ((0, 0), 5, Standing.TOO_EARLY),
        ((0, 1), 6, Standing.TOO_EARLY),
        ((0, None), 6, Standing.PROVISIONAL),
        ((0, None), 5, Standing.TOO_EARLY),
        ((None, None), 6, Standing.PROVISIONAL),
        ((), 6, Standing.PROVISIONAL),
    ],
)
def test_a_session_stays_provisional_until_everybody_is_served(served, day, expected):
    recipients = [
        Recipient(None if after is None else SERVED + timedelta(days=after), 5) for after in served
    ]
    assert standing(recipients, SERVED + timedelta(days=day), never) is expected


def test_a_term_that_ended_with_a_session_moves_with_it():
    session, new = SERVED, SERVED + timedelta(days=14)
    assert carried_over(session, session, new) == new
    assert carried_over(session - timedelta(days=1), session, new) == session - timedelta(days=1)


def test_a_calendar_without_open_days_is_an_error_and_not_an_endless_search():
    with pytest.raises(NoOpenDay):
        first_open(SERVED, always)
