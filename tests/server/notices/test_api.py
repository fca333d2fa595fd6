"""Messages for programs: one's own, page by page, and reading the list opens none."""

from __future__ import annotations

import pytest_asyncio
from sqlalchemy import select

from remote_court.notices.messages import Message, MessageKind


@pytest_asyncio.fixture
async def told(site, instant):
    async def write(person, count):
        async with site.database.transaction() as session:
            session.add_all(
                Message(
                    person_id=person.id, kind=MessageKind.ACCOUNT, locale="fa",
                    subject=f"پیام {n}", body="متن", created_at=instant,
                )
                for n in range(count)
            )  # fmt: skip

    return write


async def test_messages_are_listed_page_by_page(site, person, bearer, told):
    mother = await person()
    await told(mother, 5)
    await told(await person(), 2)
    caller = await bearer(mother)
    first = (await caller.get("/api/v1/messages?limit=3")).json()
    second = (await caller.get(f"/api/v1/messages?limit=3&cursor={first['next']}")).json()
    items = first["items"] + second["items"]
    assert [item["subject"] for item in items] == [f"پیام {n}" for n in (4, 3, 2, 1, 0)]
    assert second["next"] is None
    assert items[0] == {
        "id": items[0]["id"], "kind": "account", "visit_id": None, "hearing_id": None,
        "locale": "fa",
        "subject": "پیام 4", "body": "متن", "created_at": "2026-11-24T12:00:00+03:30",
        "read_at": None,
    }  # fmt: skip
    async with site.database.transaction() as session:
        assert set(await session.scalars(select(Message.read_at))) == {None}


async def test_nobodys_messages_are_nobodys(client):
    assert (await client.get("/api/v1/messages")).status_code == 401


async def test_a_notice_is_not_read_by_listing_it_and_is_by_asking_for_it(at_court, bearer):
    notice_id = await at_court.notice()
    caller = await bearer(await at_court.who(at_court.defendant))
    (listed,) = (await caller.get("/api/v1/messages")).json()["items"]
    assert (listed["kind"], listed["body"], listed["visit_id"]) == ("notice", None, None)
    assert listed["hearing_id"] == str(at_court.hearing.id)
    assert (await at_court.of(notice_id)).viewed_at is None
    opened = (await caller.get(f"/api/v1/messages/{listed['id']}")).json()
    assert "دعوت می‌شوید" in opened["body"]
    assert (await at_court.of(notice_id)).viewed_at is not None
    (listed,) = (await caller.get("/api/v1/messages")).json()["items"]
    assert listed["body"] == opened["body"]


async def test_another_s_message_is_not_there(at_court, bearer):
    notice_id = await at_court.notice()
    caller = await bearer(await at_court.who(at_court.court.plaintiff.person_id))
    message = (await at_court.of(notice_id)).message_id
    assert (await caller.get(f"/api/v1/messages/{message}")).status_code == 404
