"""A page with the call's own module, and a worker behind it, on loopback or in a place."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, BrowserContext, Page
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from remote_court.recording.recorder import Recorder
from remote_court.server.calls import whip
from remote_court.server.calls.socket import StarletteSocket
from remote_court.video.turn import Turn
from remote_court.video.worker import Worker
from tests.browser import plain_page
from tests.netns.network import Place

from .court import KEY, House, PaperCourt, plan

SCRIPTS = Path(__file__).parents[2] / "web" / "scripts" / "call"
LOOPBACK = "127.0.0.1"

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
  'quality', 'speaking', 'recording']
window.enter = async (url, ticket, size) => {
  const wish = { audio: true, video: size }
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


@dataclass
class Site(House):
    http: str


@asynccontextmanager
async def serving(
    place: Place | None = None, turn: Turn | None = None, recorder: Recorder | None = None
) -> AsyncIterator[Site]:
    """Serve the page, its signalling and a call, until the block ends."""
    court = PaperCourt()
    court.add(plan())
    host = LOOPBACK if place is None else place.address
    with ExitStack() as there:
        if place is not None:
            there.enter_context(place.entered())
        worker = Worker(
            worker_id="w1", court=court, key=KEY, host=host, turn=turn, recorder=recorder
        )
        web = socket.create_server((host, 0))
    court.worker = worker
    await worker.start()

    async def signalling(socket: WebSocket) -> None:
        await socket.accept()
        await worker.serve(StarletteSocket(socket))

    app = FastAPI(
        routes=[
            Route("/", lambda _: HTMLResponse(PAGE)),
            Route("/plain", lambda _: HTMLResponse(plain_page.PAGE)),
            Mount("/scripts", StaticFiles(directory=SCRIPTS)),
            WebSocketRoute("/signalling", signalling),
        ]
    )
    app.state.site = SimpleNamespace(worker=worker, media_base=None)
    for router in whip.ROUTERS:
        app.include_router(router)
    config = uvicorn.Config(app, log_level="error", ws="websockets-sansio", lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[web]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    where = f"{host}:{web.getsockname()[1]}"
    yield Site(court, worker, f"ws://{where}/signalling", f"http://{where}/")
    await worker.stop()
    server.should_exit = True
    await task


async def enter(
    browser: Browser | BrowserContext,
    site: Site,
    person: str,
    role: str,
    *,
    width: int = 320,
    height: int = 240,
    before: str = "",
) -> Page:
    """Open the page and join, with a camera of this size; ``before`` is a script to run first."""
    page = await browser.new_page()
    await page.add_init_script(before)
    await page.goto(site.http)
    await page.wait_for_function("!!window.enter")
    asked = [site.url, site.ticket(person, role), {"width": width, "height": height}]
    await page.evaluate("([url, ticket, size]) => enter(url, ticket, size)", asked)
    return page


async def grown(page: Page, *, frames: int = 10, sound: int = 30, seconds: float = 30) -> Any:
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
