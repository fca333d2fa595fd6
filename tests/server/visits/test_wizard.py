"""The wizard as a browser without JavaScript walks it: links, forms and redirects only."""

from __future__ import annotations

import re
from html import unescape

import pytest

from remote_court.people.sessions import open_session
from remote_court.visits.status import Status
from tests.world import FREE_START


class Browser:
    """Follows forms as a person would: takes their hidden fields, adds the answers."""

    def __init__(self, client) -> None:
        self.client = client
        self.page = ""
        self.url = ""

    async def get(self, path: str) -> str:
        return self.keep(await self.client.get(path, follow_redirects=True))

    async def submit(self, action: str, **answers) -> str:
        form = next(
            f
            for f in re.findall(r"<form.*?</form>", self.page, re.DOTALL)
            if f'action="{action}' in unescape(f)
        )
        target = unescape(re.search(r'action="([^"]*)"', form)[1])
        fields = [
            (name, unescape(value))
            for name, value in re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form)
        ]
        fields += [(k, str(v)) for k, v in answers.items()]
        if 'method="post"' in form:
            data: dict[str, list[str]] = {}
            for name, value in fields:
                data.setdefault(name, []).append(value)
            answer = await self.client.post(target, data=data, follow_redirects=True)
        else:
            answer = await self.client.get(target, params=fields, follow_redirects=True)
        return self.keep(answer)

    def keep(self, answer) -> str:
        self.status, self.page, self.url = answer.status_code, answer.text, str(answer.url)
        return self.page


@pytest.fixture
async def browser(client, database, world, noon):
    async with database.transaction() as session:
        word = await open_session(session, world.mother.id, noon)
    client.cookies.set("rc_session", word)
    return Browser(client)


async def to_the_times(browser, world) -> None:
    await browser.get("/visits/new")
    await browser.submit("/visits/new/who", inmate=world.inmate.id)
    await browser.submit("/visits/new/office")
    await browser.submit("/visits/new/day", office=world.office.id)
    await browser.submit("/visits/new/time", day="2026-11-29")


async def test_a_mother_books_without_javascript(browser, world):
    await to_the_times(browser, world)
    assert "چه ساعتی می‌آیید؟" in browser.page
    await browser.submit("/visits/new/time", starts_at=FREE_START.isoformat())
    assert "نوبت خود را بررسی کنید" in browser.page
    assert "یکشنبه ۸ آذر ۱۴۰۵" in browser.page
    await browser.submit("/visits/", agree=1)
    assert "نوبت شما ثبت شد" in browser.page
    visit_id = re.search(r"/visits/(\d+)", browser.url)[1]
    slip = await browser.client.get(f"/visits/{visit_id}/slip.pdf")
    assert slip.content.startswith(b"%PDF")
    entry = await browser.client.get(f"/visits/{visit_id}/visit.ics")
    assert "DTSTART:20261129T060000Z" in entry.text
    assert "ملاقات تصویری" in entry.text
    await browser.get("/visits")
    assert world.inmate.name in browser.page


async def test_without_the_promise_nothing_is_booked_and_the_page_says_so(browser, world):
    await to_the_times(browser, world)
    await browser.submit("/visits/new/time", starts_at=FREE_START.isoformat())
    await browser.submit("/visits/")
    assert browser.status == 422
    assert "بگویید که می‌دانید" in browser.page


async def test_a_time_taken_meanwhile_shows_the_times_that_are_left(browser, world, call):
    await to_the_times(browser, world)
    wish = {
        "inmate_id": str(world.inmate.id),
        "office_id": str(world.office.id),
        "starts_at": FREE_START.isoformat(),
        "visitor_ids": [str(world.mother.id)],
    }
    assert (await call(world.mother.id, "POST", "/visits", json=wish)).status_code == 201
    await browser.submit("/visits/new/time", starts_at=FREE_START.isoformat())
    assert browser.status == 422
    assert "همین حالا کس دیگری این ساعت را گرفت" in browser.page


async def test_choosing_again_gives_up_the_hold_before(browser, world, database):
    await to_the_times(browser, world)
    await browser.submit("/visits/new/time", starts_at=FREE_START.isoformat())
    first = browser.url
    await to_the_times(browser, world)
    await browser.submit("/visits/new/time", starts_at="2026-11-29T10:30:00+03:30")
    assert "نوبت خود را بررسی کنید" in browser.page
    assert browser.url != first
    await browser.get(first)
    assert Status.HELD not in browser.page


async def test_cancelling_asks_first(browser, world):
    await test_a_mother_books_without_javascript(browser, world)
    visit_id = re.search(r"/visits/(\d+)", re.search(r'href="(/visits/\d+)"', browser.page)[1])[1]
    await browser.get(f"/visits/{visit_id}/cancel")
    await browser.submit(f"/visits/{visit_id}/cancel", reason="")
    assert "لغو" in browser.page
    assert browser.url.endswith(f"/visits/{visit_id}")


@pytest.mark.parametrize("path", ["", "/who?inmate=1", "/office?inmate=1", "/day", "/time"])
async def test_pages_out_of_order_lead_back_or_say_404(browser, path):
    await browser.get(f"/visits/new{path}")
    assert browser.status in {200, 404}
