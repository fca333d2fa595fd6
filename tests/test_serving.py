"""The web server takes its port first, speaks TLS when told, and ends in good time."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from remote_court import app, clock, serving
from remote_court.config import Settings
from remote_court.db import Database
from remote_court.serving import PortTaken, listen, server_of
from remote_court.video import messages
from tests.certificates import self_signed


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(mode="development", data_dir=tmp_path, port=0, media_port=0)


def test_a_free_port_is_taken_and_named(settings: Settings):
    taken, chosen = listen(settings)
    with taken:
        assert chosen.port == taken.getsockname()[1] != 0
        assert chosen.origin.endswith(f":{chosen.port}")


def test_a_port_that_is_taken_is_said_so(settings: Settings):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)):
            listen(settings.model_copy(update={"port": port}))


def test_any_postgresql_is_taken_by_its_plain_address(settings: Settings):
    given = Settings(database_url="postgresql://me:se%40cret@db.example:5433/court?ssl=require")
    with serving.postgres(given) as url:
        assert url == "postgresql+asyncpg://me:se%40cret@db.example:5433/court?ssl=require"


@asynccontextmanager
async def served(settings: Settings, database: Database) -> AsyncIterator[Settings]:
    """The site, without media, until the context ends."""
    taken, settings = listen(settings)
    ready = asyncio.Event()
    made = app.build(settings, Database(database.url), media=False)
    server = server_of(made, settings, ready.set)
    task = asyncio.create_task(server.serve([taken]))
    await asyncio.wait_for(ready.wait(), 20)
    try:
        yield settings
    finally:
        made.state.site.hub.end()
        server.should_exit = True
        await asyncio.wait_for(task, 15)
        taken.close()


async def test_with_a_certificate_it_speaks_tls_and_cookies_are_secure(
    settings: Settings, database: Database, tmp_path: Path
):
    ours = self_signed(tmp_path, "127.0.0.1")
    secure = settings.model_copy(update={"tls_certificate": ours.chain, "tls_key": ours.key})
    async with served(secure, database) as told:
        assert told.origin.startswith("https://127.0.0.1:")
        async with httpx.AsyncClient(base_url=told.origin, verify=ours.trust) as client:
            assert (await client.get("/healthz")).json() == {"status": "ok"}
            page = await client.get("/sign-in")
            assert page.status_code == 200
            assert "max-age" in page.headers["strict-transport-security"]
            cookies = page.headers.get_list("set-cookie")
            assert cookies
            assert all("Secure" in cookie for cookie in cookies)


@pytest.mark.parametrize(("trusted", "seen"), [("127.0.0.1", 404), ("", 200)])
async def test_a_proxy_is_believed_only_where_it_is_trusted(
    settings: Settings, database: Database, trusted: str, seen: int
):
    """/metrics answers this machine alone: behind a trusted proxy the caller is somebody else."""
    behind: Mapping[str, str] = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
    chosen = settings.model_copy(update={"trusted_proxies": trusted})
    async with (
        served(chosen, database) as told,
        httpx.AsyncClient(base_url=told.origin) as client,
    ):
        assert (await client.get("/metrics", headers=behind)).status_code == seen


async def test_an_endless_stream_does_not_keep_it_from_stopping(
    settings: Settings, database: Database
):
    began = clock.monotonic()
    async with served(settings, database) as told:
        reader, writer = await asyncio.open_connection("127.0.0.1", told.port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"ok")
    assert clock.monotonic() - began < 15
    writer.close()


async def test_a_megabyte_on_a_socket_is_refused_before_it_is_kept(settings: Settings):
    site = FastAPI()
    site.state.site = SimpleNamespace(farewells=[])

    @site.websocket("/listen")
    async def listen_to(wire: WebSocket) -> None:
        await wire.accept()
        async for text in wire.iter_text():
            await wire.send_text(str(len(text)))

    taken, settings = listen(settings)
    ready = asyncio.Event()
    server = server_of(site, settings, ready.set)
    task = asyncio.create_task(server.serve([taken]))
    await asyncio.wait_for(ready.wait(), 10)
    async with connect(f"ws://127.0.0.1:{settings.port}/listen", compression="deflate") as wire:
        assert not wire.protocol.extensions
        assert await said(wire, messages.LONGEST) == str(messages.LONGEST)
        with pytest.raises(ConnectionClosed) as closed:
            await said(wire, 1 << 20)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009
    server.should_exit = True
    await asyncio.wait_for(task, 15)
    taken.close()


async def said(wire: ClientConnection, size: int) -> str | bytes:
    """What comes back when so much is said."""
    await wire.send("x" * size)
    return await wire.recv()
