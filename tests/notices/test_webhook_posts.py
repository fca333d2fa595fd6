"""Posts are signed and tried again; they go to no private address unless an operator allows it."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select

from remote_court import outbox
from remote_court.notices.signing import verified
from remote_court.notices.webhook_posts import NotPosted, Poster, is_public, public_address, send
from remote_court.notices.webhooks import Event, Wanted, register, remove
from remote_court.outbox import MAX_ATTEMPTS, OutboxRow
from tests.hearings.court import make_court
from tests.notices.gateway import gateway
from tests.world import make_world

KEY, SECRET = b"a key of ours", "sixteen characters"
TOLD = {"id": "7", "event": "hearing.listed", "at": "x", "hearing_id": "5", "notice_id": None}


@pytest_asyncio.fixture
async def place():
    async with gateway() as opened:
        yield opened


@pytest_asyncio.fixture
async def poster():
    made = Poster(private=True, patience=httpx.Timeout(0.5))
    yield made
    await made.close()


@pytest_asyncio.fixture
async def queued(database, place, noon):
    """A webhook at the receiver with one post due; gives the clerk and the webhook's id."""
    async with database.transaction() as session:
        court = await make_court(await make_world(session))
        wish = Wanted(court.branch.id, place.url, SECRET, list(Event))
        made = await register(session, court.clerk, wish, KEY, noon, plain_http=True)
        row = outbox.row(outbox.WEBHOOK, noon, webhook_id=made.id, body=TOLD)
        await outbox.put(session, row)
    return court.clerk, made.id


async def rows(database) -> list[OutboxRow]:
    async with database.transaction() as session:
        query = select(OutboxRow).where(OutboxRow.topic == outbox.WEBHOOK)
        return list(await session.scalars(query))


async def test_a_post_is_signed_with_the_secret_and_leaves_once(
    database, place, poster, queued, noon
):
    assert [await send(database, KEY, poster, noon) for _ in range(2)] == [1, 0]
    (head,), (body,) = place.heads, place.bodies
    assert body == TOLD
    assert (head["x-event"], head["idempotency-key"]) == ("hearing.listed", f"{queued[1]}-7")
    assert head["host"] in place.url
    sent = place.raw[0]
    assert verified(SECRET.encode(), head["x-timestamp"], head["x-signature"], sent, noon)
    assert await rows(database) == []


@pytest.mark.parametrize("status", [301, 302, 404, 500, 503])
async def test_what_is_not_taken_is_tried_again_later(
    database, place, poster, queued, noon, status
):
    place.answer = (status, b"{}", 0.0)
    assert await send(database, KEY, poster, noon) == 1
    (row,) = await rows(database)
    assert (row.attempts, row.last_error, row.due_at) == (
        1, f"HTTP {status}", noon + timedelta(seconds=5),
    )  # fmt: skip
    place.answer = (204, b"", 0.0)
    assert await send(database, KEY, poster, row.due_at) == 1
    assert await rows(database) == []


async def test_who_answers_too_late_has_not_taken_it(database, place, poster, queued, noon):
    place.answer = (200, b"{}", 1.0)
    await send(database, KEY, poster, noon)
    assert (await rows(database))[0].last_error == "ReadTimeout"


async def test_after_twelve_tries_it_waits_for_an_operator(database, place, poster, queued, noon):
    place.answer = (500, b"", 0.0)
    now, tries = noon, 0
    while await send(database, KEY, poster, now):
        now, tries = (await rows(database))[0].due_at, tries + 1
    assert tries == MAX_ATTEMPTS
    assert (await rows(database))[0].gave_up_at is not None


async def test_what_nobody_listens_to_any_more_is_forgotten(database, place, poster, queued, noon):
    clerk, webhook_id = queued
    async with database.transaction() as session:
        await remove(session, clerk, webhook_id, noon)
    assert await send(database, KEY, poster, noon) == 1
    assert await rows(database) == place.bodies == []


async def test_a_secret_of_another_key_waits_for_an_operator(database, place, poster, queued, noon):
    await send(database, b"another key", poster, noon)
    assert (await rows(database))[0].gave_up_at == noon
    assert place.bodies == []


async def test_nothing_is_posted_into_our_own_network(database, place, queued, noon):
    careful = Poster()
    await send(database, KEY, careful, noon)
    await careful.close()
    assert place.bodies == []
    assert (await rows(database))[0].last_error == "not a public address"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.1.1.1", True), ("2606:4700::1111", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.0.1", False), ("172.16.0.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False),
        ("224.0.0.1", False), ("255.255.255.255", False), ("::1", False), ("::", False),
        ("fe80::1%eth0", False), ("fc00::1", False), ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False), ("2002:7f00:1::", False), ("64:ff9b::7f00:1", False),
        ("64:ff9b::101:101", True),
        ("2001:db8::1", False), ("ff02::1", False),
    ],
)  # fmt: skip
def test_only_public_addresses_are_public(address: str, public: bool):
    assert is_public(address) is public


@pytest.mark.parametrize("host", ["localhost", "127.1", "0x7f000001", "2130706433"])
async def test_a_name_or_an_odd_spelling_of_ourselves_is_not_public(host):
    with pytest.raises(NotPosted):
        await public_address(host, 80, private=False)


async def test_a_host_that_is_none_is_not_posted_to():
    with pytest.raises(NotPosted):
        await public_address("nobody.invalid", 443, private=True)
