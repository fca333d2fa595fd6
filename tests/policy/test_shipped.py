"""The rules the product comes with."""

import re
from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select

from remote_court.calendars.closures import Closures, WeeklyRest
from remote_court.policy import Policy, PolicyValue, Rulebook, current, defaults, seed_defaults

TODAY = date(2026, 11, 24)
POLICY = Policy.at(defaults(), TODAY)


@pytest.mark.parametrize("rule", defaults(), ids=lambda rule: rule.key)
def test_every_rule_has_its_source_in_both_languages(rule):
    assert re.search(r"[آ-ی]", rule.citation.fa)
    assert rule.citation.en.isascii()
    assert not re.search(r"[0-9]", rule.citation.fa), "Persian digits in a Persian citation"
    assert rule.first <= TODAY


def test_no_rule_is_entered_twice():
    names = [(rule.key, rule.province, rule.first) for rule in defaults()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("key", "getter", "value"),
    [
        ("visit.duration_min.electronic", "minutes", timedelta(minutes=20)),
        ("visit.duration_min.lawyer", "minutes", timedelta(minutes=60)),
        ("visit.reserved_min.electronic", "minutes", timedelta(minutes=30)),
        ("visit.reserved_min.lawyer", "minutes", timedelta(minutes=75)),
        ("visit.slot_step_min", "minutes", timedelta(minutes=15)),
        ("visit.book_ahead_days", "between", (2, 28)),
        ("visit.max_per_week.electronic", "integer", 1),
        ("visit.hold_min", "minutes", timedelta(minutes=10)),
        ("visit.visitors_max.adults", "integer", 3),
        ("visit.visitors_max.children", "integer", 3),
        ("visit.child_needs_adult", "flag", True),
        ("visit.adult_age", "integer", 18),
        ("visit.cancel_free_before_h", "hours", timedelta(hours=24)),
        ("visit.no_show_cooldown.after", "integer", 2),
        ("visit.no_show_cooldown.in_days", "days", timedelta(days=60)),
        ("visit.no_show_cooldown.block_days", "days", timedelta(days=14)),
        ("visit.ban.disciplinary.max_sessions", "integer", 3),
        ("visit.ban.exempt", "words", ("lawyer", "officials")),
        ("visit.join_open_before_min", "minutes", timedelta(minutes=30)),
        ("visit.monitor.lawyer", "word", "visual_only_no_audio"),
        ("identity.sana_min_age.girl", "integer", 9),
        ("identity.sana_min_age.boy", "integer", 15),
        ("min_gap_days.civil_hearing", "days", timedelta(days=5)),
        ("min_gap_days.criminal_trial", "days", timedelta(days=7)),
        ("deadline.abroad_override_days", "days", timedelta(days=60)),
        ("quorum.criminal_one.min", "integer", 2),
        ("calendar.hours.start", "clock", time(7, 30)),
        ("calendar.weekend", "words", ("fri",)),
    ],
)
def test_what_the_law_and_the_house_say(key, getter, value):
    assert getattr(POLICY, getter)(key) == value


def test_relatives_of_right_are_those_of_the_bylaw():
    assert set(POLICY.words("visit.relatives_auto")) == {
        *("spouse", "father", "mother", "child", "sibling", "father_in_law", "mother_in_law"),
    }
    assert "210" in POLICY.cite("visit.relatives_auto").en


def test_thursday_is_closed_in_semnan_and_open_in_tehran():
    assert Policy.at(defaults(), TODAY, "20").words("calendar.weekend") == ("thu", "fri")
    assert Policy.at(defaults(), TODAY, "23").words("calendar.weekend") == ("fri",)


def test_the_calendar_takes_the_weekly_rest_from_the_rules():
    rules = Rulebook(defaults()).history("calendar.weekend")
    rest = [WeeklyRest.named(rule.words, rule.first, rule.last, rule.province) for rule in rules]
    thursday = date(2026, 12, 3)
    assert not Closures(rest).is_open(thursday, "20")
    assert Closures(rest).is_open(thursday, "23")
    assert not Closures(rest).is_open(date(2026, 12, 4), "23")


async def test_seeding_twice_enters_everything_once(session, noon):
    assert await seed_defaults(session, noon) == len(defaults())
    assert await seed_defaults(session, noon) == 0
    assert await session.scalar(select(func.count()).select_from(PolicyValue)) == len(defaults())


async def test_what_was_seeded_reads_as_the_file_says(session, noon):
    await seed_defaults(session, noon)
    policy = await current(session, TODAY, "20")
    assert policy.rules == Policy.at(defaults(), TODAY, "20").rules
