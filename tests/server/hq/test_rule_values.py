from __future__ import annotations

import pytest

from remote_court.policy import Unit, defaults
from remote_court.server.filters import Speech
from remote_court.server.hq.rule_values import NotANumber, said, several, whole
from remote_court.server.hq.rule_words import WORDS

FA, EN = Speech("fa"), Speech("en")


@pytest.mark.parametrize(
    ("unit", "value", "fa", "en"),
    [
        (Unit.MINUTES, 20, "۲۰ دقیقه", "20 minutes"),
        (Unit.DAYS, 1, "۱ روز", "1 day"),
        (Unit.COUNT, 3, "۳", "3"),
        (Unit.FLAG, False, "خیر", "No"),
        (Unit.DAY_RANGE, [2, 28], "۲ تا ۲۸ روز", "2 to 28 days"),
        (Unit.NUMBERS, [24, 2], "۲۴، ۲", "24, 2"),
        (Unit.CLOCK, "07:30", "۰۷:۳۰", "07:30"),
        (Unit.WORDS, ["thu", "fri"], "پنجشنبه، جمعه", "Thursday, Friday"),
        (Unit.WORDS, [], "—", "—"),
    ],
)
def test_a_value_is_said_with_its_unit(unit, value, fa, en):
    assert (said(value, unit, FA), said(value, unit, EN)) == (fa, en)


def test_every_word_of_the_shipped_rules_is_said_in_words():
    spoken = [rule for rule in defaults() if rule.unit in {Unit.WORD, Unit.WORDS}]
    used = {
        one for rule in spoken for one in (rule.value if rule.unit == "words" else [rule.value])
    }
    assert {word for word in used if not word.startswith("^")} <= set(WORDS)


@pytest.mark.parametrize("typed", ["", "-3", "2.5", "x", "12345", "²"])
def test_what_is_no_whole_number_is_refused(typed):
    with pytest.raises(NotANumber):
        whole(typed)


def test_numbers_are_read_with_commas_of_both_languages():
    assert several("۵، 2,۱") == [5, 2, 1]
