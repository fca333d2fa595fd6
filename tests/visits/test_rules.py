"""Each rule by its branches: pure, over the policy the product comes with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from remote_court.people import Gender
from remote_court.people.inmates import InmateStatus
from remote_court.policy import Policy, defaults
from remote_court.visits import rules
from remote_court.visits.bans import BanKind
from remote_court.visits.facts import BanFacts, Facts, InmateFacts, LostFacts, VisitorFacts
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.models import VisitKind
from remote_court.visits.rules import Asked

FAMILY, LAWYER = VisitKind.FAMILY, VisitKind.LAWYER
DAY = date(2026, 11, 29)
RULE = Policy.at(defaults(), DAY)
NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
START = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)
DAYS = timedelta(days=1)

INMATE = InmateFacts(1, 50, InmateStatus.HELD, None, True)
MOTHER = VisitorFacts(2, date(1970, 5, 5), Gender.FEMALE, True, KinshipKind.MOTHER, sighted=True)
CHILD = VisitorFacts(3, date(2018, 5, 5), Gender.MALE, True, KinshipKind.CHILD, sighted=True)
COUNSEL = VisitorFacts(4, date(1980, 5, 5), Gender.MALE, True, mandated=True)
STRANGER = VisitorFacts(5, date(1980, 5, 5), Gender.MALE, True)
COUSIN = replace(MOTHER, person_id=6, kinship=KinshipKind.COUSIN)
FRIEND = replace(STRANGER, person_id=7, permitted=True)
FACTS = Facts(INMATE, (MOTHER,), (), 0)
ASKED = Asked(
    kind=FAMILY,
    day=DAY,
    week=date(2026, 11, 28),
    now=NOW,
    starts_at=START,
    booked_for=MOTHER.person_id,
    open=True,
)


def at(day: date, **changes) -> Asked:
    """The same wish for another day."""
    return replace(ASKED, day=day, starts_at=START + (day - DAY), **changes)


def codes(rule, asked=ASKED, facts=FACTS) -> list[str]:
    return [reason.code for reason in rule(asked, facts, RULE)]


def test_a_mothers_ordinary_wish_is_lawful():
    assert rules.refusals(ASKED, FACTS, RULE) == []


TODAY = date(2026, 11, 24)
WINDOW = ["outside-booking-window"]


@pytest.mark.parametrize(
    ("ahead", "more", "expected"),
    [
        (1, {}, WINDOW),
        (2, {}, []),
        (28, {}, []),
        (29, {}, WINDOW),
        (-1, {}, WINDOW),
        (1, {"standing": True}, []),
        (1, {"makeup": True}, []),
        (29, {"standing": True}, WINDOW),
        (29, {"makeup": True}, WINDOW),
        (-1, {"standing": True}, WINDOW),
        (-1, {"makeup": True}, WINDOW),
    ],
)
def test_the_booking_window_counts_days_on_the_wall(ahead, more, expected):
    assert codes(rules.in_the_booking_window, at(TODAY + ahead * DAYS, **more)) == expected


@pytest.mark.parametrize("soon", ["standing", "makeup"])
def test_nobody_books_a_time_of_today_that_has_begun(soon):
    now = replace(at(TODAY), **{soon: True})
    minute = timedelta(minutes=1)
    assert codes(rules.in_the_booking_window, replace(now, starts_at=NOW + minute)) == []
    assert codes(rules.in_the_booking_window, replace(now, starts_at=NOW)) == WINDOW


def test_today_begins_at_midnight_in_tehran():
    late = replace(at(TODAY + 3 * DAYS), now=datetime(2026, 11, 24, 20, 29, tzinfo=UTC))
    later = replace(late, now=late.now + timedelta(minutes=1))
    assert (late.today, later.today) == (TODAY, TODAY + DAYS)
    (reason,) = rules.in_the_booking_window(replace(later, day=TODAY), FACTS, RULE)
    assert reason.values == {"first": TODAY + 3 * DAYS, "last": TODAY + 29 * DAYS}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"open": False}, ["closed-then"]),
        ({"open": False, "open_for_others": True}, ["other-gender-day"]),
        ({"on_the_step": False}, ["not-on-a-start"]),
        ({"on_the_step": False, "open": False}, ["not-on-a-start", "closed-then"]),
    ],
)
def test_both_places_are_open_and_visits_start_on_a_step(changes, expected):
    assert codes(rules.in_open_hours, replace(ASKED, **changes)) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (InmateStatus.HELD, []),
        (InmateStatus.HOSPITAL, ["inmate-in-hospital"]),
        (InmateStatus.ON_LEAVE, ["inmate-on-leave"]),
        (InmateStatus.RELEASED, ["inmate-released"]),
    ],
)
def test_the_inmate_is_there(status, expected):
    away = replace(FACTS, inmate=replace(INMATE, status=status))
    assert codes(rules.inmate_is_there, facts=away) == expected


def test_every_state_of_an_inmate_is_decided():
    for status in InmateStatus:
        list(
            rules.inmate_is_there(
                ASKED, replace(FACTS, inmate=replace(INMATE, status=status)), RULE
            )
        )


UNPROVEN = replace(MOTHER, sighted=False)


@pytest.mark.parametrize(
    ("kind", "visitors", "expected"),
    [
        (FAMILY, [MOTHER], []),
        (FAMILY, [UNPROVEN], ["kinship-not-proven"]),
        (FAMILY, [STRANGER], ["not-on-the-list"]),
        (FAMILY, [FRIEND], []),
        (FAMILY, [replace(UNPROVEN, permitted=True)], []),
        (FAMILY, [MOTHER, STRANGER, UNPROVEN], ["not-on-the-list", "kinship-not-proven"]),
        (FAMILY, [COUNSEL], ["not-on-the-list"]),
        (LAWYER, [COUNSEL], []),
        (LAWYER, [MOTHER], ["no-mandate"]),
        (LAWYER, [COUNSEL, STRANGER], ["no-mandate"]),
    ],
)
def test_each_visitor_is_tied_to_the_inmate(kind, visitors, expected):
    facts = replace(FACTS, visitors=tuple(visitors))
    assert codes(rules.tied_to_the_inmate, replace(ASKED, kind=kind), facts) == expected


@pytest.mark.parametrize(
    ("adults", "children", "expected"),
    [
        (1, 0, []),
        (3, 3, []),
        (4, 0, ["too-many-visitors"]),
        (1, 4, ["too-many-visitors"]),
        (0, 1, ["child-needs-adult"]),
        (0, 4, ["too-many-visitors", "child-needs-adult"]),
    ],
)
def test_so_many_may_come_and_no_child_alone(adults, children, expected):
    facts = replace(FACTS, visitors=(MOTHER,) * adults + (CHILD,) * children)
    assert codes(rules.numbers_and_children, facts=facts) == expected


def ban(kind=BanKind.JUDICIAL, visitor=None, until=10) -> BanFacts:
    return BanFacts(kind, visitor, TODAY, TODAY + until * DAYS)


@pytest.mark.parametrize(
    ("kind", "bans", "until"),
    [
        (FAMILY, [], None),
        (FAMILY, [ban()], 11),
        (FAMILY, [ban(visitor=MOTHER.person_id)], 11),
        (FAMILY, [ban(visitor=99)], None),
        (FAMILY, [ban(), ban(BanKind.DISCIPLINARY, until=20)], 21),
        (LAWYER, [ban(), ban(BanKind.DISCIPLINARY)], None),
    ],
)
def test_a_ban_says_until_when_and_nothing_of_the_case(kind, bans, until):
    facts = replace(FACTS, bans=tuple(bans))
    found = list(rules.not_banned(replace(ASKED, kind=kind), facts, RULE))
    assert [r.code for r in found] == (["not-bookable-until"] if until else [])
    for reason in found:
        assert reason.values == {"until": TODAY + until * DAYS}


@pytest.mark.parametrize("kind", list(BanKind))
def test_a_ban_cites_its_own_law(kind):
    (reason,) = rules.not_banned(ASKED, replace(FACTS, bans=(ban(kind),)), RULE)
    assert reason.citation == rules.BAN_RULE[kind]


@pytest.mark.parametrize(
    ("kind", "makeup", "own", "by_inmate", "by_visitor", "refused"),
    [
        (FAMILY, False, None, 0, 0, False),
        (FAMILY, False, None, 1, 0, True),
        (FAMILY, False, None, 0, 1, True),
        (FAMILY, False, 3, 2, 0, False),
        (FAMILY, False, 3, 3, 0, True),
        (FAMILY, False, 3, 1, 1, True),
        (FAMILY, False, 0, 0, 0, True),
        (FAMILY, True, None, 1, 1, False),
        (LAWYER, False, None, 9, 9, False),
    ],
)
def test_so_many_visits_a_week(kind, makeup, own, by_inmate, by_visitor, refused):
    facts = replace(
        FACTS,
        inmate=replace(INMATE, weekly_visits=own),
        used_by_inmate=by_inmate,
        visitors=(MOTHER, replace(CHILD, used=by_visitor)),
    )
    asked = replace(ASKED, kind=kind, makeup=makeup)
    assert codes(rules.within_the_allowance, asked, facts) == ["allowance-used"] * refused


MISSED = datetime(2026, 11, 17, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("missed", "day", "refused"),
    [
        ([MISSED], DAY, False),
        ([MISSED, MISSED], DAY, True),
        ([MISSED - 7 * DAYS, MISSED], date(2026, 11, 30), True),
        ([MISSED - 7 * DAYS, MISSED], date(2026, 12, 1), False),
        ([MISSED] * 3, date(2026, 11, 30), True),
        # Just after midnight in Tehran, the pause is counted from the new day.
        ([MISSED, MISSED.replace(hour=20, minute=45)], date(2026, 12, 1), True),
        ([MISSED, MISSED.replace(hour=20, minute=45)], date(2026, 12, 2), False),
    ],
)
def test_after_missed_visits_there_is_a_pause_in_days(missed, day, refused):
    facts = replace(FACTS, visitors=(replace(MOTHER, no_shows=tuple(missed)),))
    assert codes(rules.not_cooling_down, at(day), facts) == ["missed-visits"] * refused
    for free in ({"kind": LAWYER}, {"makeup": True}):
        assert codes(rules.not_cooling_down, at(day, **free), facts) == []


def test_the_pause_that_is_told_is_the_one_that_holds():
    facts = replace(FACTS, visitors=(replace(MOTHER, no_shows=(MISSED, MISSED)),))
    (reason,) = rules.not_cooling_down(ASKED, facts, RULE)
    until = reason.values["until"]
    assert codes(rules.not_cooling_down, at(until), facts) == []
    assert codes(rules.not_cooling_down, at(until - DAYS), facts) == ["missed-visits"]


LOST = LostFacts(
    inmate_id=1, booked_for=2, week=ASKED.week, lost_minutes=5.1, over=True, made_up=False
)


@pytest.mark.parametrize(
    ("lost", "earned"),
    [
        (LOST, True),
        (None, False),
        (replace(LOST, lost_minutes=5.0), False),
        (replace(LOST, inmate_id=9), False),
        (replace(LOST, booked_for=9), False),
        (replace(LOST, week=ASKED.week - 7 * DAYS), False),
        (replace(LOST, over=False), False),
        (replace(LOST, made_up=True), False),
    ],
)
def test_a_free_visit_is_earned_by_lost_minutes(lost, earned):
    facts = replace(FACTS, lost=lost)
    asked = replace(ASKED, makeup=True)
    assert codes(rules.makes_up_for_something, asked, facts) == ["nothing-to-make-up"] * (
        not earned
    )
    assert codes(rules.makes_up_for_something, ASKED, facts) == []
    assert codes(rules.makes_up_for_something, replace(asked, kind=LAWYER), facts)


def test_every_reason_shows_at_once_and_each_once():
    everything_wrong = Facts(
        replace(INMATE, status=InmateStatus.HOSPITAL),
        (STRANGER, STRANGER, replace(CHILD, sighted=False, used=1, no_shows=(MISSED, MISSED))) * 2,
        (ban(),),
        1,
    )
    asked = replace(at(TODAY), open=False, on_the_step=False)
    assert [r.code for r in rules.refusals(asked, everything_wrong, RULE)] == [
        "outside-booking-window",
        "not-on-a-start",
        "closed-then",
        "inmate-in-hospital",
        "not-on-the-list",
        "kinship-not-proven",
        "too-many-visitors",
        "not-bookable-until",
        "allowance-used",
        "missed-visits",
    ]


def test_what_a_reason_cites_stands_in_the_policy_in_both_languages():
    asked = replace(at(TODAY), on_the_step=False, open=False, open_for_others=True, makeup=True)
    alone = replace(CHILD, used=1, sighted=False, no_shows=(MISSED, MISSED))
    wrong = Facts(replace(INMATE, status=InmateStatus.HELD), (alone, STRANGER), (ban(),), 1)
    found = [
        *rules.refusals(asked, wrong, RULE),
        *rules.refusals(replace(asked, makeup=False), replace(wrong, visitors=(alone,)), RULE),
        *rules.refusals(replace(asked, kind=LAWYER), wrong, RULE),
        *rules.strangers(FAMILY, 2, FACTS, RULE),
        *rules.strangers(LAWYER, 2, FACTS, RULE),
    ]
    cited = {r.citation for r in found if r.citation}
    assert len(cited) >= 10
    assert all(r.source["fa"] and r.source["en"] for r in found if r.citation)


@pytest.mark.parametrize(
    ("kind", "visitors", "wanted", "code"),
    [
        (FAMILY, [MOTHER], 1, None),
        (FAMILY, [UNPROVEN], 1, None),
        (FAMILY, [STRANGER], 1, "not-on-the-list"),
        (FAMILY, [MOTHER], 2, "not-on-the-list"),
        (FAMILY, [], 1, "not-on-the-list"),
        (LAWYER, [COUNSEL], 1, None),
        (LAWYER, [STRANGER], 1, "no-mandate"),
    ],
)
def test_a_stranger_is_turned_away_before_anything_is_told(kind, visitors, wanted, code):
    facts = replace(FACTS, visitors=tuple(visitors))
    found = [r.code for r in rules.strangers(kind, wanted, facts, RULE)]
    assert found == ([code] if code else [])
