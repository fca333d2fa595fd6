"""The whole product on a port, sweeps included, by a clock that can be moved; and its people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Locator, Page, expect
from sqlalchemy import select, update

from remote_court import app, clock, serving
from remote_court.calls.models import MediaWorker
from remote_court.config import Settings
from remote_court.db import Database
from remote_court.people import SanaAccount
from remote_court.people.passwords import hash_now
from remote_court.server.site import Site
from tests.world import FREE_START, NOON, World, make_world

PASSWORD = "three blue camels"
PATIENCE_MS = 30_000
PATIENCE_S = 45


@dataclass
class Watch:
    """A clock that goes as ours does, from wherever it was last set."""

    ahead: timedelta = field(default_factory=timedelta)
    true: Any = clock.now

    def now(self) -> datetime:
        """The present instant, as this clock has it."""
        return self.true() + self.ahead

    def set(self, instant: datetime) -> None:
        """Go on from an instant."""
        self.ahead = instant - self.true()


@dataclass
class House:
    """What a walk through the pages needs: a site that serves, its clock, its people."""

    site: Site
    watch: Watch
    world: World

    @property
    def origin(self) -> str:
        """Its address, without a trailing slash."""
        return self.site.settings.origin

    async def set_clock(self, instant: datetime) -> None:
        """Let time pass, and wait until the media worker has renewed its lease."""
        self.watch.set(instant)
        async with asyncio.timeout(PATIENCE_S):
            while not await self.carries():  # noqa: ASYNC110 - a row, which nobody announces
                await asyncio.sleep(0.2)

    async def carries(self) -> bool:
        """Whether a media worker lives."""
        async with self.site.database.transaction() as session:
            until = await session.scalar(select(MediaWorker.lease_until))
        return until is not None and until > self.watch.now()


@asynccontextmanager
async def living(
    database: Database, data_dir: Path, patch: pytest.MonkeyPatch, start: datetime = NOON
) -> AsyncIterator[House]:
    """The product as `serve` runs it, in development mode, where the time is ``start``.

    Everybody in this process asks ``clock.now``, so that the media plane's time moves too.
    """
    watch = Watch()
    watch.set(start)
    patch.setattr(clock, "now", watch.now)
    async with database.transaction() as session:
        world = await make_world(session)
        every = update(SanaAccount).values(password_hash=hash_now(PASSWORD))
        await session.execute(every)
        staff = [world.clerk.person_id, world.officer.person_id, world.manager.person_id]
        by_telephone = update(SanaAccount).where(SanaAccount.person_id.not_in(staff))
        await session.execute(by_telephone.values(demo_code=None))
    wish = Settings(mode="development", data_dir=data_dir, port=0, media_port=0)
    taken, settings = serving.listen(wish)
    served = app.build(settings, database)
    site: Site = served.state.site
    site.now = watch.now
    ready = asyncio.Event()
    server = serving.server_of(served, settings, ready.set)
    with taken:
        running = asyncio.create_task(server.serve([taken]))
        await asyncio.wait_for(ready.wait(), PATIENCE_S)
        try:
            yield House(site, watch, world)
        finally:
            site.hub.end()
            server.should_exit = True
            await running


async def opened(context: BrowserContext, url: str) -> Page:
    """A page on which no script error and no refused policy goes unseen."""
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on(
        "console",
        lambda said: pytest.fail(said.text) if "Content Security Policy" in said.text else None,
    )
    await page.goto(url)
    return page


async def sign_in(page: Page, house: House, person_id: int) -> None:
    """Number, password, and the code that the page shows in development; as a person would."""
    async with house.site.database.transaction() as session:
        account = await session.get_one(SanaAccount, person_id)
        number = await session.scalar(number_of(account))
    await page.goto(f"{house.origin}/sign-in")
    await page.locator("#identifier").fill(number or "")
    await page.locator("#password").fill(PASSWORD)
    await submit(page.locator("main form button[type=submit]"))
    await page.locator("#code").fill(await page.locator(".spoken").inner_text())
    await submit(page.locator("form[action='/sign-in/code'] button"))
    await expect(page.locator("form[action='/sign-out']")).to_be_attached(timeout=PATIENCE_MS)


def number_of(account: SanaAccount) -> Any:
    """The query for the national ID of an account's person."""
    from remote_court.people import Person

    return select(Person.national_id).where(Person.id == account.person_id)


async def submit(button: Locator) -> None:
    """Press a button that leads on, and wait for the page behind it."""
    page = button.page
    async with page.expect_navigation(wait_until="load", timeout=PATIENCE_MS):
        await button.click()


async def unread(page: Page) -> None:
    """Walk on without reading."""


async def book_by_wizard(
    page: Page, house: House, read: Callable[[Page], Awaitable[None]] = unread
) -> int:
    """Walk the wizard to the booked visit of the mother, reading each page; returns its id."""
    day = clock.local(FREE_START)
    await page.goto(f"{house.origin}/visits")
    await submit(page.locator("main a[href='/visits/new']").first)
    for answer in (
        f"input[name=inmate][value='{house.world.inmate.id}']",
        None,
        f"input[name=office][value='{house.world.office.id}']",
        f"input[name=day][value='{day.date().isoformat()}']",
        f"input[name=starts_at][value='{day.isoformat()}']",
        "#agree",
    ):
        await read(page)
        if answer:
            await page.locator(answer).check()
        await submit(page.locator("main form .actions button[type=submit]").last)
    await read(page)
    return int(page.url.split("?")[0].rsplit("/", 1)[1])


async def receive_at_the_desk(page: Page, house: House, code: str) -> None:
    """The clerk signs in, finds the visit by its code, and notes the card she saw."""
    await sign_in(page, house, house.world.clerk.person_id)
    await page.goto(house.origin)
    await page.locator("#q").fill(code)
    await submit(page.locator("form.finder button[type=submit]"))
    await page.locator(f"#document_{house.world.mother.id}").select_option("national_card")
    await submit(page.locator("form[action$='/check-in'] .actions button"))
    await expect(page.locator(".notice.good")).to_be_visible()
