"""How a court sits: the table of forums against the rules that ship."""

from __future__ import annotations

from datetime import date

import pytest

from remote_court.hearings.bench import bench_of, presiding
from remote_court.hearings.forums import Forum, law_of
from remote_court.hearings.roles import Seat
from remote_court.policy import Policy
from remote_court.policy.shipped import defaults

DAY = date(2026, 11, 25)
RULE = Policy.at(defaults(), DAY)
P, A, V = Seat.PRESIDING, Seat.ASSOCIATE, Seat.ADVISER


@pytest.mark.parametrize(
    ("forum", "grave", "judges", "quorum", "advisers"),
    [
        (Forum.CIVIL, False, 1, 1, 0),
        (Forum.FAMILY, False, 1, 1, 1),
        (Forum.PEACE, False, 1, 1, 0),
        (Forum.CRIMINAL_ONE, True, 3, 2, 0),
        (Forum.CRIMINAL_TWO, False, 1, 1, 0),
        (Forum.REVOLUTIONARY, True, 3, 2, 0),
        (Forum.REVOLUTIONARY, False, 1, 1, 0),
        (Forum.JUVENILE, False, 1, 1, 1),
        (Forum.APPEAL, False, 3, 2, 0),
        (Forum.PROSECUTION, False, 1, 1, 0),
    ],
)
def test_each_court_sits_as_the_law_says(
    forum: Forum, grave: bool, judges: int, quorum: int, advisers: int
):
    bench = bench_of(law_of(forum, grave=grave), RULE)
    assert (bench.judges, bench.quorum, bench.advisers) == (judges, quorum, advisers)
    assert RULE.cite(bench.rule).fa


@pytest.mark.parametrize("forum", list(Forum))
@pytest.mark.parametrize("grave", [False, True])
def test_every_court_has_all_its_rules(forum: Forum, grave: bool):
    law = law_of(forum, grave=grave)
    for key in (law.lawyers, law.duration, law.gap, law.publication, law.abroad):
        assert RULE.integer(key) > 0 if key != law.duration else RULE.minutes(key)


def test_two_of_three_open_a_criminal_one_session_and_one_cannot():
    bench = bench_of(law_of(Forum.CRIMINAL_ONE), RULE)
    assert bench.is_quorate([A, A])
    assert not bench.is_quorate([P])
    assert not bench.is_quorate([P, V, V])


def test_a_bench_is_whole_before_it_is_listed():
    bench = bench_of(law_of(Forum.CRIMINAL_ONE), RULE)
    assert bench.lacks({}) is P
    assert bench.lacks({1: P, 2: A}) is A
    assert bench.lacks({1: P, 2: A, 3: A}) is None
    assert bench_of(law_of(Forum.FAMILY), RULE).lacks({1: P}) is V


def test_without_the_president_the_senior_member_presides():
    seats = {7: P, 5: A, 9: A}
    assert presiding(seats, {5, 7, 9}) == 7
    assert presiding(seats, {5, 9}) == 5
    assert presiding(seats, set()) is None
