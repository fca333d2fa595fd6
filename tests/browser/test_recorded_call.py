"""Whoever is in a recorded talk sees that it is recorded: on a phone, at the prison, on a kiosk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from remote_court import clock, policy
from remote_court.assets import web_dir
from remote_court.calls import devices
from remote_court.visits.in_call import ON_ORDER
from tests.browser.test_call import (
    DESK,
    PHONE,
    browser,
    enter,
    open_page,
    scene,
    sees,
    signed_in,
    stack,
)
from tests.browser.test_tour import AXE
from tests.calls.scene import Scene
from tests.calls.stack import Stack

__all__ = ["browser", "scene", "stack"]
pytestmark = pytest.mark.browser
TOLD = {"fa": "این گفت‌وگو ضبط می‌شود.", "en": "This conversation is being recorded."}


async def test_a_supervisor_records_and_everybody_reads_it_until_it_stops(
    stack: Stack, browser: Browser, scene: Scene
) -> None:
    async with stack.site.database.transaction() as session:
        scene.session = session
        said = policy.Citation("بخشنامه", "Circular")
        change = policy.Amendment("visit.monitor.electronic", ON_ORDER, clock.today(), said)
        await policy.amend(session, change, clock.now(), entered_by=None)
        booth = (await scene.visit()).booth_id
        code = await devices.make_code(session, scene.officer, booth, clock.now())
    url = f"{stack.origin}/call/{scene.visit_id}"
    phone = await signed_in(stack, browser, scene.world.mother.id, PHONE)
    prison = await signed_in(stack, browser, scene.officer.person_id, DESK, "en")
    wall = await browser.new_context(viewport=DESK, locale="fa")
    kiosk = await open_page(wall, f"{stack.origin}/kiosk")
    await kiosk.fill("#code", code)
    await kiosk.fill("#label", "نمایشگر کابین")
    await kiosk.locator("main form button").click()
    mother = await open_page(phone, url)
    await enter(mother)
    await sees(mother, scene.world.inmate.id)
    watch = await open_page(prison, f"{url}?as=supervisor")
    await sees(watch, scene.world.mother.id)
    pages = ((mother, "fa"), (kiosk, "fa"), (watch, "en"))
    for page, _ in pages:
        await expect(page.locator("#recording")).to_be_hidden()

    await watch.fill("#record-reason", "Order of the court")
    await watch.locator("form[data-verb=record] button").click()
    for page, locale in pages:
        await expect(page.locator("#recording")).to_have_text(TOLD[locale])
        await expect(page.locator("#recording")).to_be_visible()
        assert await found_wrong(page) == []
        await shot(page, locale)
    await expect(watch.locator("form[data-verb=record]")).to_be_hidden()
    assert "ادامه دارد" not in (await mother.locator("#talk-notice").text_content() or "")
    assert await mother.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    await watch.locator("form[data-verb=stop_recording] button").click()
    for page, _ in pages:
        await expect(page.locator("#recording")).to_be_hidden()
    await expect(watch.locator("form[data-verb=record]")).to_be_visible()
    for context in (phone, prison, wall):
        await context.close()


async def found_wrong(page: Page) -> object:
    """What axe finds, its own script let in past the page's policy."""
    script = next((web_dir() / "static" / "vendor").glob("axe-*/axe.min.js"))
    await page.evaluate(script.read_text())
    return await page.evaluate(AXE)


async def shot(page: Page, locale: str) -> None:
    """A picture, for who asks for some."""
    if folder := os.environ.get("SHOTS"):
        size = page.viewport_size or {"width": 0}
        await page.screenshot(path=Path(folder) / f"recorded-{locale}-{size['width']}.png")
