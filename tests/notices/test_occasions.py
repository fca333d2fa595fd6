"""Kinds of session tell letters of themselves."""

from __future__ import annotations

from types import SimpleNamespace

from sqlalchemy import text

from remote_court.notices import occasions
from tests.world import FREE_START


async def test_each_kind_looks_for_its_own_and_unknown_kinds_are_left_out(post):
    booked = await post.book()
    insert = text(
        "INSERT INTO session (kind, status, starts_at, ends_at, created_at)"
        " VALUES (:kind, 'x', now(), now() + interval '1 hour', now()) RETURNING id"
    )
    asked: list[int] = []

    async def look(session, ids):
        asked.extend(ids)
        return {each: SimpleNamespace(starts_at=FREE_START, stands=False) for each in ids}

    occasions.register("hearing", look)
    async with post.database.transaction() as session:
        ids = [await session.scalar(insert, {"kind": kind}) for kind in ("hearing", "block")]
        found = await occasions.load(session, {booked.id, *ids, 999_999})
    assert set(found) == {booked.id, ids[0]}
    assert asked == ids[:1]
    assert (found[booked.id].starts_at, found[booked.id].stands) == (FREE_START, True)


async def test_nothing_asked_is_nothing_found(session):
    assert await occasions.load(session, set()) == {}
