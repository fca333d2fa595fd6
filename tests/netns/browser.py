"""A real Chromium that lives in a place, and the way of an office's proxy to the web."""

from __future__ import annotations

import asyncio
import shlex
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.browser import chromium
from tests.netns.network import Place


@asynccontextmanager
async def browsing(place: Place, directory: Path, *origins: str) -> AsyncIterator[Browser]:
    """Chromium in a place, with a camera for these origins though they have no certificate."""
    found = chromium.path()
    if found is None:
        pytest.skip("no Chromium on this machine")
    program = directory / f"chromium-{place.namespace}"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(place.command(found))} "$@"\n')
    program.chmod(0o755)
    flags = [
        *chromium.arguments(),
        f"--unsafely-treat-insecure-origin-as-secure={','.join(o.rstrip('/') for o in origins)}",
        "--ignore-certificate-errors",
        "--disable-features=WebRtcHideLocalIpsWithMdns",
    ]
    async with async_playwright() as tool:
        browser = await tool.chromium.launch(executable_path=program, args=flags)
        yield browser
        await browser.close()


@asynccontextmanager
async def passing_on(place: Place, address: str, port: int, target: str) -> AsyncIterator[None]:
    """Pass TCP connections on from a place to a target, as an office's way to the web does."""
    with place.entered():
        listening = socket.create_server((address, port))

    async def copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
        except ConnectionError:
            return
        finally:
            sink.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with place.entered():
            onward = socket.create_connection((target, port), 2)
        there, back = await asyncio.open_connection(sock=onward)
        await asyncio.gather(copy(reader, back), copy(there, writer))

    server = await asyncio.start_server(serve, sock=listening)
    yield
    server.close()
