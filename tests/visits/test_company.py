from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from remote_court.people import Gender
from remote_court.places import Audience
from remote_court.visits import company
from remote_court.visits.kinships import KinshipKind
from tests.visits.test_rules import (
    CHILD,
    COUNSEL,
    COUSIN,
    DAY,
    FACTS,
    FAMILY,
    FRIEND,
    INMATE,
    LAWYER,
    MOTHER,
    RULE,
)


@pytest.mark.parametrize(
    ("born", "child"),
    [
        (date(2008, 11, 28), False),
        (date(2008, 11, 29), False),
        (date(2008, 11, 30), True),
        (date(2008, 2, 29), False),
    ],
)
def test_a_child_is_an_adult_from_the_eighteenth_birthday(born, child):
    assert company.is_child(born, DAY, RULE) is child


@pytest.mark.parametrize(
    ("kind", "visitors", "of_right"),
    [
        (FAMILY, [MOTHER, CHILD], True),
        (FAMILY, [COUSIN], False),
        (FAMILY, [MOTHER, COUSIN], False),
        (FAMILY, [FRIEND], True),
        (FAMILY, [replace(COUSIN, permitted=True)], True),
        (LAWYER, [COUNSEL], True),
    ],
)
def test_who_comes_of_right_or_by_permit_need_not_ask(kind, visitors, of_right):
    assert company.of_right(kind, replace(FACTS, visitors=tuple(visitors)), RULE) is of_right


@pytest.mark.parametrize("kinship", list(KinshipKind))
def test_every_kinship_visits_of_right_or_asks(kinship):
    facts = replace(FACTS, visitors=(replace(MOTHER, kinship=kinship),))
    near = kinship in set(RULE.words("visit.relatives_auto"))
    assert company.of_right(FAMILY, facts, RULE) is near


@pytest.mark.parametrize(
    ("kind", "inmate", "visitor", "needed"),
    [
        (FAMILY, True, True, False),
        (FAMILY, False, True, True),
        (FAMILY, True, False, True),
        (LAWYER, False, False, False),
    ],
)
def test_an_interpreter_is_needed_where_somebody_speaks_no_persian(kind, inmate, visitor, needed):
    facts = replace(
        FACTS,
        inmate=replace(INMATE, speaks_persian=inmate),
        visitors=(MOTHER, replace(CHILD, speaks_persian=visitor)),
    )
    assert company.needs_interpreter(kind, facts) is needed


WOMAN, MAN = (Gender.FEMALE, date(1970, 1, 1)), (Gender.MALE, date(1970, 1, 1))
BOY = (Gender.MALE, date(2015, 1, 1))


@pytest.mark.parametrize(
    ("kind", "group", "hours"),
    [
        (FAMILY, [WOMAN], {Audience.ANYONE, Audience.WOMEN}),
        (FAMILY, [MAN], {Audience.ANYONE, Audience.MEN}),
        (FAMILY, [WOMAN, MAN], {Audience.ANYONE}),
        (FAMILY, [WOMAN, BOY], {Audience.ANYONE, Audience.WOMEN}),
        (FAMILY, [BOY], {Audience.ANYONE}),
        (LAWYER, [MAN], set(Audience)),
    ],
)
def test_a_group_finds_the_hours_of_its_adults(kind, group, hours):
    assert company.audiences_for(kind, group, DAY, RULE) == hours


def test_who_comes_of_age_in_the_meantime_counts_as_an_adult_from_then_on():
    youth = (Gender.MALE, date(2008, 12, 1))
    before, after = (
        company.audiences_for(FAMILY, [WOMAN, youth], day, RULE)
        for day in (date(2026, 11, 30), date(2026, 12, 1))
    )
    assert (before, after) == ({Audience.ANYONE, Audience.WOMEN}, {Audience.ANYONE})
