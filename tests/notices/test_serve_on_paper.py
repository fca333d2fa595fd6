"""What an officer or a newspaper did is recorded by the branch's clerk, once, as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from remote_court import outbox
from remote_court.audit import AuditEntry
from remote_court.clock import local
from remote_court.errors import Forbidden, NotFound
from remote_court.notices.deliver import deliver
from remote_court.notices.queries import inbox
from remote_court.notices.serve_on_paper import (
    AlreadyServed,
    ByOfficer,
    NotThen,
    Overtaken,
    PaperMissing,
    Published,
    record_officer,
    record_publication,
)
from remote_court.notices.service import Method, ServiceState, of
from remote_court.outbox import OutboxRow
from remote_court.people import Role
from tests.hearings.court import CourtWorld, make_court
from tests.notices.post import WORDS
from tests.notices.served import know_hearings, notice_of, served, waiting
from tests.sharing import rolled_back, shared_database, village

__all__ = ["rolled_back", "shared_database", "village"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest_asyncio.fixture
async def court(village, monkeypatch) -> CourtWorld:
    know_hearings(monkeypatch)
    return await make_court(village)


def handed(at, report="گزارش ۷۱", *, in_person=True) -> ByOfficer:
    return ByOfficer(report, at, in_person)


@pytest.mark.parametrize(
    ("in_person", "state"), [(True, ServiceState.VIEWED), (False, ServiceState.DELIVERED)]
)
async def test_an_officer_s_service_is_actual_only_into_one_s_own_hands(
    court, noon, in_person, state
):
    _, notice_id = await waiting(court, noon)
    done = handed(noon + HOUR, in_person=in_person)
    await record_officer(court.session, court.clerk, notice_id, done, WORDS, noon + DAY)
    notice = await notice_of(court, notice_id)
    assert (notice.method, notice.delivered_at) == (Method.OFFICER, noon + HOUR)
    assert (notice.paper, notice.recorded_by) == ("گزارش ۷۱", court.clerk.person_id)
    assert of(notice).state is state
    (message,) = await inbox(court.session, court.defendant.person_id)
    assert message.id == notice.message_id
    assert len(notice.sha256) == 64
    act = select(AuditEntry).where(AuditEntry.act == "notice.delivered")
    entry = (await court.session.scalars(act)).one()
    assert (entry.role, entry.place_id) == ("court_clerk", court.branch.id)


async def test_a_publication_counts_from_its_day(court, noon):
    _, notice_id = await waiting(court, noon, Method.PUBLICATION)
    day = local(noon + 2 * DAY).date()
    published = Published("حمایت، شماره ۶۰۱", day)
    await record_publication(
        court.session, court.clerk, notice_id, published, WORDS, noon + 3 * DAY
    )
    notice = await notice_of(court, notice_id)
    assert (notice.method, notice.published_on, notice.delivered_at) == (
        Method.PUBLICATION, day, None,
    )  # fmt: skip
    assert (of(notice).day, of(notice).state) == (day, ServiceState.DELIVERED)


async def test_a_published_notice_of_a_sensitive_case_hides_the_charge(court, noon):
    court.case.sensitive = True
    _, notice_id = await waiting(court, noon, Method.PUBLICATION)
    published = Published("حمایت، شماره ۶۰۱", local(noon).date())
    await record_publication(court.session, court.clerk, notice_id, published, WORDS, noon)
    (message,) = await inbox(court.session, court.defendant.person_id)
    assert court.case.subject not in message.body + message.subject


async def test_what_waited_for_an_account_and_was_served_on_paper_is_not_delivered_again(
    court, noon
):
    _, notice_id = await waiting(court, noon, Method.SANA)
    done = handed(noon + HOUR)
    await record_officer(court.session, court.clerk, notice_id, done, WORDS, noon + DAY)
    assert await deliver(court.session, noon + DAY, WORDS) == 0
    rows = select(func.count()).select_from(OutboxRow).where(OutboxRow.topic == outbox.NOTICE)
    assert await court.session.scalar(rows) == 0


@pytest.mark.parametrize("ahead", [-HOUR, 2 * DAY])
async def test_an_officer_s_moment_is_after_the_notice_and_not_to_come(court, noon, ahead):
    _, notice_id = await waiting(court, noon)
    with pytest.raises(NotThen):
        await record_officer(
            court.session, court.clerk, notice_id, handed(noon + ahead), WORDS, noon + DAY
        )


@pytest.mark.parametrize("ahead", [-DAY, 2 * DAY])
async def test_a_publication_s_day_is_after_the_notice_and_not_to_come(court, noon, ahead):
    _, notice_id = await waiting(court, noon, Method.PUBLICATION)
    published = Published("حمایت", local(noon + ahead).date())
    with pytest.raises(NotThen):
        await record_publication(
            court.session, court.clerk, notice_id, published, WORDS, noon + DAY
        )


async def test_the_paper_must_be_named(court, noon):
    _, notice_id = await waiting(court, noon)
    with pytest.raises(PaperMissing):
        await record_officer(court.session, court.clerk, notice_id, handed(noon, "  "), WORDS, noon)


async def test_what_was_served_is_not_served_again(court, noon):
    _, notice_id = await served(court, noon)
    with pytest.raises(AlreadyServed):
        await record_officer(court.session, court.clerk, notice_id, handed(noon), WORDS, noon)
    published = Published("حمایت", local(noon).date())
    with pytest.raises(AlreadyServed):
        await record_publication(court.session, court.clerk, notice_id, published, WORDS, noon)


async def test_a_date_that_holds_no_more_serves_nobody(court, noon):
    hearing, notice_id = await waiting(court, noon)
    hearing.date_no = 2
    await court.session.flush()
    with pytest.raises(Overtaken):
        await record_officer(court.session, court.clerk, notice_id, handed(noon), WORDS, noon)


async def test_only_a_clerk_of_the_branch_records(court, noon):
    _, notice_id = await waiting(court, noon)
    elsewhere = await court.new_branch()
    other = await court.world.staff(Role.COURT_CLERK, elsewhere.id)
    for actor, refusal in ((court.judge, Forbidden), (court.world.clerk, Forbidden),
                           (other, NotFound)):  # fmt: skip
        with pytest.raises(refusal):
            await record_officer(court.session, actor, notice_id, handed(noon), WORDS, noon)
    with pytest.raises(NotFound):
        await record_officer(court.session, court.clerk, 999_999, handed(noon), WORDS, noon)
