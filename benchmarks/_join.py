"""From asking for the page to the first decoded frame, in a real Chromium, on a living call."""

from __future__ import annotations

import os
import shutil
import statistics
from typing import Any

from playwright.async_api import Browser, async_playwright
from sqlalchemy import text

from remote_court import clock
from remote_court.config import Settings
from remote_court.db import Database
from remote_court.people.sessions import open_session

TIMES = 3
FLAGS = [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
]
NOW = text(
    """
    SELECT v.id, v.booked_for, v.prison_id, v.inmate_id FROM visit v JOIN session s ON s.id = v.id
    JOIN demo_account d ON d.person_id = v.booked_for AND d.ordinal = 0
    WHERE s.status IN ('booked', 'in_progress') AND now() BETWEEN s.starts_at AND s.ends_at
    ORDER BY s.starts_at DESC LIMIT 1
    """
)
OFFICER = text(
    "SELECT person_id FROM role_grant WHERE role = 'prison_officer' AND place_id = :prison LIMIT 1"
)
FIRST_FRAME = """(inmate) => new Promise(done => {
  const look = () => {
    const video = document.querySelector(`[data-person="${inmate}"] video`)
    if (video?.getVideoPlaybackQuality().totalVideoFrames) done(performance.now() / 1000)
    else requestAnimationFrame(look)
  }
  look()
})"""


async def join(settings: Settings, database: Database) -> dict[str, Any]:
    """Let the mother open the call, then time an officer who comes to watch it."""
    async with database.transaction() as session:
        visit = (await session.execute(NOW)).one()
        officer = await session.scalar(OFFICER, {"prison": visit.prison_id})
        assert officer is not None
        mother = await open_session(session, visit.booked_for, clock.now())
        watcher = await open_session(session, officer, clock.now())
    where = shutil.which("chromium") or shutil.which("google-chrome")
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    url = f"{settings.origin}/call/{visit.id}"
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=where, args=flags)
        await enter(browser, url, mother, visit.inmate_id, check=True)
        took = [
            await enter(browser, f"{url}?as=supervisor", watcher, visit.inmate_id, check=False)
            for _ in range(TIMES)
        ]
        await browser.close()
    return {
        "work": "join to first decoded frame",
        "median_s": round(statistics.median(took), 3),
        "all_s": [round(one, 3) for one in took],
    }


async def enter(browser: Browser, url: str, cookie: str, inmate: int, *, check: bool) -> float:
    """Open the page, pass the device check if there is one, and wait for the first frame.

    Returns the seconds since the page was asked for: loading it is part of joining.
    """
    context = await browser.new_context(viewport={"width": 800, "height": 600})
    host = url.split("/call/", maxsplit=1)[0]
    await context.add_cookies([{"name": "rc_session", "value": cookie, "url": host}])
    page = await context.new_page()
    await page.goto(url)
    if check:
        await page.locator("#check-camera.works").wait_for()
        await page.locator("#enter").click()
    return float(await page.evaluate(FIRST_FRAME, str(inmate)))
