"""The rules as they hold on one day in one place."""

from datetime import date, time, timedelta

import pytest

from remote_court.policy import (
    Citation,
    Confidence,
    Policy,
    Rule,
    Rulebook,
    Unit,
    UnknownRule,
    WrongUnit,
)

DAY = date(2026, 12, 1)
HERE = Citation("ماده ۱", "art. 1")


def rule(key="k", value=1, unit=Unit.COUNT, first=date(2026, 1, 1), last=None, province=None):
    return Rule(key, value, unit, HERE, Confidence.READ, first, last, province)


def policy(*rules, day=DAY, province=None):
    return Policy.at(rules, day, province)


@pytest.mark.parametrize(
    ("day", "value"),
    [(date(2026, 1, 1), 1), (date(2026, 6, 30), 1), (date(2026, 7, 1), 2), (date(2030, 1, 1), 2)],
)
def test_a_value_holds_from_its_first_day_to_its_last(day, value):
    rules = [rule(value=1, last=date(2026, 6, 30)), rule(value=2, first=date(2026, 7, 1))]
    assert policy(*rules, day=day).integer("k") == value


@pytest.mark.parametrize("turn", [1, -1])
def test_a_province_s_own_value_goes_before_the_country_s(turn):
    rules = [rule(value=1), rule(value=2, province="20", last=DAY)][::turn]
    assert policy(*rules, province="20").integer("k") == 2
    assert policy(*rules, province="23").integer("k") == 1
    assert policy(*rules).integer("k") == 1
    assert policy(*rules, province="20", day=DAY + timedelta(days=1)).integer("k") == 1


def test_a_rule_that_does_not_hold_or_exist_is_named_in_the_error():
    later = policy(rule(first=date(2027, 1, 1)))
    for key in ("k", "nonsense"):
        with pytest.raises(UnknownRule, match=key):
            later.integer(key)
        with pytest.raises(UnknownRule, match=key):
            later.cite(key)


def test_a_refusal_can_cite_the_rule_in_both_languages():
    assert policy(rule()).cite("k") == HERE
    assert HERE.text("fa") == "ماده ۱"
    assert HERE.text("en") == "art. 1"


# Every unit with a value and what each getter makes of it; a getter not named refuses.
READ = {
    Unit.MINUTES: (20, {"integer": 20, "minutes": timedelta(minutes=20)}),
    Unit.HOURS: (24, {"integer": 24, "hours": timedelta(hours=24)}),
    Unit.DAYS: (14, {"integer": 14, "days": timedelta(days=14)}),
    Unit.YEARS: (18, {"integer": 18}),
    Unit.COUNT: (3, {"integer": 3}),
    Unit.FLAG: (True, {"flag": True}),
    Unit.WORD: ("extra", {"word": "extra"}),
    Unit.CLOCK: ("07:30", {"clock": time(7, 30)}),
    Unit.WORDS: (["fri"], {"words": ("fri",)}),
    Unit.NUMBERS: ([5, 2, 1], {"numbers": (5, 2, 1)}),
    Unit.DAY_RANGE: ([2, 28], {"between": (2, 28)}),
    Unit.MINUTE_RANGE: ([20, 30], {"between": (20, 30)}),
}
GETTERS = (
    "integer",
    "minutes",
    "hours",
    "days",
    "flag",
    "word",
    "clock",
    "words",
    "numbers",
    "between",
)


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("getter", GETTERS)
def test_a_value_is_read_only_as_what_it_is(unit, getter):
    value, expected = READ[unit]
    asked = policy(rule(value=value, unit=unit))
    if getter in expected:
        assert getattr(asked, getter)("k") == expected[getter]
    else:
        with pytest.raises(WrongUnit):
            getattr(asked, getter)("k")


def test_a_rule_lists_words_only_if_it_has_some():
    assert rule(value=["thu", "fri"], unit=Unit.WORDS).words == ("thu", "fri")
    with pytest.raises(WrongUnit):
        rule(value=[1, 2], unit=Unit.NUMBERS).words  # noqa: B018


def test_a_rule_whose_value_does_not_fit_is_not_born():
    with pytest.raises(WrongUnit):
        rule(value="ten", unit=Unit.MINUTES)


def test_a_rulebook_answers_for_every_day_and_keeps_what_it_found():
    book = Rulebook((rule(value=1, last=date(2026, 6, 30)), rule(value=2, first=date(2026, 7, 1))))
    assert book.at(DAY) is book.at(DAY)
    assert book.at(date(2026, 2, 1)).integer("k") == 1
    for ahead in range(600):
        assert book.at(DAY + timedelta(days=ahead), "20").integer("k") == 2


def test_the_history_of_a_rule_is_in_order_of_time():
    first, then = rule(value=1, last=date(2026, 6, 30)), rule(value=2, first=date(2026, 7, 1))
    own = rule(value=3, province="20")
    book = Rulebook((own, then, rule(key="other"), first))
    assert book.history("k") == (first, then, own)
