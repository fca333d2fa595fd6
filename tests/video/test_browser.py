"""Two real browsers in one call, through the module the pages use."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, Page, async_playwright
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from remote_court.video.lines import Source
from remote_court.video.ports import Left, State
from remote_court.video.signalling import Socket, SocketGone
from remote_court.video.worker import Worker

from .court import KEY, House, PaperCourt, plan

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SCRIPTS = Path(__file__).parents[2] / "web" / "scripts" / "call"
FLAGS = [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
]

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><meta charset=utf-8><title>call</title><body><script type=module>
import { CallConnection } from '/scripts/connection.js'
import { Meter } from '/scripts/meter.js'
window.peers = []; window.sockets = []; window.events = []
const Peer = RTCPeerConnection
window.RTCPeerConnection = class extends Peer {
  constructor(...a) { super(...a); peers.push(this) }
}
const Wire = WebSocket
window.WebSocket = class extends Wire { constructor(...a) { super(...a); sockets.push(this) } }
const names = ['joined', 'state', 'connected', 'reconnecting', 'closed', 'displaced', 'problem',
  'quality', 'speaking']
window.enter = async (url, ticket) => {
  const wish = { audio: true, video: { width: 320, height: 240 } }
  const stream = await navigator.mediaDevices.getUserMedia(wish)
  window.meter = new Meter(stream, (level) => { window.level = Math.max(window.level ?? 0, level) })
  const call = window.call = new CallConnection({ url, ticket, stream, pairs: 2 })
  for (const name of names)
    call.addEventListener(name, (e) => events.push([name, e.detail]))
  call.addEventListener('slots', (e) => {
    for (const old of document.querySelectorAll('video')) old.remove()
    for (const [person, media] of e.detail.streams) {
      const el = document.createElement('video')
      el.autoplay = true; el.dataset.person = person; el.srcObject = media; document.body.append(el)
    }
  })
  await call.join()
}
window.figures = async () => {
  const out = { frames: 0, sound: 0, lost: 0 }
  for (const [, s] of await peers.at(-1).getStats()) {
    if (s.type !== 'inbound-rtp') continue
    if (s.kind === 'video') out.frames += s.framesDecoded ?? 0
    else out.sound += s.packetsReceived ?? 0
    out.lost += s.packetsLost ?? 0
  }
  return out
}
</script></body>"""


