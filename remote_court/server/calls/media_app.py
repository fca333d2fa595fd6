"""The small web application of a media worker's process; its routers are the site's too."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.types import Lifespan

from remote_court.server import health, problems
from remote_court.server.calls import socket, whip
from remote_court.server.headers import SecurityHeaders
from remote_court.server.site import Site
from remote_court.server.traffic import SizeLimit, Traffic

MEDIA_ROUTERS: tuple[APIRouter, ...] = (socket.router, *whip.ROUTERS)
"""What talks to the worker of this process, whichever application it stands in."""


def create_media_app(site: Site, lifespan: Lifespan[Any] | None = None) -> FastAPI:
    """Make the application of a process that carries calls and shows no pages.

    It knows no cookies: whoever speaks to it shows a ticket.

    Args:
        site: whose calls.
        lifespan: what starts and stops with it: the hub and the worker.
    """
    app = FastAPI(
        title="Remote Court, media worker",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        middleware=[
            Middleware(Traffic),
            Middleware(SecurityHeaders, secure=site.settings.secure),
            Middleware(SizeLimit),
        ],
    )
    app.state.site = site
    app.state.no_pages = True
    problems.install(app)
    for router in (health.router, *MEDIA_ROUTERS):
        app.include_router(router)
    return app
