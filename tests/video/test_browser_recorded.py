"""Two real browsers in a call that is recorded: what they said and showed can be seen again."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import av
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from remote_court import clock
from remote_court.cli.recording import lettering
from remote_court.recording import files
from remote_court.recording.compose import compose
from remote_court.recording.export import export
from remote_court.recording.keys import MasterKey, SigningKey, new_secret
from remote_court.recording.reading import ReadPart
from remote_court.recording.recorder import Recorder
from remote_court.recording.scene import scene
from remote_court.recording.verify import verify
from remote_court.video.lines import Source
from remote_court.video.peer import Peer

from .site import Site, enter, grown, serving
from .test_browser import browser

__all__ = ["browser"]

pytestmark = pytest.mark.browser

MASTER, SIGNING = MasterKey.read(new_secret()), SigningKey.read(new_secret())
TOLD = "events.filter(([name]) => name === 'recording').at(-1)[1].on"


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    recorder = Recorder(
        tmp_path / "recordings", (MASTER, SIGNING), now=clock.now, monotonic=clock.monotonic
    )
    async with serving(recorder=recorder) as served:
        yield served
    await asyncio.to_thread(recorder.close)


async def test_two_browsers_are_told_recorded_proved_exported_and_composed(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    anna = await enter(browser, site, "anna", "visitor", width=1280, height=720)
    ben = await enter(browser, site, "ben", "inmate")
    for page in (anna, ben):
        await grown(page)
        assert not await page.evaluate(TOLD)
    await asyncio.sleep(2)  # the camera's three sizes have settled
    site.court.change("s1", recording="7")
    for page in (anna, ben):
        await page.wait_for_function(TOLD, timeout=3000)
    await asyncio.sleep(6)
    peers = (await site.worker.room("s1")).peers
    largest = {person: max(width for width, _ in sizes(peer)) for person, peer in peers.items()}
    assert largest["anna"] == 1280
    site.court.change("s1", recording="")
    await anna.wait_for_function(f"!({TOLD})", timeout=3000)

    folder = tmp_path / "recordings"
    async with asyncio.timeout(5):
        while files.unsigned(folder):  # noqa: ASYNC110 - files have no event
            await asyncio.sleep(0.05)
    (part,) = files.parts(folder, "s1", "7")
    assert verify(part, SIGNING.public).findings == ()
    read = ReadPart(part, MASTER)
    assert all(file.clocks for file in read.files)
    widths = {}
    for file, path in zip(read.files, export(read, tmp_path), strict=True):
        widths[file.person] = examine(path)
    assert widths == largest

    film = tmp_path / "film.mp4"
    laid = scene([read])
    await asyncio.to_thread(
        compose, laid, film, lettering("fa"), local=clock.local, day=lambda here: f"{here:%Y}"
    )
    with av.open(str(film)) as container:
        assert container.duration == pytest.approx(laid.length_ms * 1000, abs=2e5)
        assert {stream.type for stream in container.streams} == {"video", "audio"}
        assert sum(1 for _ in container.decode(video=0)) >= 100


def sizes(peer: Peer) -> list[tuple[int, int]]:
    """The sizes in which somebody's camera comes in just now."""
    layers = peer.media.feeds[Source.CAMERA].layers
    return [layer.size for layer in layers if layer.lives(clock.monotonic())]


def examine(path: Path) -> int:
    """An exported file is whole; returns how wide its pictures are at the end."""
    with av.open(str(path)) as container:
        assert container.duration == pytest.approx(6e6, abs=1e6)
        pictures = list(container.decode(video=0))
    with av.open(str(path)) as container:
        sounds = [frame.time for frame in container.decode(audio=0)]
    sights = [picture.time for picture in pictures]
    for track in (sights, sounds):
        assert all(a < b for a, b in itertools.pairwise(track))
        assert max(b - a for a, b in itertools.pairwise(track)) < 1
        assert track[-1] - track[0] == pytest.approx(6, abs=1)
    return int(pictures[-1].width)
