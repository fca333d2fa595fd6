"""Without JavaScript: sign in, book, be received; forms and links do everything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from remote_court.db import Database
from remote_court.visits.models import Visit, VisitVisitor
from tests.browser.house import House, book_by_wizard, opened, receive_at_the_desk, sign_in
from tests.browser.stage import SIZES
from tests.world import FREE_START

pytestmark = pytest.mark.browser


@pytest.fixture
async def plain(browser: Browser) -> BrowserContext:
    return await browser.new_context(viewport=SIZES[390], locale="fa", java_script_enabled=False)


async def test_a_mother_books_and_is_received_without_scripts(
    house: House, browser: Browser, plain: BrowserContext, database: Database
) -> None:
    mother = await opened(plain, house.origin)
    await sign_in(mother, house, house.world.mother.id)
    visit_id = await book_by_wizard(mother, house)
    await expect(mother.locator(".notice.good")).to_contain_text("نوبت شما ثبت شد")
    code = await mother.locator(".spoken").inner_text()
    slip = await plain.request.get(f"{house.origin}/visits/{visit_id}/slip.pdf")
    assert (await slip.body()).startswith(b"%PDF")

    await house.set_clock(FREE_START - timedelta(minutes=12))
    await plain.clear_cookies()
    await receive_at_the_desk(mother, house, code)
    await expect(mother.locator(".notice.good")).to_contain_text("اتاق")
    async with database.transaction() as session:
        visit = await session.get_one(Visit, visit_id)
        seen = await session.get_one(VisitVisitor, (visit_id, house.world.mother.id))
    assert visit.checked_in_by == house.world.clerk.person_id
    assert seen.sighted_document == "national_card"

    await plain.clear_cookies()
    await sign_in(mother, house, house.world.mother.id)
    await mother.goto(f"{house.origin}/call/{visit_id}")
    await expect(mother.locator("noscript .notice")).to_contain_text(
        "جاوااسکریپت را در این مرورگر روشن کنید"
    )
    await expect(mother.locator("#enter")).to_be_hidden()
