"""Letters leave once, keep their promise when a carrier fails, and fall when nothing stands."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from remote_court import outbox, policy
from remote_court.notices import claim
from remote_court.notices.messages import MessageKind
from remote_court.notices.ports import CarrierFailed
from remote_court.outbox import MAX_ATTEMPTS, OutboxRow
from remote_court.people import Person
from remote_court.people.codes import issue
from remote_court.visits.cancel import cancel
from tests.notices.post import Keeper, Post
from tests.world import FREE_START

DAY_BEFORE = FREE_START - timedelta(hours=24)


async def cancelled(post: Post, visit_id: int) -> None:
    async with post.database.transaction() as session:
        rule = await policy.current(session, post.noon.date())
        await cancel(session, post.world.actor(post.world.mother), visit_id, "", post.noon, rule)


async def without_telephone(post: Post) -> None:
    async with post.database.transaction() as session:
        mother = update(Person).where(Person.id == post.world.mother.id)
        await session.execute(mother.values(mobile=None))


async def test_a_booking_is_told_in_the_inbox_and_by_telephone(post):
    booked = await post.book()
    assert await post.send() == 1
    (message,) = await post.messages()
    assert (message.kind, message.session_id) == (MessageKind.BOOKED, booked.id)
    assert message.locale == "fa"
    assert message.subject == "نوبت شما ثبت شد"
    assert "یکشنبه ۸ آذر ۱۴۰۵" in message.body
    assert (message.carrier, message.sent_at, message.read_at) == ("keeper", post.noon, None)
    ((to, text, reference),) = post.carrier.sent
    assert to == post.world.mother.mobile
    assert "۸ آذر ۱۴۰۵ ساعت ۰۹:۳۰" in text
    assert message.carrier_reference == f"receipt of {reference}"
    assert await post.send() == 0


async def test_a_telephone_shows_nobodys_name(post):
    await post.book()
    await post.send()
    world = post.world
    for person in (world.inmate, world.mother):
        assert person.family_name not in post.carrier.sent[0][1]


async def test_who_reads_english_is_written_to_in_english(post):
    async with post.database.transaction() as session:
        mother = update(Person).where(Person.id == post.world.mother.id)
        await session.execute(mother.values(locale="en"))
    await post.book()
    await post.send()
    (message,) = await post.messages()
    assert message.subject == "Your visit is booked"
    assert "Sunday 8 Azar 1405 (29 November 2026)" in message.body


async def test_two_sweeps_at_once_send_each_letter_once(post):
    for _ in range(30):
        await post.put("account", event="activated")
    carriers = [Keeper(slow_s=0.02) for _ in range(4)]
    counts = await asyncio.gather(*(post.send(carrier=c) for c in carriers))
    references = [reference for c in carriers for _, _, reference in c.sent]
    assert sum(counts) == len(references) == len(set(references)) == 30
    assert len(await post.messages()) == 30
    assert await post.rows() == []


async def test_a_carrier_that_fails_keeps_the_letter(post):
    await post.book()
    post.carrier.failures = [CarrierFailed("HTTP 503")]
    assert await post.send() == 1
    row = (await post.rows())[0]
    assert (row.attempts, row.last_error, row.gave_up_at) == (1, "HTTP 503", None)
    (message,) = await post.messages()
    assert message.sent_at is None
    assert await post.send() == 0
    assert await post.send(post.noon + timedelta(seconds=6)) == 1
    assert len(post.carrier.sent) == 1
    (message,) = await post.messages()
    assert message.sent_at is not None


async def test_tries_are_further_and_further_apart_and_end_with_the_operator(post):
    await post.put("account", event="activated")
    post.carrier.failures = [CarrierFailed("HTTP 503")] * MAX_ATTEMPTS
    waits, now = [], post.noon
    while await post.send(now):
        (row,) = await post.rows()
        waits.append(row.due_at - now)
        now = row.due_at
    assert len(waits) == MAX_ATTEMPTS
    assert waits == sorted(waits)
    assert row.gave_up_at is not None
    assert len(await post.messages()) == 1


async def test_what_fails_for_good_is_not_tried_again(post, caplog):
    await post.put("account", event="activated")
    post.carrier.failures = [CarrierFailed("HTTP 422", permanent=True)]
    with caplog.at_level(logging.WARNING):
        await post.send()
    (row,) = await post.rows()
    assert (row.gave_up_at, row.last_error) == (post.noon, "HTTP 422")
    assert "did not leave by keeper: HTTP 422" in caplog.text
    assert post.world.mother.mobile not in caplog.text
    assert await post.send(post.noon + timedelta(days=30)) == 0


class Dying(Keeper):
    """Takes the letter, and its process ends before it can write that down."""

    async def send(self, to, text, reference, channel):
        await super().send(to, text, reference, channel)
        raise SystemExit


async def test_who_dies_with_a_letter_in_hand_leaves_it_to_the_next_under_the_same_reference(post):
    await post.put("account", event="activated")
    dying = Dying()
    batch = None
    async with post.database.transaction() as session:
        from tests.notices.post import WORDS

        batch = await claim.claim(session, post.noon, WORDS, 10)
    first = batch.leaving[0]
    with pytest.raises(SystemExit):
        await dying.send("+989120000001", first.letter.short, first.reference, first.channel)
    assert await post.send(post.noon + claim.LEASE - timedelta(seconds=1)) == 0
    assert await post.send(post.noon + claim.LEASE) == 1
    assert post.carrier.sent[0][2] == dying.sent[0][2]
    assert len(await post.messages()) == 1


async def test_reminders_leave_in_their_time(post):
    await post.book()
    await post.send()
    assert await post.send(DAY_BEFORE - timedelta(seconds=1)) == 0
    assert await post.send(DAY_BEFORE) == 1
    assert await post.send(FREE_START - timedelta(hours=2)) == 1
    assert [m.kind for m in await post.messages()] == ["booked", "reminder", "reminder"]


async def test_a_cancelled_visit_is_not_reminded_of(post):
    booked = await post.book()
    await cancelled(post, booked.id)
    await post.send()
    assert await post.send(DAY_BEFORE) == 1
    assert [m.kind for m in await post.messages()] == ["booked", "cancelled"]
    assert len(post.carrier.sent) == 2


@pytest.mark.parametrize(
    ("late", "kinds"),
    [(timedelta(minutes=1), ["reminder"]), (timedelta(hours=24), [])],
)
async def test_a_reminder_after_the_start_is_none(post, late, kinds):
    booked = await post.book()
    async with post.database.transaction() as session:
        await session.execute(update(OutboxRow).values(due_at=DAY_BEFORE))
    await post.send(DAY_BEFORE + late)
    told = [m.kind for m in await post.messages() if m.session_id == booked.id]
    assert [kind for kind in told if kind == "reminder"][:1] == kinds


async def test_a_start_is_reminded_of_once_however_often_it_was_arranged(post):
    booked = await post.book()
    twice = {"starts_at": FREE_START.isoformat(), "hours": 24}
    row = outbox.row(
        outbox.LETTER, DAY_BEFORE, kind="reminder", person_id=post.world.mother.id,
        session_id=booked.id, params=twice,
    )  # fmt: skip
    async with post.database.transaction() as session:
        await outbox.put(session, row, row)
    await post.send()
    await asyncio.gather(*(post.send(DAY_BEFORE) for _ in range(3)))
    assert [m.kind for m in await post.messages()] == ["booked", "reminder"]
    assert len(post.carrier.sent) == 2


async def test_a_reminder_of_another_start_falls(post):
    booked = await post.book()
    other = (FREE_START + timedelta(hours=1)).isoformat()
    row = outbox.row(
        outbox.LETTER, post.noon, kind="reminder", person_id=post.world.mother.id,
        session_id=booked.id, params={"starts_at": other, "hours": 24},
    )  # fmt: skip
    async with post.database.transaction() as session:
        await outbox.put(session, row)
    await post.send()
    assert [m.kind for m in await post.messages()] == ["booked"]


async def test_a_code_goes_first_and_is_kept_nowhere(post):
    for _ in range(3):
        await post.put("account", event="activated", due_at=post.noon - timedelta(hours=1))
    async with post.database.transaction() as session:
        code = await issue(session, post.world.mother.id, "sign-in", b"key", post.noon)
    await post.send()
    assert code in post.carrier.sent[0][1]
    assert await post.rows() == []
    assert {m.kind for m in await post.messages()} == {"account"}


async def test_a_code_that_could_not_leave_in_time_is_forgotten(post):
    async with post.database.transaction() as session:
        await issue(session, post.world.mother.id, "sign-in", b"key", post.noon)
    post.carrier.failures = [CarrierFailed("HTTP 503")] * 20
    now = post.noon
    for _ in range(30):
        now += timedelta(seconds=10)
        await post.send(now)
    (row,) = await post.rows()
    assert row.gave_up_at is not None
    assert row.last_error == claim.EXPIRED
    assert "code" not in row.payload["params"]


async def test_a_code_refused_for_good_is_forgotten_at_once(post):
    async with post.database.transaction() as session:
        await issue(session, post.world.mother.id, "sign-in", b"key", post.noon)
    post.carrier.failures = [CarrierFailed("HTTP 400", permanent=True)]
    await post.send()
    (row,) = await post.rows()
    assert "code" not in row.payload["params"]


async def test_without_a_telephone_there_is_the_inbox(post):
    await without_telephone(post)
    await post.book()
    await post.send()
    (message,) = await post.messages()
    assert (message.carrier, message.sent_at) == (None, None)
    assert post.carrier.sent == []
    assert {row.payload["kind"] for row in await post.rows()} == {"reminder"}


async def test_a_code_for_nobodys_telephone_waits_for_the_operator(post):
    await without_telephone(post)
    async with post.database.transaction() as session:
        await issue(session, post.world.mother.id, "sign-in", b"key", post.noon)
    await post.send()
    (row,) = await post.rows()
    assert row.last_error == claim.NO_TELEPHONE


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("account", {"event": "something else"}),
        ("account", {"event": "activated", "surprise": 1}),
        ("booked", {}),
        ("reminder", {}),
        ("nothing", {}),
    ],
)
async def test_a_letter_without_words_stops_nobody_elses(post, kind, params):
    await post.put(kind, **params)
    await post.put("account", event="activated")
    assert await post.send() == 2
    assert [m.kind for m in await post.messages()] == ["account"]
    (row,) = await post.rows()
    assert row.gave_up_at is not None
    assert row.last_error


async def test_nothing_is_locked_while_a_carrier_thinks(post):
    await post.put("account", event="activated")

    class Watching(Keeper):
        async def send(self, to, text, reference, channel):
            async with post.database.transaction() as session:
                locked = select(OutboxRow.id).with_for_update(nowait=True)
                self.found = (await session.scalars(locked)).all()
                query = select(func.count()).select_from(OutboxRow)
                self.there = await session.scalar(query)
            return await super().send(to, text, reference, channel)

    watching = Watching()
    await post.send(carrier=watching)
    assert len(watching.found) == watching.there == 1
