"""Changing a rule from a day on."""

import asyncio
from datetime import date, timedelta

import pytest

from remote_court.policy import Amendment, Citation, amend, rulebook, seed_defaults
from remote_court.policy.amendments import AmendedAlready, AmendsThePast, NoSuchRule, UnfitValue

TODAY = date(2026, 11, 24)
LATER = date(2026, 12, 22)
DAY = timedelta(days=1)
KEY = "visit.duration_min.electronic"
ORDER = Citation("بخشنامه ۱۲۳", "Circular 123")


def to(value, first=LATER, key=KEY, **other):
    return Amendment(key, value, first, ORDER, **other)


@pytest.fixture
async def seeded(session, noon):
    await seed_defaults(session, noon)
    return session


async def value_on(session, day, province=None):
    return (await rulebook(session)).at(day, province).integer(KEY)


async def test_a_rule_changes_on_its_day_and_not_before(seeded, noon):
    rule = await amend(seeded, to(25), noon, entered_by=7)
    assert rule.citation == ORDER
    assert await value_on(seeded, LATER - DAY) == 20
    assert await value_on(seeded, LATER) == 25
    assert (await rulebook(seeded)).at(LATER).cite(KEY) == ORDER


async def test_what_held_before_stays_on_record(seeded, noon):
    await amend(seeded, to(25), noon, entered_by=7)
    old, new = (await rulebook(seeded)).history(KEY)
    assert (old.value, old.last) == (20, LATER - DAY)
    assert (new.value, new.first, new.last) == (25, LATER, None)


async def test_an_amendment_before_a_later_one_ends_where_that_begins(seeded, noon):
    await amend(seeded, to(25), noon, entered_by=7)
    await amend(seeded, to(22, TODAY), noon, entered_by=7)
    assert [await value_on(seeded, day) for day in (TODAY - DAY, TODAY, LATER - DAY, LATER)] == [
        *(20, 22, 22, 25),
    ]


async def test_a_province_gets_a_row_of_its_own(seeded, noon):
    await amend(seeded, to(30, province="20"), noon, entered_by=7)
    await amend(seeded, to(28, TODAY, province="20"), noon, entered_by=7)
    assert await value_on(seeded, TODAY, "20") == 28
    assert await value_on(seeded, LATER, "20") == 30
    assert await value_on(seeded, LATER, "23") == 20


@pytest.mark.parametrize(
    ("amendment", "error"),
    [
        (to(25, TODAY - DAY), AmendsThePast),
        (to(25, key="visit.nonsense"), NoSuchRule),
        (to("long"), UnfitValue),
        (to(-5), UnfitValue),
        (to([20, 30]), UnfitValue),
    ],
)
async def test_what_cannot_be_amended_is_refused(seeded, noon, amendment, error):
    with pytest.raises(error):
        await amend(seeded, amendment, noon, entered_by=7)


async def test_a_rule_changes_once_a_day(seeded, noon):
    await amend(seeded, to(25), noon, entered_by=7)
    with pytest.raises(AmendedAlready):
        await amend(seeded, to(30), noon, entered_by=7)


async def test_of_two_amendments_of_one_day_at_once_one_is_refused(database, noon):
    async with database.transaction() as session:
        await seed_defaults(session, noon)

    async def attempt(value):
        try:
            async with database.transaction() as session:
                await amend(session, to(value, province="20"), noon, entered_by=7)
        except AmendedAlready:
            return False
        return True

    assert sorted(await asyncio.gather(*map(attempt, range(20, 24)))) == [False] * 3 + [True]
