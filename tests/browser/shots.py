"""The pictures of one language and width: every page of the tour, and a call from end to end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, expect
from sqlalchemy import update

from remote_court import clock
from remote_court.calls import devices
from remote_court.people import Person, SanaAccount
from remote_court.people.demo import DemoAccount
from remote_court.people.grants import Role
from remote_court.people.passwords import hash_now
from remote_court.visits.models import Visit
from tests.browser.figures import counting, receives
from tests.browser.house import PASSWORD, PATIENCE_MS, submit
from tests.browser.stage import Cast, signed_in
from tests.browser.tour import STOPS, Stop
from tests.calls.stack import Stack

REASONS = {"fa": ("نظم کابین", "پایان کار"), "en": ("Order in the booth", "Work is over")}


@dataclass(frozen=True)
class Album:
    """Where the pictures of a language and a width go, and what they are taken of."""

    stack: Stack
    cast: Cast
    browser: Browser
    folder: Path
    locale: str
    width: int
    say: Callable[[str], None]

    async def signed_in(self, who: str | None) -> BrowserContext:
        """A window in which somebody of the cast is signed in, or nobody."""
        person = self.cast.people[who] if who else None
        made = await signed_in(self.stack, self.browser, person, self.locale, self.width)
        made.set_default_timeout(PATIENCE_MS)
        return await counting(made)

    async def take(self, page: Page, name: str) -> None:
        """One picture, of the whole page."""
        await page.screenshot(
            path=self.folder / f"{name}.png", full_page=True, animations="disabled"
        )
        self.say(name)

    async def see(self, context: BrowserContext, path: str, name: str) -> None:
        """Open a page, wait until its fonts are there, and take its picture."""
        page = await context.new_page()
        await page.goto(self.stack.origin + path)
        await page.evaluate("document.fonts.ready.then(() => true)")
        await self.take(page, name)
        await page.close()

    async def all(self) -> None:
        """Everything there is to see."""
        await self.tour()
        await self.second_steps()
        await self.demo()
        await self.call()

    async def tour(self) -> None:
        """Every page of the tour, and what is shown where there is no page."""
        for who in dict.fromkeys(stop.who for stop in STOPS):
            context = await self.signed_in(who)
            for stop in (one for one in STOPS if one.who == who):
                await self.see(context, self.address(stop), stop.name)
            await context.close()
        context = await self.signed_in("family")
        await self.see(context, "/visits/999999", "error.404")
        await self.see(context, "/hq", "error.403")
        await context.close()

    def address(self, stop: Stop) -> str:
        """Where a stop is."""
        day = (clock.now() + timedelta(days=10)).date().isoformat()
        return stop.path.format(**self.cast.ids, day=day)

    async def second_steps(self) -> None:
        """Pages behind a form: the one-time code, the new password, an answer that is wrong."""
        async with self.stack.site.database.transaction() as session:
            number = (await session.get_one(Person, self.cast.people["family"])).national_id or ""
            whose = update(SanaAccount).where(SanaAccount.person_id == self.cast.people["family"])
            await session.execute(whose.values(password_hash=hash_now(PASSWORD), demo_code=None))
        context = await self.signed_in(None)
        page = await context.new_page()
        for path, name, answers in (
            ("/sign-in", "sign-in.wrong", {"identifier": "123", "password": ""}),
            ("/sign-in", "sign-in.code", {"identifier": number, "password": PASSWORD}),
            ("/password/forgotten", "password.new", {"identifier": number}),
        ):
            await page.goto(self.stack.origin + path)
            for field, value in answers.items():
                await page.locator(f"#{field}").fill(value)
            await submit(page.locator("main form .actions button").first)
            await self.take(page, name)
        await context.close()

    async def demo(self) -> None:
        """The demo's choice of a role, under its banner."""
        async with self.stack.site.database.transaction() as session:
            listed = [role for role in Role if role.value in self.cast.people]
            for role in listed:
                person = self.cast.people[role.value]
                place = ("دفتر آزادی", "Azadi office")
                told = {"place_fa": place[0], "place_en": place[1], "password": PASSWORD}
                session.add(DemoAccount(person_id=person, role=role, ordinal=0, **told))
        real = self.stack.site.settings
        self.stack.site.settings = real.model_copy(update={"mode": "demo"})
        context = await self.signed_in(None)
        await self.see(context, "/demo", "demo")
        await self.see(context, "/sign-in", "demo.sign-in")
        await context.close()
        self.stack.site.settings = real

    async def call(self) -> None:
        """A call: check, waiting room, live, paused, after; of the visitor, booth and officer."""
        async with AsyncExitStack() as stack:
            mother, officer, booth = [
                await stack.enter_async_context(await self.signed_in(who))
                for who in ("family", "prison_officer", None)
            ]
            await self.idle_kiosk()
            visitor = await self.waiting(mother)
            kiosk = await self.paired(booth, self.cast.ids["visit"])
            await expect(kiosk.locator("#talk")).to_be_visible(timeout=PATIENCE_MS)
            watch = await officer.new_page()
            await watch.goto(f"{self.stack.origin}/call/{self.cast.ids['visit']}?as=supervisor")
            screens = {"call": visitor, "kiosk": kiosk, "supervisor": watch}
            await self.talk(screens)
            await self.see(officer, f"/watch/{self.cast.ids['prison']}", "watch.after")
            await self.see(mother, f"/call/{self.cast.ids['visit']}", "call.over")
            await self.see(mother, f"/visits/{self.cast.ids['visit']}", "visit.completed")

    async def waiting(self, mother: BrowserContext) -> Page:
        """The visitor tries the devices and waits for the other side."""
        page = await mother.new_page()
        await page.goto(f"{self.stack.origin}/call/{self.cast.ids['visit']}")
        await expect(page.locator("#check-camera.works")).to_be_visible(timeout=PATIENCE_MS)
        await expect(page.locator("#check-network.works")).to_be_visible(timeout=PATIENCE_MS)
        await self.take(page, "call.check")
        await page.locator("#enter").click()
        await expect(page.locator("#talk-notice")).to_be_visible(timeout=PATIENCE_MS)
        await self.take(page, "call.waiting")
        return page

    async def talk(self, screens: dict[str, Page]) -> None:
        """Live, paused and after, on every screen."""
        pause, end = REASONS[self.locale]
        for name, page in screens.items():
            await receives(page, 2 if name == "supervisor" else 1)
            await self.take(page, f"{name}.live")
        watch = screens["supervisor"]
        await watch.locator("#pause-reason").fill(pause)
        await watch.locator("form[data-verb=pause] button").click()
        for name, page in screens.items():
            await expect(page.locator("#talk-notice")).to_contain_text(pause, timeout=PATIENCE_MS)
            await self.take(page, f"{name}.paused")
        await watch.locator("#end-reason").fill(end)
        await watch.locator("form[data-verb=end] button").click()
        for name, page in screens.items():
            await expect(page.locator("#after-text")).to_contain_text(end, timeout=PATIENCE_MS)
            await self.take(page, f"{name}.after")

    async def idle_kiosk(self) -> None:
        """A booth's screen when nothing is near."""
        async with await self.signed_in(None) as context:
            page = await self.paired(context, None)
            await expect(page.locator("#next")).not_to_be_empty()
            await self.take(page, "kiosk.idle")

    async def paired(self, context: BrowserContext, visit_id: int | None) -> Page:
        """The screen of a visit's booth, or of one that no visit uses now, newly paired."""
        async with self.stack.site.database.transaction() as session:
            used = (await session.get_one(Visit, self.cast.ids["visit"])).booth_id
            booths = [booth.id for booth in self.cast.scene.world.booths]
            unit = used if visit_id else next(booth for booth in booths if booth != used)
            officer = replace(self.cast.scene.world.officer)
            assert unit is not None, "a booked visit has a booth"
            code = await devices.make_code(session, officer, unit, clock.now())
        page = await context.new_page()
        await page.goto(f"{self.stack.origin}/kiosk")
        await page.locator("#code").fill(code)
        await page.locator("#label").fill("1")
        await submit(page.locator("main form button"))
        return page
