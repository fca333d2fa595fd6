"""Telephones rest from evening to morning; whatever the two hours are, the end lies ahead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from remote_court.clock import TEHRAN, local
from remote_court.notices.quiet import FROM, TO, quiet_end
from remote_court.people import Channel, Person
from remote_court.policy import Policy
from remote_court.policy.shipped import defaults

DAY = datetime(2026, 11, 25, tzinfo=TEHRAN)
SHIPPED = Policy.at(defaults(), DAY.date())


def hours(begins: str, ends: str) -> Policy:
    rules = dict(SHIPPED.rules)
    rules[FROM] = replace(rules[FROM], value=begins)
    rules[TO] = replace(rules[TO], value=ends)
    return replace(SHIPPED, rules=rules)


@pytest.mark.parametrize(
    ("begins", "ends", "at", "end"),
    [
        ("21:00", "07:00", (20, 59), None),
        ("21:00", "07:00", (21, 0), (1, 7, 0)),
        ("21:00", "07:00", (23, 59), (1, 7, 0)),
        ("21:00", "07:00", (0, 0), (0, 7, 0)),
        ("21:00", "07:00", (6, 59), (0, 7, 0)),
        ("21:00", "07:00", (7, 0), None),
        ("13:00", "15:30", (13, 0), (0, 15, 30)),
        ("13:00", "15:30", (15, 30), None),
        ("13:00", "15:30", (2, 0), None),
        ("00:00", "00:00", (2, 0), None),
    ],
)
def test_the_quiet_hours_end_in_the_morning(begins, ends, at, end):
    now = DAY + timedelta(hours=at[0], minutes=at[1])
    expected = end and DAY + timedelta(days=end[0], hours=end[1], minutes=end[2])
    assert quiet_end(now, hours(begins, ends)) == expected


MINUTES = st.integers(0, 24 * 60 - 1)


@given(MINUTES, MINUTES, MINUTES)
def test_whoever_waits_waits_less_than_a_day_and_then_may_be_told(begins, ends, at):
    rule = hours(*(f"{m // 60:02}:{m % 60:02}" for m in (begins, ends)))
    now = DAY + timedelta(minutes=at)
    end = quiet_end(now, rule)
    if end is not None:
        assert now < end <= now + timedelta(days=1)
        assert quiet_end(end, rule) is None
        assert local(end).time() == rule.clock(TO)


async def test_a_letter_of_the_night_is_in_the_inbox_at_once_and_on_the_telephone_at_seven(post):
    night = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)  # 22:30 in Tehran
    await post.book()
    assert await post.send(night) == 1
    assert post.carrier.sent == []
    (message,) = await post.messages()
    assert (message.sent_at, message.created_at) == (None, night)
    assert await post.send(night + timedelta(hours=8)) == 0
    morning = datetime.combine(local(night).date() + timedelta(days=1), time(7), TEHRAN)
    assert await post.send(morning) == 1
    assert len(post.carrier.sent) == 1
    assert len(await post.messages()) == 1


async def test_what_concerns_an_account_is_told_at_any_hour(post):
    await post.put("account", event="password_changed")
    assert await post.send(datetime(2026, 11, 24, 19, 0, tzinfo=UTC)) == 1
    assert len(post.carrier.sent) == 1


async def test_who_asked_for_a_voice_is_called_but_reads_their_codes(post):
    async with post.database.transaction() as session:
        mother = update(Person).where(Person.id == post.world.mother.id)
        await session.execute(mother.values(reminded_by=Channel.VOICE))
    await post.book()
    await post.put("code", code="123456", purpose="sign-in", minutes=2)
    await post.send()
    assert sorted(post.carrier.channels) == [Channel.TEXT, Channel.VOICE]
    by_reference = dict(
        zip((r for _, _, r in post.carrier.sent), post.carrier.channels, strict=True)
    )
    code = next(r for _, text, r in post.carrier.sent if "123456" in text)
    assert by_reference[code] is Channel.TEXT
