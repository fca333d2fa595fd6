"""A stretch of line between a browser and a server that can die without a word."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from remote_court import clock


class DeadLine:
    """Passes TCP connections on, in order of arrival; ``die`` makes one swallow all it is given.

    That one of its ends hangs up is swallowed too: neither hears of it.

    ``arrivals`` are the moments at which they came. It strips a prefix from the path of each
    request, as a reverse proxy does.
    """

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._target = 0
        self._prefix = b""
        self._alive: list[asyncio.Event] = []
        self.arrivals: list[float] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []

    @property
    def port(self) -> int:
        """Where browsers connect."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    def leads_to(self, port: int, prefix: str) -> None:
        """Where connections go, and what is stripped from their paths."""
        self._target, self._prefix = port, prefix.encode()

    def die(self, number: int) -> None:
        """Let the connection of this number be silent from now on, and stay open."""
        self._alive[number].clear()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.append(writer)
        alive = asyncio.Event()
        alive.set()
        self._alive.append(alive)
        self.arrivals.append(clock.monotonic())
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
        except ConnectionError:
            writer.close()
            return
        self._writers.append(back)
        head = await reader.readuntil(b"\r\n")
        back.write(head.replace(b" " + self._prefix, b" ", 1))
        await asyncio.gather(copy(reader, back, alive), copy(there, writer, alive))


async def copy(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, alive: asyncio.Event
) -> None:
    """Pass on until either end closes, or for as long as the line is alive."""
    try:
        while data := await source.read(65_536):
            if alive.is_set():
                sink.write(data)
                await sink.drain()
    except ConnectionError:
        return
    finally:
        if alive.is_set():
            sink.close()
