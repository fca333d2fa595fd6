"""The web application: the door, the routers behind it, and how it answers errors."""

from __future__ import annotations

from typing import Any

from fastapi import Depends, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Lifespan

from remote_court.server import docs, problems
from remote_court.server.csrf import Csrf, ours
from remote_court.server.headers import SecurityHeaders
from remote_court.server.identity import Identity, Known, known_or_away
from remote_court.server.place import Names
from remote_court.server.routers import ROUTERS
from remote_court.server.site import Site
from remote_court.server.static import BuiltFiles
from remote_court.server.traffic import SizeLimit, Traffic

COMPRESSED_FROM = 1400  # bytes; less fits one packet anyhow


def create_app(site: Site, lifespan: Lifespan[Any] | None = None) -> FastAPI:
    """Make the application that serves a site.

    Args:
        site: what its requests share.
        lifespan: what starts and stops with it: the hub, the worker, the sweeps.
    """
    app = FastAPI(
        title="Remote Court",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        dependencies=[Depends(known_or_away), Depends(ours)],
        middleware=[
            Middleware(Traffic),
            Middleware(SecurityHeaders, secure=site.settings.secure),
            Middleware(GZipMiddleware, minimum_size=COMPRESSED_FROM, compresslevel=5),
            Middleware(Identity),
            Middleware(Csrf),
            Middleware(SizeLimit),
        ],
    )
    app.state.site = site
    app.state.known = Known()
    app.state.place_names = Names()
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", BuiltFiles(), name="static")
    app.openapi = lambda: docs.document(app)  # type: ignore[method-assign]
    return app
