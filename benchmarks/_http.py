"""A lean HTTP/1.1 client on kept connections, so that the load costs less than what it loads."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any


class Connection:
    """One kept connection; one request at a time."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    async def open(self) -> Connection:
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        return self

    async def ask(
        self, method: str, path: str, headers: dict[str, str], body: Any = None
    ) -> tuple[int, bytes, float]:
        """Send a request; return its status, its body and how many seconds it took."""
        content = json.dumps(body).encode() if body is not None else b""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if content:
            lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
        began = time.perf_counter()
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
        head = await self.reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        answer = await self.body(head.lower())
        return status, answer, time.perf_counter() - began

    async def body(self, head: bytes) -> bytes:
        """Read the body as the head announces it."""
        if b"transfer-encoding: chunked" in head:
            parts = []
            while size := int(await self.reader.readuntil(b"\r\n"), 16):
                parts.append((await self.reader.readexactly(size + 2))[:-2])
            await self.reader.readexactly(2)
            return b"".join(parts)
        _, _, rest = head.partition(b"content-length: ")
        return await self.reader.readexactly(int(rest.split(b"\r\n")[0])) if rest else b""

    def close(self) -> None:
        self.writer.close()
