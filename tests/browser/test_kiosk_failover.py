"""Devices that nobody touches come back by themselves: a killed worker, a dead line, a reload."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from remote_court import clock
from remote_court.assets import web_dir
from remote_court.assets.build import build
from remote_court.db import Database
from tests.browser.kiosks import both
from tests.browser.test_call import FRAMES, more_frames, sees
from tests.browser.test_failover import (
    BACK_WITHIN_S,
    NEW_LINE_WITHIN_S,
    OLD,
    browser,
    scene,
    see_anew,
)
from tests.calls.dead_line import DeadLine
from tests.calls.scene import Scene
from tests.calls.site_process import site_process

__all__ = ["browser", "scene"]
pytestmark = pytest.mark.browser


async def talking(room: Page, booth: Page, scene: Scene) -> tuple[tuple[Page, int], ...]:
    """Wait until each device shows the other side; the pairs of a device and whom it shows."""
    pairs = ((room, scene.world.inmate.id), (booth, scene.world.mother.id))
    await asyncio.gather(*(sees(*pair) for pair in pairs))
    return pairs


async def seconds_until_back(pairs: tuple[tuple[Page, int], ...], since: float) -> float:
    await asyncio.gather(*(see_anew(page, person, 20) for page, person in pairs))
    return clock.monotonic() - since


async def test_devices_are_back_by_themselves_when_the_worker_is_killed(
    database: Database, tmp_path: Path, scene: Scene, browser: Browser
) -> None:
    build(web_dir(), say=lambda _: None)
    async with site_process(database, tmp_path, 2) as site:
        pairs = await talking(*await both(database, browser, site.origin, scene), scene)
        for page, person in pairs:
            await page.wait_for_function(OLD, arg=str(person))
        killed = await site.worker_of(scene.visit_id)
        assert killed is not None
        process = await site.process_of(killed)
        died = clock.monotonic()
        process.kill()
        gone_for = await seconds_until_back(pairs, died)
        print(f"devices back after {gone_for:.1f} s")  # noqa: T201 - shown with -s
        assert gone_for < BACK_WITHIN_S
        assert await site.worker_of(scene.visit_id) not in {None, killed}

        booth = pairs[1][0]
        reloaded = clock.monotonic()
        await booth.reload()
        await asyncio.gather(sees(booth, scene.world.mother.id), see_again(pairs[0]))
        gone_for = clock.monotonic() - reloaded
        print(f"a device that was started anew is back after {gone_for:.1f} s")  # noqa: T201
        assert gone_for < BACK_WITHIN_S
        await expect(booth.locator("#talk")).to_be_visible()
        for page, _ in pairs:
            await page.context.close()


async def see_again(pair: tuple[Page, int]) -> None:
    """Wait until frames of somebody come that is shown already."""
    page, person = pair
    await more_frames(page, person, 20 + await page.evaluate(FRAMES, str(person)))


async def test_a_devices_line_that_dies_without_a_word_is_replaced_in_three_seconds(
    database: Database, tmp_path: Path, scene: Scene, browser: Browser
) -> None:
    build(web_dir(), say=lambda _: None)
    async with DeadLine() as line:
        line_url = f"http://127.0.0.1:{line.port}"
        async with site_process(database, tmp_path, 1, WORKER_URL=f"{line_url}/{{number}}") as site:
            (worker,) = site.worker_ports()
            line.leads_to(worker, "/1")
            pairs = await talking(*await both(database, browser, site.origin, scene), scene)
            room = pairs[0]
            await room[0].wait_for_function(OLD, arg=str(room[1]))
            began = clock.monotonic()
            line.die(0)
            seen = await seconds_until_back((room,), began)
            anew = line.arrivals[2] - began
            print(f"a new line after {anew:.1f} s, a picture after {seen:.1f} s")  # noqa: T201
            assert anew < NEW_LINE_WITHIN_S
            await see_again(pairs[1])

            booth, mother = pairs[1]
            twin = await booth.context.new_page()
            await twin.goto(f"{site.origin}/kiosk")
            await expect(twin.locator("#next")).to_contain_text("another window")
            await twin.close()
            line.die(1)
            reloaded = clock.monotonic()
            await booth.reload()
            await sees(booth, mother)
            back = clock.monotonic() - reloaded
            print(f"a device whose plug was pulled is back after {back:.1f} s")  # noqa: T201
            assert back < BACK_WITHIN_S
            for page, _ in pairs:
                await page.context.close()
