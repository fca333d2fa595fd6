"""The wizard by keyboard alone: every stop can be seen, and nothing needs a pointer."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from remote_court import clock
from tests.browser.house import PATIENCE_MS, House, opened, sign_in
from tests.browser.stage import SIZES
from tests.world import FREE_START

pytestmark = pytest.mark.browser
MOST_STOPS = 60
LEAST_OUTLINE_PX = 2
FOCUS = """(least) => {
  const here = document.activeElement
  if (!here || here === document.body) return 'nothing has the focus'
  for (let one = here, up = 0; one && up < 3; one = one.parentElement, up += 1) {
    const { outlineStyle, outlineWidth } = getComputedStyle(one)
    const box = one.getBoundingClientRect()
    const inSight = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
    if (outlineStyle !== 'none' && parseFloat(outlineWidth) >= least && inSight) return ''
  }
  return `no outline at ${here.outerHTML.slice(0, 200)}`
}"""


@pytest.fixture
async def page(house: House, browser: Browser) -> Page:
    # A page that scrolls smoothly takes a while to bring into sight what has the focus.
    context = await browser.new_context(viewport=SIZES[1280], locale="fa", reduced_motion="reduce")
    made = await opened(context, house.origin)
    await sign_in(made, house, house.world.mother.id)
    await made.goto(f"{house.origin}/visits")
    return made


async def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there; each stop on the way can be seen."""
    wanted = page.locator(selector)
    await expect(wanted.first).to_be_attached(timeout=PATIENCE_MS)
    for _ in range(MOST_STOPS):
        await page.keyboard.press("Tab")
        assert await page.evaluate(FOCUS, LEAST_OUTLINE_PX) == ""
        if await page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{MOST_STOPS} stops, and none is {selector}")


async def go(page: Page, selector: str, key: str = "Enter") -> None:
    """Tab to what leads on, and press it."""
    await tab_to(page, selector)
    async with page.expect_navigation(wait_until="load", timeout=PATIENCE_MS):
        await page.keyboard.press(key)


async def pick(page: Page, name: str, value: str) -> None:
    """Tab to a group of choices and walk it by the arrows to the one that is wanted."""
    await tab_to(page, f"input[name={name}]")
    await page.keyboard.press("Space")
    for _ in range(MOST_STOPS):
        if await page.evaluate("document.activeElement.value") == value:
            await expect(page.locator(f"input[name={name}]:checked")).to_have_value(value)
            return
        await page.keyboard.press("ArrowDown")
        assert await page.evaluate(FOCUS, LEAST_OUTLINE_PX) == ""
    raise AssertionError(f"no arrow leads to {value}")


async def test_the_wizard_is_walked_by_keyboard_alone(page: Page, house: House) -> None:
    world, day = house.world, clock.local(FREE_START)
    await go(page, "main a[href='/visits/new']")
    await pick(page, "inmate", str(world.inmate.id))
    await go(page, "main form .actions button")
    await tab_to(page, "#step_free")
    await page.keyboard.press("Space")
    await expect(page.locator("#step_free")).to_be_checked()
    await go(page, "form[action='/visits/new/office'] .actions button")
    await pick(page, "office", str(world.office.id))
    await go(page, "form[action='/visits/new/day'] .actions button")
    await pick(page, "day", day.date().isoformat())
    await go(page, "main form .actions button", "Space")
    await pick(page, "starts_at", day.isoformat())
    await go(page, "main form .actions button")
    await tab_to(page, "#agree")
    await page.keyboard.press("Space")
    await go(page, "form[action$='/check'] .actions button")
    await expect(page.locator(".notice.good")).to_contain_text("نوبت شما ثبت شد")
    await expect(page.locator("h1")).to_contain_text("یکشنبه ۸ آذر ۱۴۰۵")


async def test_the_first_stop_leads_past_the_menu_to_the_content(page: Page) -> None:
    await tab_to(page, "a.skip")
    await page.keyboard.press("Enter")
    await expect(page.locator("#main")).to_be_focused()
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.closest('#main') !== null")


async def test_a_form_that_is_not_right_takes_the_focus_to_what_is_wrong(
    page: Page, house: House
) -> None:
    await page.goto(f"{house.origin}/visits/new/office?inmate={house.world.inmate.id}&error=1")
    await expect(page.locator("#error-summary")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#office")).to_be_focused()
