"""Signalling over this site's WebSocket."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.websockets import WebSocket, WebSocketDisconnect

from remote_court.server.deps import site_of
from remote_court.server.guards import public
from remote_court.video.signalling import SocketGone

router = APIRouter()
NO_WORKER = 1013
"""WebSocket close code: try again later."""


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


@router.websocket("/ws/call", dependencies=[Depends(public)])
async def signalling(socket: WebSocket) -> None:
    """Hold a client's conversation; the ticket in its first message is what lets it in."""
    worker = site_of(socket).worker
    await socket.accept()
    if worker is None:
        await socket.close(NO_WORKER)
        return
    await worker.serve(StarletteSocket(socket))
