"""An operator tries a letter again; a code, never; anybody else may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from remote_court.errors import Forbidden, NotFound
from remote_court.notices import queries
from remote_court.notices.ports import CarrierFailed
from remote_court.notices.retry import retry
from remote_court.people import Role
from tests.notices.post import Post


async def given_up(post: Post, kind: str, **params) -> int:
    await post.put(kind, **params)
    post.carrier.failures = [CarrierFailed("HTTP 422", permanent=True)]
    await post.send()
    return (await post.rows())[0].id


async def operator(post: Post, session):
    post.world.session = session
    return await post.world.staff(Role.OPERATOR, None)


async def test_a_letter_tried_again_leaves_and_its_message_stays_one(post):
    row_id = await given_up(post, "account", event="activated")
    later = post.noon + timedelta(days=1)
    async with post.database.transaction() as session:
        await retry(session, await operator(post, session), row_id, later)
    assert await post.send(later) == 1
    (message,) = await post.messages()
    assert message.sent_at == later
    assert await post.rows() == []


@pytest.mark.parametrize("stranger", ["clerk", "officer"])
async def test_only_an_operator_tries_again(post, stranger):
    row_id = await given_up(post, "account", event="activated")
    async with post.database.transaction() as session:
        with pytest.raises(Forbidden):
            await retry(session, getattr(post.world, stranger), row_id, post.noon)


async def test_a_code_and_a_letter_that_is_still_on_its_way_are_not_tried_again(post):
    code = {"code": "123456", "purpose": "sign-in", "minutes": 2}
    row_id = await given_up(post, "code", **code)
    await post.put("account", event="activated", due_at=post.noon + timedelta(days=1))
    waiting = (await post.rows())[-1].id
    async with post.database.transaction() as session:
        actor = await operator(post, session)
        for each in (row_id, waiting, 999_999):
            with pytest.raises(NotFound):
                await retry(session, actor, each, post.noon)


async def test_the_operator_sees_the_queue_and_what_is_stuck_but_not_what_it_says(post):
    row_id = await given_up(post, "account", event="activated")
    for minutes in (5, 1):
        await post.put("account", event="activated", due_at=post.noon - timedelta(minutes=minutes))
    async with post.database.transaction() as session:
        queue = await queries.queue(session, post.noon)
        assert (queue.due, queue.given_up) == (2, 1)
        assert queue.oldest == post.noon - timedelta(minutes=5)
        (stuck,) = await queries.stuck(session)
        assert (stuck.id, stuck.kind, stuck.error) == (row_id, "account", "HTTP 422")
        assert await queries.stuck(session, before=row_id) == []