class StarletteSocket(Socket):
    """A Starlette WebSocket as signalling wants it."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def receive(self) -> str:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise SocketGone
        return message.get("text") or ""

    async def send(self, text: str) -> None:
        try:
            await self._socket.send_text(text)
        except (WebSocketDisconnect, RuntimeError) as error:
            raise SocketGone from error

    async def close(self, code: int) -> None:
        try:
            await self._socket.close(code)
        except (WebSocketDisconnect, RuntimeError):
            return


@dataclass
class Site(House):
    http: str


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    court = PaperCourt()
    court.add(plan())
    worker = Worker(worker_id="w1", court=court, key=KEY)
    court.worker = worker
    await worker.start()

    async def signalling(socket: WebSocket) -> None:
        await socket.accept()
        await worker.serve(StarletteSocket(socket))

    app = Starlette(
        routes=[
            Route("/", lambda _: HTMLResponse(PAGE)),
            Mount("/scripts", StaticFiles(directory=SCRIPTS)),
            WebSocketRoute("/signalling", signalling),
        ]
    )
    config = uvicorn.Config(app, port=0, log_level="error", ws="websockets-sansio", lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Site(court, worker, f"ws://127.0.0.1:{port}/signalling", f"http://127.0.0.1:{port}/")
    await worker.stop()
    server.should_exit = True
    await task


@pytest_asyncio.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as tool:
        browser = await tool.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        await browser.close()


async def enter(browser: Browser, site: Site, person: str, role: str) -> Page:
    page = await browser.new_page()
    await page.goto(site.http)
    await page.wait_for_function("!!window.enter")
    await page.evaluate("([u, t]) => enter(u, t)", [site.url, site.ticket(person, role)])
    return page


async def grown(page: Page, *, frames: int = 10, sound: int = 30, seconds: float = 12) -> Any:
    """Wait until pictures were decoded and sound came since now."""
    before = await page.evaluate("figures()")
    async with asyncio.timeout(seconds):
        while True:
            now = await page.evaluate("figures()")
            if (
                now["frames"] - before["frames"] >= frames
                and now["sound"] - before["sound"] >= sound
            ):
                return now
            await asyncio.sleep(0.1)


SHARE = """() => {
  const canvas = document.createElement('canvas'), pen = canvas.getContext('2d')
  setInterval(() => {
    pen.fillStyle = `hsl(${Date.now() % 360} 80% 50%)`
    pen.fillRect(0, 0, 300, 150)
  }, 50)
  return call.share(canvas.captureStream(15).getVideoTracks()[0])
}"""
CONNECTIONS = "events.filter(([name]) => name === 'connected').length"


async def names(page: Page) -> list[str]:
    return await page.evaluate("events.map(([name]) => name)")


async def test_two_browsers_see_and_hear_each_other_and_survive_a_dead_socket(
    site: Site, browser: Browser
) -> None:
    anna = await enter(browser, site, "anna", "visitor")
    ben = await enter(browser, site, "ben", "inmate")
    for page in (anna, ben):
        assert (await grown(page))["lost"] == 0
    assert await anna.evaluate("call.streams.get('ben').getTracks().length") == 2
    assert await anna.evaluate("window.level") > 0
    assert 0 < await anna.evaluate("call.remaining()") <= 3_600_000

    for death in ("sockets.at(-1).close()", "sockets.at(-1).onmessage = null"):
        joins = await anna.evaluate("sockets.length")
        await anna.evaluate(death)
        async with asyncio.timeout(4):  # three seconds, and one for a busy machine
            await anna.wait_for_function(f"{CONNECTIONS} === {joins + 1}")
        for page in (anna, ben):
            await grown(page)
    assert await ben.evaluate("peers.length") == 1  # the other side renegotiated nothing

    site.court.change("s1", state=State.PAUSED, reason="a pause")
    await asyncio.sleep(0.3)
    still = await ben.evaluate("figures()")
    await asyncio.sleep(0.7)
    assert (await ben.evaluate("figures()"))["sound"] <= still["sound"] + 1
    site.court.change("s1", state=State.LIVE, reason="")
    await grown(ben)

    site.court.change("s1", state=State.CLOSED, reason="time")
    await anna.wait_for_function("events.at(-1)[0] === 'closed'")
    assert (await names(ben))[-1] == "closed"
    assert [reason for _, _, reason in site.court.departures][-2:] == [Left.ENDED] * 2


async def test_a_shared_screen_takes_the_cameras_place_and_a_second_tab_the_firsts(
    site: Site, browser: Browser
) -> None:
    anna = await enter(browser, site, "anna", "visitor")
    ben = await enter(browser, site, "ben", "inmate")
    await grown(ben)
    await anna.evaluate(SHARE)
    room = await site.worker.room("s1")
    sender = room.peers["anna"]
    async with asyncio.timeout(5):
        while sender.media.tracks[Source.SCREEN].forwarded < 5:  # noqa: ASYNC110 - a counter
            await asyncio.sleep(0.05)
    assert sender.media.tracks[Source.CAMERA].everybody() == ()
    await grown(ben, frames=5)
    await anna.evaluate("call.share(null)")
    await grown(ben)

    again = await enter(browser, site, "anna", "visitor")
    await anna.wait_for_function("events.at(-1)[0] === 'closed'")
    assert (await names(anna))[-2:] == ["displaced", "closed"]
    await grown(again)
    await grown(ben)
    await again.evaluate("call.leave()")
    assert (await names(again))[-1] == "closed"
