"""Arrival in the account is service; whoever has none yet is served when it is opened."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import func, select, update

from remote_court import outbox
from remote_court.audit import AuditEntry
from remote_court.errors import NotFound
from remote_court.hearings.in_letters import register_hearings
from remote_court.notices import deliver as deliver_module
from remote_court.notices.deliver import deliver, delivering
from remote_court.notices.messages import Message, MessageKind
from remote_court.notices.open_message import open_message
from remote_court.notices.outages import Uptime
from remote_court.notices.queries import inbox
from remote_court.notices.service import Method, Notice, ServiceState, queue, services
from remote_court.outbox import OutboxRow
from remote_court.people import AccountStatus, Actor, Person, SanaAccount
from remote_court.scheduling.models import Session
from tests.hearings.court import CourtWorld, make_court
from tests.hearings.sitting import sit
from tests.notices.post import WORDS, Post
from tests.sharing import rolled_back, shared_database, village
from tests.world import make_world

__all__ = ["rolled_back", "shared_database", "village"]


@pytest.fixture(autouse=True)
def hearings_are_known(spoken_of) -> None:
    register_hearings()


@pytest_asyncio.fixture
async def court(village) -> CourtWorld:
    return await make_court(village)


async def queued(court: CourtWorld, hearing_id: int, now, **changes) -> int:
    wish = {
        "session_id": hearing_id, "person_id": court.defendant.person_id, "occasion": "listed",
        "date_no": 1, "method": Method.SANA, "now": now,
    }  # fmt: skip
    return await queue(court.session, **wish | changes)


async def account(court: CourtWorld, status: AccountStatus) -> None:
    whose = update(SanaAccount).where(SanaAccount.person_id == court.defendant.person_id)
    await court.session.execute(whose.values(status=status))


async def notice(court: CourtWorld, notice_id: int) -> Notice:
    return await court.session.get_one(Notice, notice_id, populate_existing=True)


async def audited(court: CourtWorld, act: str) -> list[AuditEntry]:
    return list(await court.session.scalars(select(AuditEntry).where(AuditEntry.act == act)))


async def test_a_notice_arrives_in_the_inbox_with_the_hash_of_its_text(court, noon):
    hearing = await sit(court, now=noon)
    notice_id = await queued(court, hearing.id, noon)
    later = noon + timedelta(seconds=1)
    assert await deliver(court.session, later, WORDS) == 1
    assert await deliver(court.session, later, WORDS) == 0
    served = await notice(court, notice_id)
    (message,) = await inbox(court.session, court.defendant.person_id)
    assert (message.kind, message.session_id) == (MessageKind.NOTICE, hearing.id)
    assert (served.delivered_at, served.viewed_at, served.message_id) == (later, None, message.id)
    said = f"{message.subject}\n\n{message.body}".encode()
    assert served.sha256 == hashlib.sha256(said).hexdigest()
    assert court.case.subject in message.body
    (service,) = await services(court.session, hearing.id)
    assert service.state is ServiceState.DELIVERED


async def test_what_is_written_down_of_service_names_nobody(court, noon):
    hearing = await sit(court, now=noon)
    notice_id = await queued(court, hearing.id, noon)
    await deliver(court.session, noon, WORDS)
    (entry,) = await audited(court, "notice.delivered")
    assert (entry.subject_kind, entry.subject_id) == ("notice", notice_id)
    assert set(entry.detail) == {"session", "method", "sha256"}


async def test_who_has_no_active_account_is_served_when_it_is_active(court, noon):
    hearing = await sit(court, now=noon)
    notice_id = await queued(court, hearing.id, noon)
    for status in (AccountStatus.PENDING, AccountStatus.SUSPENDED):
        await account(court, status)
        assert await deliver(court.session, noon + timedelta(hours=1), WORDS) == 0
    assert (await notice(court, notice_id)).delivered_at is None
    await account(court, AccountStatus.ACTIVE)
    opened = noon + timedelta(days=1)
    assert await deliver(court.session, opened, WORDS) == 1
    assert (await notice(court, notice_id)).delivered_at == opened


async def test_an_account_that_is_opened_before_the_officer_came_is_served_there(court, noon):
    hearing = await sit(court, now=noon)
    await account(court, AccountStatus.PENDING)
    notice_id = await queued(court, hearing.id, noon, method=Method.OFFICER)
    assert await deliver(court.session, noon, WORDS) == 0
    await account(court, AccountStatus.ACTIVE)
    assert await deliver(court.session, noon, WORDS) == 1
    notice_ = await notice(court, notice_id)
    assert (notice_.method, notice_.delivered_at) == (Method.SANA, noon)
    (message,) = await inbox(court.session, court.defendant.person_id)
    assert "مأمور ابلاغ" not in message.body


async def test_the_text_that_counts_is_persian_and_an_english_reader_gets_a_copy(court, noon):
    hearing = await sit(court, now=noon)
    person = await court.session.get_one(Person, court.defendant.person_id)
    person.locale = "en"
    await queued(court, hearing.id, noon)
    await deliver(court.session, noon, WORDS)
    (message,) = await inbox(court.session, person.id)
    assert message.locale == "fa"
    assert message.subject.startswith("ابلاغیهٔ شمارهٔ")
    assert message.english.startswith("Notice no.")
    assert "You are summoned to this session." in message.english


async def test_opening_the_message_is_actual_service_once(court, noon):
    hearing = await sit(court, now=noon)
    notice_id = await queued(court, hearing.id, noon)
    await deliver(court.session, noon, WORDS)
    reader = Actor(court.defendant.person_id, "")
    (message,) = await inbox(court.session, reader.person_id)
    seen = noon + timedelta(days=2)
    await open_message(court.session, reader, message.id, seen)
    await open_message(court.session, reader, message.id, seen + timedelta(days=1))
    assert (await notice(court, notice_id)).viewed_at == seen
    (entry,) = await audited(court, "notice.viewed")
    assert (entry.actor_id, entry.subject_id) == (reader.person_id, notice_id)


async def test_nobody_else_opens_a_notice(court, noon):
    hearing = await sit(court, now=noon)
    notice_id = await queued(court, hearing.id, noon)
    await deliver(court.session, noon, WORDS)
    (message,) = await inbox(court.session, court.defendant.person_id)
    with pytest.raises(NotFound):
        await open_message(court.session, Actor(court.plaintiff.person_id, ""), message.id, noon)
    assert (await notice(court, notice_id)).viewed_at is None


async def test_a_reader_whose_clock_is_behind_is_not_refused(court, noon):
    hearing = await sit(court, now=noon)
    notice_id = await queued(court, hearing.id, noon)
    await deliver(court.session, noon, WORDS)
    reader = Actor(court.defendant.person_id, "")
    (message,) = await inbox(court.session, reader.person_id)
    await open_message(court.session, reader, message.id, noon - timedelta(milliseconds=40))
    assert (await notice(court, notice_id)).viewed_at == noon


@pytest.mark.parametrize(
    ("occasion", "status", "date_no", "served"),
    [
        ("listed", "provisional", 1, True),
        ("listed", "confirmed", 1, True),
        ("listed", "provisional", 2, False),
        ("listed", "displaced", 1, False),
        ("listed", "cancelled", 1, False),
        ("moved", "provisional", 1, True),
        ("cancelled", "cancelled", 1, True),
        ("cancelled", "confirmed", 1, False),
    ],
)
async def test_a_notice_that_is_overtaken_serves_nobody(
    court, noon, occasion, status, date_no, served
):
    hearing = await sit(court, now=noon, status=status, date_no=date_no)
    notice_id = await queued(court, hearing.id, noon, occasion=occasion)
    assert await deliver(court.session, noon, WORDS) == 1
    assert ((await notice(court, notice_id)).delivered_at is not None) is served
    assert await deliver(court.session, noon, WORDS) == 0


async def test_a_notice_without_words_waits_for_the_operator_and_serves_nobody(court, noon):
    sat = Session(
        kind="panel", status="booked", created_at=noon,
        starts_at=noon, ends_at=noon + timedelta(hours=1),
    )  # fmt: skip
    court.session.add(sat)
    await court.session.flush()
    notice_id = await queued(court, sat.id, noon)
    assert await deliver(court.session, noon, WORDS) == 1
    row = (await court.session.scalars(select(OutboxRow))).one()
    assert (row.topic, row.gave_up_at) == (outbox.NOTICE, noon)
    assert (await notice(court, notice_id)).delivered_at is None


async def test_delivering_is_the_sign_of_life(court, noon):
    await delivering(WORDS)(court.session, noon)
    up = (await court.session.scalars(select(Uptime))).one()
    assert (up.started_at, up.seen_at) == (noon, noon)


async def test_the_telephone_is_told_of_a_notice_once_and_learns_nothing_of_the_case(
    database, noon
):
    async with database.transaction() as session:
        court = await make_court(await make_world(session))
        hearing = await sit(court, now=noon)
        await queued(court, hearing.id, noon)
    async with database.transaction() as session:
        assert await deliver_module.deliver(session, noon, WORDS) == 1
    post = Post(database, court.world, noon)
    assert [await post.send(), await post.send()] == [1, 0]
    ((_, text, reference),) = post.carrier.sent
    assert reference.startswith("notice-")
    assert "خود این پیام ابلاغ نیست" in text
    for word in (court.case.case_number, court.case.subject, "دادگاه", "خوانده"):
        assert word not in text
    (message,) = await post.messages(court.defendant.person_id)
    assert (message.kind, message.carrier) == (MessageKind.NOTICE, "keeper")


async def test_two_sweeps_at_once_serve_each_once(database, noon):
    async with database.transaction() as session:
        court = await make_court(await make_world(session))
        for number in range(3):
            hearing = await sit(court, now=noon, number=number)
            for party in (court.plaintiff, court.defendant, court.lawyer):
                await queued(court, hearing.id, noon, person_id=party.person_id)

    async with database.transaction() as first, database.transaction() as second:
        taken = await deliver(first, noon, WORDS, 5), await deliver(second, noon, WORDS, 50)
    assert taken == (5, 4)
    async with database.transaction() as session:
        served = select(func.count()).select_from(Message).where(Message.kind == "notice")
        assert await session.scalar(served) == 9
