"""Server-sent events: a page's part, again whenever something it shows has changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from starlette.responses import StreamingResponse

from remote_court.clock import monotonic
from remote_court.server.live import Event, Hub

BEAT = ": \n\n"
BEAT_EVERY_S = 15.0
REFRESH_EVERY_S = 60.0
LONGEST_S = 900.0
GATHER_S = 0.15
RETRY_MS = 2000
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(frozen=True, slots=True)
class Frame:
    """One message of a stream. Without a name, htmx swaps its text into the page."""

    text: str
    name: str | None = None

    def encode(self) -> str:
        """As the wire has it."""
        named = f"event: {self.name}\n" if self.name else ""
        lines = "".join(f"data: {line}\n" for line in self.text.splitlines() or [""])
        return f"{named}{lines}\n"


Frames = Callable[[Sequence[Event]], Awaitable[Sequence[Frame]]]


def stream(hub: Hub, channels: Sequence[str], frames: Frames) -> StreamingResponse:
    """Answer with a stream that shows the present at once, and again after every change.

    No transaction and no connection is held between two frames: ``frames`` opens its own, for a
    moment. Since each frame shows the present whole, ``Last-Event-ID`` needs no answer.

    Args:
        frames: what to send after these events; with none, at the beginning.
    """
    return StreamingResponse(
        _written(hub, channels, frames), media_type="text/event-stream", headers=HEADERS
    )


async def _written(hub: Hub, channels: Sequence[str], frames: Frames) -> AsyncIterator[str]:
    began = shown = monotonic()
    with hub.subscribe(*channels) as watcher:
        yield f"retry: {RETRY_MS}\n\n"
        events: Sequence[Event] | None = ()
        # The browser comes back by itself, and is asked again who it is.
        while monotonic() - began < LONGEST_S:
            if events is None:
                yield BEAT
            else:
                shown = monotonic()
                for frame in await frames(events):
                    yield frame.encode()
            events = None
            with suppress(TimeoutError):
                events = await asyncio.wait_for(watcher.several(GATHER_S), BEAT_EVERY_S)
            if events is not None and not events:
                return
            # Some of what is shown changes with time alone, such as who is late.
            if events is None and monotonic() - shown >= REFRESH_EVERY_S:
                events = ()
