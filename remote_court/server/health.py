"""Whether this process lives, whether it can serve, and what it counted."""

from __future__ import annotations

import asyncio
import hmac
import logging
from ipaddress import ip_address

from fastapi import APIRouter, Depends
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from remote_court.errors import NotFound
from remote_court.server.deps import SiteDep
from remote_court.server.guards import guard, public
from remote_court.telemetry import REGISTRY

log = logging.getLogger(__name__)
router = APIRouter(tags=["operation"])
PATIENCE_S = 2.0


class State(BaseModel):
    """How a process is."""

    status: str


@guard
async def scraper(request: Request, site: SiteDep) -> None:
    """Who asks from this machine, or with the metrics token.

    Raises:
        NotFound: anybody else.
    """
    token = site.settings.metrics_token
    sent = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(sent.encode(), token.get_secret_value().encode()):
        return
    if not local(request):
        raise NotFound


def local(request: Request) -> bool:
    """Whether the request comes from this machine itself."""
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


@router.get("/healthz", dependencies=[Depends(public)])
async def healthz() -> State:
    """Say that the process lives."""
    return State(status="ok")


@router.get("/readyz", dependencies=[Depends(public)], responses={503: {"model": State}})
async def readyz(site: SiteDep) -> Response:
    """Say whether requests can be served: the database answers."""
    try:
        async with asyncio.timeout(PATIENCE_S), site.database.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("not ready: %s", type(error).__name__)
        return JSONResponse({"status": "no-database"}, 503)
    return JSONResponse({"status": "ok"})


@router.get("/metrics", dependencies=[Depends(scraper)], response_class=Response)
async def metrics() -> Response:
    """Give the counters of this process in the text format of Prometheus."""
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_PLAIN_0_0_4)
