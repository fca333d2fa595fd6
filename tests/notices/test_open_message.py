"""A message is read when it is opened, once, by whom it is for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from remote_court.errors import NotFound
from remote_court.notices import queries
from remote_court.notices.open_message import open_message


async def test_the_first_opening_counts(post):
    await post.put("account", event="activated")
    await post.send()
    (message,) = await post.messages()
    mother = post.world.actor(post.world.mother)
    async with post.database.transaction() as session:
        assert await queries.unread(session, mother.person_id) == 1
        await open_message(session, mother, message.id, post.noon)
        again = await open_message(session, mother, message.id, post.noon + timedelta(hours=1))
        assert again.read_at == post.noon
        assert await queries.unread(session, mother.person_id) == 0


async def test_anothers_message_is_not_there(post):
    await post.put("account", event="activated")
    await post.send()
    (message,) = await post.messages()
    async with post.database.transaction() as session:
        for message_id in (message.id, 999_999):
            with pytest.raises(NotFound):
                await open_message(session, post.world.clerk, message_id, post.noon)
    assert (await post.messages())[0].read_at is None
