"""Every page of an office, under one router."""

from __future__ import annotations

from fastapi import APIRouter

from remote_court.server.office import arrivals, board, desk, displaced, moving, walk_in
from remote_court.server.office.manage import closing, days, details, overview, rooms

router = APIRouter(include_in_schema=False)
for part in (desk, board, displaced, walk_in, arrivals, moving):
    router.include_router(part.router)
for page in (overview, rooms, closing, days, details):
    router.include_router(page.router)
