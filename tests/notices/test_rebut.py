"""Who was served in the account may say it failed them; the branch's judge holds what is proved."""

from __future__ import annotations

from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from remote_court.audit import AuditEntry
from remote_court.errors import Forbidden, NotFound
from remote_court.notices.rebut import (
    AlreadyDecided,
    AlreadyRebutted,
    NothingSaid,
    NotServedHere,
    decide,
    rebut,
)
from remote_court.notices.service import Method
from remote_court.people import Actor, Role
from tests.hearings.court import CourtWorld, make_court
from tests.notices.served import know_hearings, notice_of, reader, served, waiting
from tests.sharing import rolled_back, shared_database, village

__all__ = ["rolled_back", "shared_database", "village"]
DAY = timedelta(days=1)


@pytest_asyncio.fixture
async def court(village, monkeypatch) -> CourtWorld:
    know_hearings(monkeypatch)
    return await make_court(village)


async def test_a_rebuttal_is_recorded_and_decided_by_the_branch_s_judge(court, noon):
    _, notice_id = await served(court, noon)
    said = await rebut(court.session, reader(court), notice_id, " اینترنت قطع بود ", noon + DAY)
    assert (said.said, said.decided_at) == ("اینترنت قطع بود", None)
    held = await decide(
        court.session, court.judge, said.id, "ثابت است", noon + 2 * DAY, accepted=True
    )
    assert (held.accepted, held.decided_by) == (True, court.judge.person_id)
    acts = select(AuditEntry).where(AuditEntry.act.like("service.%")).order_by(AuditEntry.id)
    first, second = await court.session.scalars(acts)
    assert (first.act, first.actor_id) == ("service.rebutted", court.defendant.person_id)
    assert (second.act, second.detail) == ("service.rebuttal_decided", {"accepted": True})
    assert "اینترنت" not in str((first.detail, second.detail))


async def test_one_says_it_once_until_it_is_decided(court, noon):
    _, notice_id = await served(court, noon)
    said = await rebut(court.session, reader(court), notice_id, "قطع بود", noon)
    async with court.session.begin_nested() as inner:
        with pytest.raises(AlreadyRebutted):
            await rebut(court.session, reader(court), notice_id, "باز هم", noon)
        await inner.rollback()
    await decide(court.session, court.judge, said.id, "ثابت نیست", noon, accepted=False)
    with pytest.raises(AlreadyDecided):
        await decide(court.session, court.judge, said.id, "ثابت است", noon, accepted=True)
    assert (await rebut(court.session, reader(court), notice_id, "سند تازه", noon)).id != said.id


async def test_nobody_speaks_against_another_s_notice(court, noon):
    _, notice_id = await served(court, noon)
    with pytest.raises(NotFound):
        await rebut(court.session, Actor(court.plaintiff.person_id, ""), notice_id, "x", noon)


async def test_there_is_nothing_to_say_against_what_did_not_come_by_the_account(court, noon):
    _, paper = await waiting(court, noon)
    with pytest.raises(NotServedHere):
        await rebut(court.session, reader(court), paper, "x", noon)
    _, queued = await waiting(court, noon, Method.SANA, number=2)
    with pytest.raises(NotServedHere):
        await rebut(court.session, reader(court), queued, "x", noon)


async def test_an_empty_text_says_nothing(court, noon):
    _, notice_id = await served(court, noon)
    with pytest.raises(NothingSaid):
        await rebut(court.session, reader(court), notice_id, "  ", noon)
    said = await rebut(court.session, reader(court), notice_id, "قطع بود", noon)
    with pytest.raises(NothingSaid):
        await decide(court.session, court.judge, said.id, " ", noon, accepted=True)


async def test_only_a_judge_of_the_branch_decides(court, noon):
    _, notice_id = await served(court, noon)
    said = await rebut(court.session, reader(court), notice_id, "قطع بود", noon)
    elsewhere = await court.new_branch()
    other = await court.world.staff(Role.JUDGE, elsewhere.id)
    for actor, refusal in ((court.clerk, Forbidden), (other, NotFound)):
        with pytest.raises(refusal):
            await decide(court.session, actor, said.id, "x", noon, accepted=True)
    with pytest.raises(NotFound):
        await decide(court.session, court.judge, 999_999, "x", noon, accepted=True)
    assert (await notice_of(court, notice_id)).delivered_at == noon
