"""A device whose network changes in the middle of a talk: it is back by itself in seconds."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from remote_court import clock
from remote_court.assets import web_dir
from remote_court.assets.build import build
from remote_court.db import Database
from tests.browser.kiosks import paired
from tests.browser.test_call import FRAMES, more_frames, sees
from tests.browser.test_failover import OLD, scene, see_anew
from tests.calls.scene import Scene
from tests.certificates import self_signed
from tests.netns import packages
from tests.netns.browser import browsing
from tests.netns.network import Network
from tests.serve_process import serve_process, take_for_migrated

__all__ = ["scene"]
pytestmark = pytest.mark.browser
BACK_WITHIN_S = 3.0
BUSY_S = 1.0
"""What a busy machine takes besides."""


async def test_a_device_that_gets_another_address_is_back_in_seconds_and_the_other_side_stays(
    database: Database, tmp_path: Path, scene: Scene
) -> None:
    packages.need()
    build(web_dir(), say=lambda _: None)
    await take_for_migrated(database)
    async with database.transaction() as session:
        scene.session = session
        visit = await scene.visit()
    assert visit.room_id
    assert visit.booth_id
    async with AsyncExitStack() as stack:
        world = stack.enter_context(Network())
        street = world.street()
        court, office, prison = (world.place(name) for name in ("court", "office", "prison"))
        for place in (court, office, prison):
            place.live_in(street)
        certificate = self_signed(tmp_path, court.address)
        served = await stack.enter_async_context(
            serve_process(
                database,
                tmp_path,
                place=court,
                MODE="production",
                HOST=court.address,
                MEDIA_HOST=court.address,
                TLS_CERTIFICATE=certificate.chain,
                TLS_KEY=certificate.key,
            )
        )
        origin = f"https://{court.address}:{served.port}"
        browsers = [
            await stack.enter_async_context(browsing(place, tmp_path, origin))
            for place in (office, prison)
        ]
        room = await paired(database, browsers[0], origin, visit.room_id, scene.world.manager)
        booth = await paired(database, browsers[1], origin, visit.booth_id, scene.officer)
        son, mother = scene.world.inmate.id, scene.world.mother.id
        await asyncio.gather(sees(room, son), sees(booth, mother))

        await booth.wait_for_function(OLD, arg=str(mother))
        await room.wait_for_function(OLD, arg=str(son))
        moved = clock.monotonic()
        prison.readdress()
        await see_anew(booth, mother, 20)
        gone_for = clock.monotonic() - moved
        print(f"a device with another address is back after {gone_for:.1f} s")  # noqa: T201
        assert gone_for < BACK_WITHIN_S + BUSY_S
        await more_frames(room, son, 5 + await room.evaluate(FRAMES, str(son)))
        same = """(person) => document.querySelector(`[data-person="${person}"] video`).srcObject"""
        assert await room.evaluate(f"(person) => ({same})(person).old", str(son)) is True
