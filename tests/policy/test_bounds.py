"""What a rule may be amended to."""

from __future__ import annotations

from datetime import date

import pytest

from remote_court.policy import Amendment, Citation, amend, bounds, defaults, seed_defaults
from remote_court.policy.amendments import LongerThanReserved, OutOfBounds, UnknownWord
from remote_court.visits.kinships import KinshipKind
from remote_court.visits.permits import PermitIssuer

LATER = date(2026, 12, 22)
ORDER = Citation("بخشنامه ۱۲۳", "Circular 123")


@pytest.fixture
async def seeded(session, noon):
    await seed_defaults(session, noon)
    return session


def to(key, value, first=LATER):
    return Amendment(key, value, first, ORDER)


@pytest.mark.parametrize("rule", defaults(), ids=lambda rule: f"{rule.key}-{rule.province}")
def test_every_rule_as_shipped_is_within_its_bounds(rule):
    assert bounds.knows(rule.key, rule.unit, rule.value)
    assert bounds.inside(rule.key, rule.value)


def test_bounds_are_those_of_rules_there_are():
    keys = {rule.key for rule in defaults()}
    named = {*bounds.BOUNDS, *bounds.STEPS, *bounds.MORE_WORDS, *bounds.WITHIN}
    assert named | set(bounds.WITHIN.values()) <= keys


def test_the_words_of_kin_and_of_permits_are_those_the_court_knows():
    assert set(bounds.vocabulary("visit.relatives_auto")) == set(KinshipKind)
    assert set(bounds.vocabulary("visit.others_need")) == set(PermitIssuer)


@pytest.mark.parametrize(
    ("key", "value", "error"),
    [
        ("visit.slot_step_min", 0, OutOfBounds),
        ("visit.slot_step_min", 20, OutOfBounds),
        ("visit.book_ahead_days", [2, 90], OutOfBounds),
        ("visit.remind_before_h", [24, 0], OutOfBounds),
        ("visit.relatives_auto", ["spouse", "neighbour"], UnknownWord),
        ("visit.monitor.lawyer", "audio_too", UnknownWord),
        ("visit.duration_min.electronic", 31, LongerThanReserved),
        ("visit.reserved_min.electronic", 19, LongerThanReserved),
    ],
)
async def test_what_the_system_cannot_carry_out_is_refused(seeded, noon, key, value, error):
    with pytest.raises(error):
        await amend(seeded, to(key, value), noon, entered_by=None)


async def test_a_longer_talk_needs_room_on_every_later_day_too(seeded, noon):
    key = "visit.reserved_min.electronic"
    await amend(seeded, to(key, 45, date(2026, 12, 1)), noon, entered_by=None)
    await amend(seeded, to(key, 30, date(2026, 12, 10)), noon, entered_by=None)
    talk = to("visit.duration_min.electronic", 40, date(2026, 12, 5))
    with pytest.raises(LongerThanReserved):
        await amend(seeded, talk, noon, entered_by=None)


async def test_words_that_the_system_knows_are_taken(seeded, noon):
    kin = ["spouse", "father", "mother", "grandparent"]
    rule = await amend(seeded, to("visit.relatives_auto", kin), noon, entered_by=None)
    assert rule.value == kin
