"""A little SMS gateway on loopback: it answers as it is told, and keeps what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Gateway:
    """``answer`` is (status, body, seconds it thinks)."""

    url: str = ""
    answer: tuple[int, bytes, float] = (200, b'{"id": 77}', 0.0)
    heads: list[dict[str, str]] = field(default_factory=list)
    bodies: list[dict[str, str]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await self.head(reader):
                self.heads.append(head)
                self.raw.append(await reader.readexactly(int(head["content-length"])))
                self.bodies.append(json.loads(self.raw[-1]))
                status, body, thinks_s = self.answer
                await asyncio.sleep(thinks_s)
                writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n" % (status, len(body)))
                writer.write(body)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def head(self, reader: asyncio.StreamReader) -> dict[str, str]:
        written = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, path, _ = written[0].split()
        lines = (line.partition(": ") for line in written[1:] if line)
        return {"request": f"{method} {path}"} | {k.lower(): v for k, _, v in lines}


@asynccontextmanager
async def gateway() -> AsyncIterator[Gateway]:
    opened = Gateway()
    server = await asyncio.start_server(opened.serve, "127.0.0.1", 0)
    opened.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/send"
    try:
        yield opened
    finally:
        server.close()
