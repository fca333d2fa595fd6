"""A Criminal-One session: the judge's page in a real browser, the rest of the cast on real media.

One of three judges never comes. What must flow is counted, and so is what must not.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from remote_court import clock
from remote_court.assets import web_dir
from remote_court.assets.build import build
from remote_court.calls import stations
from remote_court.calls.kinds import Asker
from remote_court.db import Database
from remote_court.demo.participant import Participant
from remote_court.errors import NotFound
from remote_court.scheduling.models import Session
from tests.browser.figures import counting
from tests.browser.stage import signed_in
from tests.browser.test_tour import AXE
from tests.calls.stack import Stack, serving
from tests.hearings.full_cast import SittingScene, make_sitting
from tests.world import make_world

pytestmark = pytest.mark.browser
PATIENCE_MS = 20_000


@pytest_asyncio.fixture
async def stack(database: Database, tmp_path: Path) -> AsyncIterator[Stack]:
    build(web_dir(), say=lambda _: None)
    async with serving(database, tmp_path) as made:
        yield made


@pytest_asyncio.fixture
async def scene(database: Database) -> SittingScene:
    async with database.transaction() as session:
        start = clock.now().replace(microsecond=0) - timedelta(seconds=5)
        return await make_sitting(await make_world(session), start=start)


@dataclass
class Others:
    """Everybody but the president: each a client of the protocol with sound and no camera."""

    stack: Stack
    scene: SittingScene
    tasks: dict[Participant, asyncio.Task[object]] = field(default_factory=dict)

    async def come(self, asker: Asker, role: str) -> Participant:
        url, ticket = await self.stack.ticket(asker, role, self.scene.hearing_id)
        guest = Participant(url, ticket, pairs=8)
        self.tasks[guest] = asyncio.create_task(guest.run())
        await guest.until(lambda g: "joined" in g.messages)
        return guest

    async def end(self) -> None:
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)


@pytest_asyncio.fixture
async def others(stack: Stack, scene: SittingScene) -> AsyncIterator[Others]:
    made = Others(stack, scene)
    yield made
    await made.end()


def sound(guest: Participant) -> int:
    return guest.counts.kinds["audio"]


async def flows(*guests: Participant, packets: int = 25) -> None:
    """Sound arrives at all of these."""
    for guest, before in [(guest, sound(guest)) for guest in guests]:
        await guest.until(lambda g, before=before: sound(g) >= before + packets)


async def silent(*guests: Participant, while_: Participant) -> None:
    """Not one packet arrives at these, while sound goes on for somebody else."""
    await asyncio.sleep(0.3)  # what was on the way when they were sent out
    before = [dict(guest.counts.kinds) for guest in guests]
    await flows(while_, packets=50)
    assert [dict(guest.counts.kinds) for guest in guests] == before


def line(page: Page, name: str, at: int = 0):
    """Somebody's line on the judge's list."""
    return page.locator("#bench-people > li", has_text=name).nth(at)


async def test_a_criminal_one_session_from_quorum_to_its_end(
    stack: Stack, scene: SittingScene, others: Others, browser: Browser
) -> None:
    president = scene.president.person_id
    context = await counting(await signed_in(stack, browser, president, "fa", 1280))
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    await page.goto(f"{stack.origin}/call/{scene.hearing_id}")
    await page.get_by_role("button", name="ورود به اتاق انتظار").click()
    bench = page.locator("#bench")
    await expect(bench.locator("#bench-count")).to_contain_text("۱ نفر از اعضای دادگاه")

    accused = await others.come(scene.officer, "party")
    guard = await others.come(scene.officer, "guard")
    lawyer = await others.come(scene.own(scene.lawyer), "lawyer")
    first = await others.come(scene.own(scene.witnesses[0]), "witness")
    second = await others.come(scene.own(scene.witnesses[1]), "witness")
    watcher = await others.come(scene.stranger, "observer")
    everybody = (accused, guard, lawyer, first, second, watcher)
    await bench.get_by_role("button", name="اعلام رسمیت جلسه").click()
    await expect(page.locator("#bench-problem")).to_contain_text("۲")  # one of three is no quorum

    member = await others.come(scene.second, "associate_judge")
    await expect(bench.locator("#bench-count")).to_contain_text("۲ نفر از اعضای دادگاه حاضرند")
    assert not any(sum(guest.counts.kinds.values()) for guest in (*everybody, member))
    await bench.get_by_role("button", name="اعلام رسمیت جلسه").click()
    await expect(page.locator("#bench-open")).to_be_hidden()
    await flows(member, watcher)  # the bench is heard, the public hears it
    await silent(accused, lawyer, first, second, guard, while_=member)

    await bench.get_by_role("button", name="فراخواندن همهٔ منتظران").click()
    await flows(accused, lawyer, guard)
    await silent(first, second, while_=accused)
    violations = await page.evaluate(await axe(page))
    assert not violations

    # witnesses: one at a time, and never together
    await line(page, "شاهد").get_by_role("button", name="فراخواندن").click()
    await flows(first)
    await silent(second, while_=first)
    await line(page, "شاهد", 1).get_by_role("button", name="فراخواندن").click()
    await expect(page.locator("#bench-problem")).to_contain_text("شاهد دیگری")
    await line(page, "شاهد").get_by_role("button", name="خروج از جلسه").click()
    await silent(first, second, while_=accused)
    await line(page, "شاهد", 1).get_by_role("button", name="فراخواندن").click()
    await flows(second)
    await silent(first, while_=second)
    await line(page, "شاهد").get_by_role("button", name="مرخص کردن").click()
    assert (await others.tasks[first])["reason"] == "expelled"

    # the lawyer and the client alone: they hear each other, nobody else does
    heard = [await page.evaluate(HEARD)]
    await line(page, "وکیل").get_by_role("button", name="گفت‌وگوی خصوصی").click()
    await accused.until(lambda g: g.messages["station"]["station"] == "aside_1")
    await flows(accused, lawyer)
    slots = accused.messages["slots"]["slots"].values()
    assert {slot["person"] for slot in slots if slot} == {str(scene.lawyer.person_id)}
    await line(page, "وکیل").get_by_role("button", name="بازگرداندن").click()
    await flows(accused, lawyer, member)
    assert await page.evaluate(HEARD) > heard[0]

    # the doors are closed: who watches is out at once, and does not come back
    await page.select_option("#bench-reason", "chastity_or_morals")
    await bench.get_by_role("button", name="غیرعلنی کردن جلسه").click()
    assert (await others.tasks[watcher])["reason"] == "expelled"
    await expect(page.locator("#bench-doors-state")).to_contain_text("غیرعلنی")
    with pytest.raises(NotFound):  # the entrance is closed too
        await stack.ticket(scene.stranger, "observer", scene.hearing_id)

    await page.fill("#end-reason", "ختم جلسه")
    await page.locator("#supervision form[data-verb=end] button").click()
    await expect(page.locator("#after-title")).to_be_visible()
    async with stack.site.database.transaction() as session:
        assert (await session.get_one(Session, scene.hearing_id)).status == "held"
        stays = await stations.stays(session, scene.hearing_id)
    heard_at = {s.person_id: (s.since, s.until) for s in stays if s.station == "witness"}
    one, two = (heard_at[w.person_id] for w in scene.witnesses)
    assert one[1] <= two[0]  # the log proves that the two never met


HEARD = """async () => { let packets = 0
  for (const peer of peers) for (const [, s] of await peer.getStats())
    if (s.type === 'inbound-rtp' && s.kind === 'audio') packets += s.packetsReceived
  return packets }"""


async def axe(page: Page) -> str:
    """The checker, loaded into the page."""
    source = next((web_dir() / "static" / "vendor").glob("axe-*/axe.min.js"))
    await page.evaluate(source.read_text(encoding="utf-8"))  # past the page's policy for scripts
    return AXE
