"""Signalling over this site's WebSocket."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter, Depends
from starlette.datastructures import Headers
from starlette.websockets import WebSocket, WebSocketDisconnect

from remote_court.server.deps import site_of
from remote_court.server.guards import public
from remote_court.video.signalling import SocketGone

router = APIRouter()
NO_WORKER = 1013
"""WebSocket close code: try again later."""

STRANGER = 1008
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class StarletteSocket:
    """A Starlette WebSocket as signalling wants it."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def receive(self) -> str:
        """The next text frame; raises SocketGone."""
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise SocketGone
        return message.get("text") or ""

    async def send(self, text: str) -> None:
        """Send a text frame; raises SocketGone."""
        try:
            await self._socket.send_text(text)
        except (WebSocketDisconnect, RuntimeError) as error:
            raise SocketGone from error

    async def close(self, code: int) -> None:
        """Close the socket, if it is still there."""
        try:
            await self._socket.close(code)
        except (WebSocketDisconnect, RuntimeError):
            return


def welcome(headers: Headers, ours: str) -> bool:
    """Whether a page may connect: one of ours, of the same host, or any program that is no page."""
    origin = headers.get("origin")
    if origin is None or origin == ours:
        return True
    theirs, here = urlsplit(origin).hostname, urlsplit(f"//{headers.get('host', '')}").hostname
    return theirs is not None and (theirs == here or {theirs, here} <= LOOPBACK)


@router.websocket("/ws/call", dependencies=[Depends(public)])
async def signalling(socket: WebSocket) -> None:
    """Hold a client's conversation; the ticket in its first message is what lets it in."""
    site = site_of(socket)
    worker = site.worker
    if not welcome(socket.headers, site.settings.origin):
        await socket.close(STRANGER)
        return
    await socket.accept()
    if worker is None:
        await socket.close(NO_WORKER)
        return
    await worker.serve(StarletteSocket(socket))
