"""Every router of the site. A room adds its own here."""

from __future__ import annotations

from fastapi import APIRouter

from remote_court.server import docs, health
from remote_court.server.people import api as people_api

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    docs.router,
    people_api.router,
)
