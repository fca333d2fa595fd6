"""The booking in English, for who chose it."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.house import PATIENCE_S, House, book_by_wizard, opened, sign_in, submit
from tests.browser.stage import SIZES

pytestmark = pytest.mark.browser
PERSIAN = re.compile(
    r"[\u0600-\u06ff]+(?:[ \u200c]+[\u0600-\u06ff]+){3,}|[\u060c\u061b\u06f0-\u06f9]"
)
"""Four Persian words in a row, a Persian comma or digit; names of people are shorter."""
QUESTIONS = (
    "Whom would you like to visit?",
    "Who comes along?",
    "Which office will you come to?",
    "Which day will you come?",
    "What time will you come?",
    "Check your visit",
)


@pytest.fixture
async def page(house: House, browser: Browser) -> Page:
    context = await browser.new_context(viewport=SIZES[1280], locale="fa")
    made = await opened(context, f"{house.origin}/sign-in")
    await submit(made.locator("a[href^='/lang/en']"))
    return made


async def test_a_mother_books_in_english(page: Page, house: House) -> None:
    read: dict[str, str] = {}

    async def reading(shown: Page) -> None:
        read[shown.url] = await shown.locator("main").inner_text()

    await expect(page.locator("h1")).to_have_text("Sign in")
    await sign_in(page, house, house.world.mother.id)
    await book_by_wizard(page, house, reading)
    await expect(page.locator("html")).to_have_attribute("dir", "ltr")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.locator("h1")).to_have_text("Sunday 8 Azar 1405 (29 November 2026), 09:30")
    await expect(page.locator(".notice.good")).to_contain_text("Your visit is booked")
    asked = [text.splitlines() for text in read.values()]
    for question in QUESTIONS:
        assert any(question in lines for lines in asked), question
    assert {url: found for url, text in read.items() if (found := PERSIAN.findall(text))} == {}


async def test_who_chose_english_for_letters_gets_hers_in_english(page: Page, house: House) -> None:
    await sign_in(page, house, house.world.mother.id)
    await page.goto(f"{house.origin}/account")
    await page.locator("#locale").select_option("en")
    await submit(page.locator("form[action='/account/language'] button"))
    await book_by_wizard(page, house)
    await page.goto(f"{house.origin}/inbox")
    letter = page.locator("main a[href^='/inbox/']").first
    async with asyncio.timeout(PATIENCE_S):
        while not await letter.is_visible():
            await asyncio.sleep(0.5)
            await page.reload()
    await submit(letter)
    await expect(page.locator("h1")).to_have_text("Your visit is booked")
    assert PERSIAN.findall(await page.locator("main").inner_text()) == []
