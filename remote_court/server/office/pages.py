"""Every page of an office."""

from __future__ import annotations

from fastapi import APIRouter

from remote_court.server.office import arrivals, board, desk, displaced, moving, walk_in
from remote_court.server.office.manage import closing, days, details, overview, rooms

ROUTERS: tuple[APIRouter, ...] = (
    desk.router,
    board.router,
    displaced.router,
    walk_in.router,
    arrivals.router,
    moving.router,
    overview.router,
    rooms.router,
    closing.router,
    days.router,
    details.router,
)
