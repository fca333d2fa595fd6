"""The inbox: one's own messages, the newest first, read when they are opened."""

from __future__ import annotations

import re

import pytest
import pytest_asyncio
from sqlalchemy import select

from remote_court.notices.messages import Message, MessageKind
from remote_court.server.notices.pages import PAGE

SUBJECT, BODY = "نوبت شما ثبت شد", "خانم <مریم> & گرامی،\nزمان: فردا\n\nبا احترام"


@pytest_asyncio.fixture
async def told(site, instant):
    """Write messages to somebody; the latest is the newest."""

    async def write(person, count=1, **values):
        first = {"kind": MessageKind.ACCOUNT, "locale": "fa", "subject": SUBJECT, "body": BODY}
        made = [
            Message(person_id=person.id, created_at=instant, **(first | values))
            for _ in range(count)
        ]
        async with site.database.transaction() as session:
            session.add_all(made)
        return [message.id for message in made]

    return write


async def read_at(site, message_id):
    async with site.database.transaction() as session:
        return await session.scalar(select(Message.read_at).where(Message.id == message_id))


async def test_nobody_reads_without_signing_in(client):
    answer = await client.get("/inbox")
    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["location"]


async def test_an_empty_inbox_says_so(person, signed_in):
    page = (await (await signed_in(await person())).get("/inbox")).text
    assert "پیامی ندارید" in page


async def test_a_message_is_new_until_it_is_opened(site, person, signed_in, told):
    mother = await person()
    (message_id,) = await told(mother)
    browser = await signed_in(mother)
    page = (await browser.get("/inbox")).text
    assert "۱ پیام نخوانده" in page
    assert "تازه" in page
    assert await read_at(site, message_id) is None
    opened = await browser.get(f"/inbox/{message_id}")
    assert opened.status_code == 200
    first = await read_at(site, message_id)
    assert first is not None
    page = (await browser.get("/inbox")).text
    assert "نخوانده" not in page
    assert "تازه" not in page
    await browser.get(f"/inbox/{message_id}")
    assert await read_at(site, message_id) == first


async def test_a_message_keeps_its_lines_and_is_escaped(person, signed_in, told):
    mother = await person()
    (message_id,) = await told(mother)
    page = (await (await signed_in(mother)).get(f"/inbox/{message_id}")).text
    assert "<p>خانم &lt;مریم&gt; &amp; گرامی،<br>زمان: فردا</p>" in page
    assert "<p>با احترام</p>" in page


async def test_a_message_stands_in_its_own_language(person, signed_in, told):
    mother = await person()
    (message_id,) = await told(mother)
    browser = await signed_in(mother)
    browser.cookies.set("lang", "en", domain="127.0.0.1")
    page = (await browser.get(f"/inbox/{message_id}")).text
    assert '<html lang="en" dir="ltr">' in page
    assert '<article class="stack" lang="fa" dir="rtl">' in page
    assert "1 unread message<" in (await read_later(browser, told, mother))


async def read_later(browser, told, mother):
    await told(mother)
    return (await browser.get("/inbox")).text


@pytest.mark.parametrize("path", ["/inbox/{}", "/inbox/999999999", "/inbox/0"])
async def test_anothers_message_is_not_there(site, person, signed_in, told, path):
    (message_id,) = await told(await person())
    answer = await (await signed_in(await person())).get(path.format(message_id))
    assert answer.status_code in {404, 422}
    assert await read_at(site, message_id) is None


async def test_a_long_inbox_goes_on(person, signed_in, told):
    mother = await person()
    ids = await told(mother, PAGE + 3)
    browser = await signed_in(mother)
    first = (await browser.get("/inbox")).text
    following = re.search(r'href="(/inbox\?cursor=[^"]+)"', first)[1]
    second = (await browser.get(following)).text

    def shown(page):
        return [int(found) for found in re.findall(r'href="/inbox/(\d+)"', page)]

    assert shown(first) + shown(second) == sorted(ids, reverse=True)
    assert 'rel="next"' not in second
    assert 'rel="prev"' in second


async def test_more_than_a_hundred_unread_are_not_counted(person, signed_in, told):
    mother = await person()
    await told(mother, 101)
    assert "بیش از ۹۹ پیام نخوانده" in (await (await signed_in(mother)).get("/inbox")).text


@pytest.mark.parametrize(
    "cursor", ["x", "W10", "WyJhIl0", "WzEsIDJd", "Wy0xXQ", "W3RydWVd", "WzFlMzBd"]
)
async def test_a_forged_cursor_is_refused(person, signed_in, cursor):
    answer = await (await signed_in(await person())).get(f"/inbox?cursor={cursor}")
    assert answer.status_code == 422
