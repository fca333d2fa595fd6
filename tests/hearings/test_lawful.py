"""The first lawful day: the vectors of the law, each forum's term, and what holds for all days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_court import policy
from remote_court.calendars.closures import FRIDAYS, Closures, Days, Order, WeeklyRest
from remote_court.calendars.deadlines import Standing
from remote_court.calendars.jalali import gregorian
from remote_court.calendars.opening_hours import on_wall
from remote_court.calendars.week import weekdays
from remote_court.hearings import lawful
from remote_court.hearings.forums import LAW, Forum, law_of
from remote_court.hearings.lawful import Terms, ToServe, UnlawfulDate
from remote_court.hearings.roles import Address, PartyRole
from remote_court.notices.service import Method, Service
from remote_court.policy import Policy
from remote_court.policy.shelf import Rulebook

SEMNAN, TEHRAN = "20", "23"
CLOSURES = Closures(
    [FRIDAYS, WeeklyRest(weekdays(["thu", "fri"]), Days(date(2025, 9, 23), None), SEMNAN)]
)
BOOK = Rulebook(tuple(policy.defaults()))
TODAY = gregorian(1405, 9, 3)
SERVED = gregorian(1405, 9, 1)


def terms(forum: Forum = Forum.CIVIL, province: str = TEHRAN, closures=CLOSURES) -> Terms:
    return Terms(law_of(forum), lambda day: BOOK.at(day, province), closures.closed(province))


def service(day: date, method: Method = Method.SANA, person_id: int = 1) -> Service:
    at = on_wall(day, datetime.min.time()) + timedelta(hours=10)
    return Service(
        notice_id=1,
        number="N1",
        person_id=person_id,
        occasion="listed",
        date_no=1,
        method=method,
        queued_at=at,
        delivered_at=None if method is Method.PUBLICATION else at,
        viewed_at=None,
        published_on=day if method is Method.PUBLICATION else None,
    )


def one(
    served: date | None = None,
    address: Address = Address.KNOWN,
    *,
    account: bool = True,
    method: Method = Method.SANA,
    person_id: int = 1,
) -> ToServe:
    proof = service(served, method, person_id) if served else None
    return ToServe(person_id, PartyRole.DEFENDANT, address, account, proof)


@pytest.mark.parametrize(
    ("forum", "address", "method", "province", "expected"),
    [
        (Forum.CIVIL, Address.KNOWN, Method.SANA, TEHRAN, (1405, 9, 7)),
        (Forum.CRIMINAL_TWO, Address.KNOWN, Method.SANA, TEHRAN, (1405, 9, 9)),
        (Forum.PROSECUTION, Address.KNOWN, Method.OFFICER, TEHRAN, (1405, 9, 7)),
        (Forum.CIVIL, Address.UNKNOWN, Method.PUBLICATION, TEHRAN, (1405, 10, 3)),
        (Forum.CRIMINAL_ONE, Address.UNKNOWN, Method.PUBLICATION, SEMNAN, (1405, 10, 5)),
        (Forum.CIVIL, Address.ABROAD, Method.SANA, TEHRAN, (1405, 11, 3)),
        (Forum.CRIMINAL_TWO, Address.ABROAD, Method.SANA, SEMNAN, (1405, 11, 3)),
    ],
)
def test_the_vectors_of_the_law_hold_for_who_was_served(forum, address, method, province, expected):
    found = lawful.earliest(one(SERVED, address, method=method), terms(forum, province), TODAY)
    assert found.day == gregorian(*expected)
    assert not found.assumed
    assert found.served_on == SERVED


@pytest.mark.parametrize(
    ("address", "account", "method", "expected", "citation"),
    [
        (Address.KNOWN, True, Method.SANA, (1405, 9, 9), "min_gap_days.civil_hearing"),
        (Address.KNOWN, False, Method.OFFICER, (1405, 9, 9), "min_gap_days.civil_hearing"),
        (
            Address.UNKNOWN,
            True,
            Method.PUBLICATION,
            (1405, 10, 5),  # 10/04 is a Friday
            "min_gap_days.civil_publication",
        ),
        (
            Address.ABROAD,
            True,
            Method.SANA,
            (1405, 11, 5),  # 11/04 is 15 Sha'ban
            "min_gap_days.civil_hearing_party_abroad",
        ),
    ],
)
def test_who_is_not_served_is_counted_as_if_they_were_today(
    address, account, method, expected, citation
):
    found = lawful.earliest(one(None, address, account=account), terms(), TODAY)
    assert (found.day, found.method) == (gregorian(*expected), method)
    assert found.assumed
    assert found.counted_from == TODAY
    assert found.citation == citation
    assert found.source == BOOK.at(TODAY).cite(citation)


@pytest.mark.parametrize("forum", list(LAW))
def test_each_forum_counts_by_its_own_row_of_policy(forum):
    rule = BOOK.at(TODAY)
    calendar = Terms(law_of(forum), lambda _day: rule, lambda _day: False)
    known, unknown, abroad = (
        (lawful.earliest(one(SERVED, a, method=m), calendar, TODAY).day - SERVED).days - 1
        for a, m in (
            (Address.KNOWN, Method.SANA),
            (Address.UNKNOWN, Method.PUBLICATION),
            (Address.ABROAD, Method.SANA),
        )
    )
    law = law_of(forum)
    assert known == rule.integer(law.gap)
    assert unknown == rule.integer(law.publication) == 30
    assert abroad == rule.integer(law.abroad) == 60


def test_a_notice_that_waits_serves_nobody():
    waiting = ToServe(
        1,
        PartyRole.PLAINTIFF,
        Address.KNOWN,
        has_account=True,
        service=Service(1, "N1", 1, "listed", 1, Method.SANA, on_wall(SERVED, datetime.min.time()),
                        None, None, None),
    )  # fmt: skip
    assert lawful.earliest(waiting, terms(), TODAY).assumed
    assert lawful.standing([waiting], terms(), gregorian(1405, 9, 12)) is Standing.PROVISIONAL


def test_an_amended_term_holds_from_its_day():
    rule = BOOK.at(TODAY).rule("min_gap_days.civil_hearing")
    shorter = Policy(
        TODAY, None, {**BOOK.at(TODAY).rules, rule.key: type(rule)(
            rule.key, 3, rule.unit, rule.citation, rule.confidence, gregorian(1405, 9, 7))}
    )  # fmt: skip

    def rules(day: date) -> Policy:
        return shorter if day >= gregorian(1405, 9, 7) else BOOK.at(day)

    counted = Terms(law_of(Forum.CIVIL), rules, lambda _day: False)
    assert lawful.earliest(one(), counted, TODAY).day == gregorian(1405, 9, 7)
    assert lawful.earliest_for_all([one()], counted, TODAY) == gregorian(1405, 9, 7)


def test_the_longest_term_is_everybody_s_and_comes_first():
    people = [one(SERVED), one(SERVED, Address.ABROAD, person_id=2), one(person_id=3)]
    each = lawful.earliest_of_each(people, terms(), TODAY)
    assert [e.person_id for e in each] == [2, 3, 1]
    assert lawful.earliest_for_all(people, terms(), TODAY) == each[0].day


def test_where_nobody_must_be_served_the_next_open_day_will_do():
    friday = gregorian(1405, 9, 6)
    assert lawful.earliest_for_all([], terms(), friday) == gregorian(1405, 9, 7)


def test_a_refusal_tells_each_recipient_s_first_lawful_day_and_the_article():
    people = [one(SERVED), one(None, Address.ABROAD, person_id=2)]
    late = lawful.too_soon(people, terms(), gregorian(1405, 9, 8), TODAY)
    assert [e.person_id for e in late] == [2]
    reason = lawful.refusal(late)
    assert reason.values == {"day": gregorian(1405, 11, 5)}
    assert reason.source["en"] == "Civil Procedure Code, arts. 64 and 446"
    every = lawful.earliest_of_each(people, terms(), TODAY)
    told = UnlawfulDate([reason], every).extensions
    assert told["earliest_for_all"] == "2027-01-25"
    assert [(e["person_id"], e["earliest"], e["served_on"], e["assumed"]) for e in
            told["earliest_lawful"]] == [
        ("2", "2027-01-25", None, True), ("1", "2026-11-28", "2026-11-22", False)
    ]  # fmt: skip


DAYS = st.dates(date(2026, 3, 25), date(2027, 12, 31))
PEOPLE = st.lists(
    st.builds(
        one,
        st.one_of(st.none(), DAYS),
        st.sampled_from([Address.KNOWN, Address.ABROAD]),
        account=st.booleans(),
        method=st.sampled_from(Method),
    ),
    min_size=1,
    max_size=4,
)
ORDERS = st.lists(st.dates(date(2026, 3, 25), date(2028, 6, 1)), max_size=20).map(
    lambda days: Closures(
        [FRIDAYS], [Order(Days(day, day), "باران", province=TEHRAN) for day in days]
    )
)


def gap(person: ToServe, forum: Forum) -> int:
    law, rule = law_of(forum), BOOK.at(TODAY, TEHRAN)
    published = person.method is Method.PUBLICATION
    days = rule.integer(law.publication if published else law.gap)
    return max(days, rule.integer(law.abroad) if person.address is Address.ABROAD else 0)


@given(PEOPLE, st.sampled_from(Forum), ORDERS)
def test_no_day_is_inside_a_gap_or_closed_and_the_longest_term_covers_all(people, forum, closures):
    counted = terms(forum, closures=closures)
    day = lawful.earliest_for_all(people, counted, TODAY)
    assert not counted.is_closed(day)
    for person in people:
        clear = (day - (person.served_on or TODAY)).days - 1
        assert clear >= gap(person, forum)
    assert day == max(lawful.earliest(p, counted, TODAY).day for p in people)
    assert lawful.too_soon(people, counted, day, TODAY) == []


@given(PEOPLE, st.sampled_from(Forum), ORDERS, st.integers(1, 200))
def test_every_earlier_open_day_is_too_soon_for_somebody(people, forum, closures, back):
    counted = terms(forum, closures=closures)
    day = lawful.earliest_for_all(people, counted, TODAY)
    before = day - timedelta(days=back)
    if not counted.is_closed(before):
        assert lawful.too_soon(people, counted, before, TODAY)


@given(DAYS, st.integers(0, 90), st.sampled_from(Forum), ORDERS)
def test_later_service_never_makes_a_day_earlier(served, later, forum, closures):
    counted = terms(forum, closures=closures)
    first, second = (
        lawful.earliest(one(day), counted, TODAY).day
        for day in (served, served + timedelta(days=later))
    )
    assert first <= second


@given(PEOPLE, st.sampled_from(Forum), DAYS)
def test_a_day_is_confirmed_exactly_when_all_are_served_and_it_is_not_too_soon(people, forum, day):
    counted = terms(forum)
    if counted.is_closed(day):
        return
    served = [p for p in people if p.served_on]
    expected = Standing.PROVISIONAL
    if lawful.too_soon(served, counted, day, TODAY):
        expected = Standing.TOO_EARLY
    elif len(served) == len(people):
        expected = Standing.CONFIRMED
    assert lawful.standing(people, counted, day) is expected
