"""What a media worker serves beside its UDP port, in the site's process or in one of its own."""

from __future__ import annotations

from fastapi import APIRouter

from remote_court.server.calls import socket, whip

MEDIA_ROUTERS: tuple[APIRouter, ...] = (socket.router, *whip.ROUTERS)
