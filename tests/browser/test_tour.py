"""Every page, in both languages: no axe violation, no overflow, no script error, not too heavy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from fastapi.routing import APIRoute
from playwright.async_api import Browser, Page

from remote_court.assets import web_dir
from remote_court.clock import now
from remote_court.db import Database
from remote_court.server.routers import ROUTERS
from tests.browser.stage import Cast, browsing, make_cast, signed_in
from tests.browser.tour import NOT_PAGES, STOPS, Stop
from tests.calls.stack import Stack, serving

pytestmark = pytest.mark.browser
HEAVIEST = 100_000
AXE = """async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',
    'wcag22aa', 'best-practice']})).violations.map(
    v => `${v.id}: ${v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | ')}`)"""


MENU_HIDES = """(() => { const here = document.querySelector('.menu [aria-current]')
    if (!here) return false
    const [a, b] = [here.getBoundingClientRect(), here.closest('ul').getBoundingClientRect()]
    return a.left < b.left - 1 || a.right > b.right + 1 })()"""


def test_every_page_is_in_the_tour():
    routes = {
        route.path
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in route.methods
    }
    pages = {route for route in routes if not route.startswith("/api/")}
    assert pages - NOT_PAGES == {stop.route for stop in STOPS}


@pytest_asyncio.fixture
async def stage(database: Database, tmp_path: Path) -> AsyncIterator[tuple[Stack, Cast, Browser]]:
    async with database.transaction() as session:
        cast = await make_cast(session)
    async with serving(database, tmp_path) as stack, browsing() as browser:
        yield stack, cast, browser


def address(stack: Stack, cast: Cast, stop: Stop) -> str:
    day = (now() + timedelta(days=10)).date().isoformat()
    return stack.origin + stop.path.format(**cast.ids, day=day)


async def faults(page: Page, url: str) -> list[str]:
    """What is wrong with a page: status, scripts, axe, overflow, weight."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(f"script: {error}"))
    answer = await page.goto(url)
    if answer is None or answer.status != 200:
        return [f"status {answer.status if answer else None}"]
    await page.add_script_tag(path=next((web_dir() / "static" / "vendor").glob("axe-*/axe.min.js")))
    said += await page.evaluate(AXE)
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        said.append(f"{wide} px too wide")
    if await page.evaluate(MENU_HIDES):
        said.append("the menu does not show where one is")
    heavy = await page.evaluate(
        """performance.getEntries().filter(e => e.transferSize && !/woff2|axe/.test(e.name))
           .reduce((sum, e) => sum + e.transferSize, 0)"""
    )
    if heavy > HEAVIEST:
        said.append(f"{heavy} bytes")
    return said


@pytest.mark.timeout(900)  # a second or two a page, more on a machine that others use too
@pytest.mark.parametrize(("locale", "width"), [("fa", 390), ("en", 1280)])
async def test_no_page_has_a_fault(stage, locale, width):
    stack, cast, browser = stage
    found: dict[str, list[str]] = {}
    for who in dict.fromkeys(stop.who for stop in STOPS):
        person = cast.people[who] if who else None
        context = await signed_in(stack, browser, person, locale, width, bypass_csp=True)
        for stop in (s for s in STOPS if s.who == who):
            page = await context.new_page()
            if wrong := await faults(page, address(stack, cast, stop)):
                found[stop.path] = wrong
            await page.close()
        await context.close()
    assert not found, "\n".join(f"{path}: {wrong}" for path, wrong in found.items())
