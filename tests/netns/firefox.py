"""A real Firefox that lives in a place, driven over WebDriver BiDi.

It refuses to look for a way over loopback, so it needs a place with an address.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import re
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.netns.network import Place

PROGRAM = "firefox-esr"
START_S = 30
ANSWER_S = 30
PREFERENCES = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.devices.insecure.enabled": True,
    "media.getusermedia.insecure.enabled": True,
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}
"""A fake camera and microphone without questions, also for pages without TLS; no calls home."""

LISTENS = re.compile(rb"WebDriver BiDi listening on (ws://127\.0\.0\.1:(\d+))")


class Firefox:
    """A running browser; ``new_page`` opens a tab that is asked as Playwright's pages are."""

    def __init__(self, wire: ClientConnection) -> None:
        self._wire = wire
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reader = asyncio.create_task(self._read())

    async def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command; returns its result, raises RuntimeError with what went wrong."""
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._wire.send(json.dumps({"id": number, "method": method, "params": parameters}))
        told = await asyncio.wait_for(self._waiting[number], ANSWER_S)
        if told["type"] == "error":
            raise RuntimeError(f"{method}: {told['message']}")
        result: dict[str, Any] = told["result"]
        return result

    async def _read(self) -> None:
        async for text in self._wire:
            told = json.loads(text)
            if waiting := self._waiting.pop(told.get("id"), None):
                waiting.set_result(told)

    async def new_page(self) -> Tab:
        """Open a tab."""
        return Tab(self, (await self.ask("browsingContext.create", type="tab"))["context"])

    async def close(self) -> None:
        """Speak no more."""
        await self._wire.close()
        await self._reader


class Tab:
    """One page; its methods are those of Playwright's that tests use."""

    def __init__(self, firefox: Firefox, context: str) -> None:
        self._firefox, self._context = firefox, context

    async def add_init_script(self, script: str) -> None:
        await self._firefox.ask(
            "script.addPreloadScript",
            functionDeclaration=f"() => {{ {script} }}",
            contexts=[self._context],
        )

    async def goto(self, url: str) -> None:
        await self._firefox.ask(
            "browsingContext.navigate", context=self._context, url=url, wait="complete"
        )

    async def evaluate(self, expression: str, argument: Any = None) -> Any:
        """The value of an expression, or of a function called with the argument."""
        body = f"""(async () => {{
          let value = ({expression})
          if (typeof value === 'function') value = value({json.dumps(argument)})
          return JSON.stringify((await value) ?? null)
        }})()"""
        told = await self._firefox.ask(
            "script.evaluate",
            expression=body,
            target={"context": self._context},
            awaitPromise=True,
            userActivation=True,
        )
        if told["type"] == "exception":
            raise RuntimeError(told["exceptionDetails"]["text"])
        return json.loads(told["result"]["value"])

    async def wait_for_function(self, expression: str, seconds: float = 20) -> None:
        async with asyncio.timeout(seconds):
            while not await self.evaluate(f"!!({expression})"):  # noqa: ASYNC110 - as Playwright
                await asyncio.sleep(0.05)

    async def close(self) -> None:
        await self._firefox.ask("browsingContext.close", context=self._context)


@asynccontextmanager
async def firefox(place: Place, directory: Path) -> AsyncIterator[Firefox]:
    """Firefox in a place, with a profile of its own, for as long as the block lasts."""
    profile, log = directory / "firefox", directory / "firefox.log"
    profile.mkdir()
    rows = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(rows))
    command = [PROGRAM, "--headless", "--no-remote", "--profile", str(profile)]
    home = {**os.environ, "HOME": str(directory), "MOZ_CRASHREPORTER_DISABLE": "1"}
    with log.open("wb") as output:
        place.start(
            [*command, "--remote-debugging-port", "0", "about:blank"],
            env=home,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url, port = await listening(log)
    with place.entered():
        there = socket.create_connection(("127.0.0.1", port), 5)
    async with connect(f"{url}/session", sock=there, max_size=1 << 24) as wire:
        driven = Firefox(wire)
        await driven.ask("session.new", capabilities={})
        yield driven
        await driven.ask("session.end")
        await driven.close()


async def listening(log: Path) -> tuple[str, int]:
    """Where it waits for commands, once it does."""
    async with asyncio.timeout(START_S):
        while not (found := LISTENS.search(log.read_bytes())):  # noqa: ASYNC110, ASYNC240 - a log
            await asyncio.sleep(0.1)
    return found[1].decode(), int(found[2])
