"""A silence of ours that is longer than the policy's minutes is an outage, written by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from remote_court.audit import AuditEntry
from remote_court.errors import Forbidden
from remote_court.notices.enter_outage import ReasonNeeded, WrongSpan, enter_outage
from remote_court.notices.outages import BEAT, Outage, Source, Uptime, beat, overlapping
from remote_court.people import Role
from tests.sharing import rolled_back, shared_database, village

__all__ = ["rolled_back", "shared_database", "village"]
MINUTE = timedelta(minutes=1)


async def outages(session) -> list[Outage]:
    return list(await session.scalars(select(Outage).order_by(Outage.id)))


async def test_beats_in_time_are_one_stretch_of_being_up(village, noon):
    session = village.session
    for n in range(10):
        assert not await beat(session, noon + n * BEAT)
    up = (await session.scalars(select(Uptime))).one()
    assert (up.started_at, up.seen_at) == (noon, noon + 9 * BEAT)
    assert await outages(session) == []


async def test_beats_come_seldom_enough_to_cost_nothing(village, noon):
    await beat(village.session, noon)
    await beat(village.session, noon + BEAT - timedelta(seconds=1))
    assert (await village.session.scalars(select(Uptime.seen_at))).one() == noon


@pytest.mark.parametrize(("silent", "is_outage"), [(5 * MINUTE, False), (5.1 * MINUTE, True)])
async def test_a_longer_silence_than_the_policy_s_is_an_outage(village, noon, silent, is_outage):
    session = village.session
    await beat(session, noon)
    assert await beat(session, noon + silent) is is_outage
    found = [(o.source, o.started_at, o.ended_at, o.reason) for o in await outages(session)]
    assert found == ([(Source.SILENCE, noon, noon + silent, None)] if is_outage else [])
    acts = await session.scalars(select(AuditEntry.act).where(AuditEntry.act == "outage.recorded"))
    assert len(list(acts)) == int(is_outage)
    assert not await beat(session, noon + silent + BEAT)


async def test_the_first_beat_ever_is_no_outage(village, noon):
    assert not await beat(village.session, noon)


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [(0, 1, False), (0, 11, True), (12, 13, True), (19, 40, True), (20, 21, False), (0, 10, False)],
)
async def test_outages_are_found_where_they_touch_a_stretch(village, noon, start, end, found):
    operator = await village.staff(Role.OPERATOR, None)
    ends = noon + 20 * MINUTE
    await enter_outage(
        village.session, operator, noon + 10 * MINUTE, ends, "قطع فیبر", noon + timedelta(days=1)
    )
    there = await overlapping(village.session, noon + start * MINUTE, noon + end * MINUTE)
    assert bool(there) is found


async def test_an_operator_enters_an_outage_with_its_reason(village, noon):
    operator = await village.staff(Role.OPERATOR, None)
    entered = await enter_outage(
        village.session, operator, noon - 20 * MINUTE, noon - MINUTE, " قطع فیبر ", noon
    )
    assert (entered.source, entered.reason) == (Source.OPERATOR, "قطع فیبر")
    assert entered.entered_by == operator.person_id


@pytest.mark.parametrize(
    ("start", "end", "reason", "refusal"),
    [(-5, -5, "x", WrongSpan), (-5, -6, "x", WrongSpan), (-5, 1, "x", WrongSpan),
     (-5, -1, "  ", ReasonNeeded)],
)  # fmt: skip
async def test_an_outage_that_cannot_be_is_refused(village, noon, start, end, reason, refusal):
    operator = await village.staff(Role.OPERATOR, None)
    with pytest.raises(refusal):
        await enter_outage(
            village.session, operator, noon + start * MINUTE, noon + end * MINUTE, reason, noon
        )


async def test_only_an_operator_enters_outages(village, noon):
    with pytest.raises(Forbidden):
        await enter_outage(village.session, village.clerk, noon - MINUTE, noon, "x", noon)
