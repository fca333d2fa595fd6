"""Every router of the site. A room adds its own here."""

from __future__ import annotations

from fastapi import APIRouter

from remote_court.server import docs, gallery, health, language
from remote_court.server.office import api as office_api
from remote_court.server.people import api as people_api
from remote_court.server.visits import api as visits_api

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    docs.router,
    gallery.router,
    language.router,
    people_api.router,
    visits_api.router,
    office_api.router,
)
