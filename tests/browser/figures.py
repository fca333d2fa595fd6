"""What a browser received, by its own counters: decoded frames and packets of sound."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from playwright.async_api import BrowserContext, Page

KEEP_PEERS = """(() => {
  const Peer = RTCPeerConnection
  window.peers = []
  window.RTCPeerConnection = class extends Peer {
    constructor(...all) { super(...all); window.peers.push(this) }
  }
})()"""
COUNT = """async () => {
  const counted = { frames: {}, sound: {} }
  const peer = (window.peers ?? []).at(-1)
  if (!peer) return counted
  for (const [, s] of await peer.getStats()) {
    if (s.type !== 'inbound-rtp') continue
    if (s.kind === 'video') counted.frames[s.mid] = s.framesDecoded ?? 0
    else counted.sound[s.mid] = s.packetsReceived ?? 0
  }
  return counted
}"""
STILL_S = 1.5
GROWN_BY = 5


@dataclass(frozen=True)
class Figures:
    """Decoded frames and packets of sound, by the m-line they came through."""

    frames: Mapping[str, int]
    sound: Mapping[str, int]

    def grown(self, before: Figures) -> tuple[int, int]:
        """Through how many m-lines more pictures were decoded, and more sound came, than before."""
        return more(self.frames, before.frames), more(self.sound, before.sound)


def more(now: Mapping[str, int], before: Mapping[str, int]) -> int:
    return sum(count - before.get(mid, 0) >= GROWN_BY for mid, count in now.items())


async def counting(context: BrowserContext) -> BrowserContext:
    """Let the pages of a context keep their connections, so that they can be asked."""
    await context.add_init_script(KEEP_PEERS)
    return context


async def figures(page: Page) -> Figures:
    return Figures(**await page.evaluate(COUNT))


async def receives(page: Page, people: int, *, seconds: float = 45) -> None:
    """Wait until this screen decodes pictures of so many people, and gets their sound."""
    before = await figures(page)
    grown = (0, 0)
    try:
        async with asyncio.timeout(seconds):
            while min(grown := (await figures(page)).grown(before)) < people:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise AssertionError(f"{page.url}: {grown} of {people} came in {seconds} s") from None


async def stands_still(*pages: Page, seconds: float = 30) -> None:
    """Wait until for a while no screen has decoded a picture and no packet of sound has come."""
    try:
        async with asyncio.timeout(seconds):
            before = [await figures(page) for page in pages]
            while True:
                await asyncio.sleep(STILL_S)
                now = [await figures(page) for page in pages]
                if now == before:
                    return
                before = now
    except TimeoutError:
        raise AssertionError(f"something still came after {seconds} s") from None
