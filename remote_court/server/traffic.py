"""What passes through the door: sized, counted and logged; never a name, an address or a query."""

from __future__ import annotations

import logging
import secrets

from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from remote_court.clock import monotonic
from remote_court.server.problems import on_http
from remote_court.telemetry import REGISTRY

log = logging.getLogger("remote_court.server")

MAX_BODY = 1024 * 1024
TOO_LARGE = 413
REQUESTS = Counter(
    "remote_court_http_requests",
    "Requests answered, by route and status.",
    ("method", "route", "status"),
    registry=REGISTRY,
)
SECONDS = Histogram(
    "remote_court_http_request_seconds",
    "Time until an answer began.",
    ("method", "route"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Traffic:
    """Middleware: gives each request an id, and writes one line about its answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note when its answer began."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = monotonic()
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
                note(scope, message["status"], monotonic() - began)
            await send(message)

        await self.app(scope, receive, noted)


def note(scope: Scope, status: int, seconds: float) -> None:
    """Count and log an answer, by the route's pattern: an address may hold a tracking code."""
    route = getattr(scope.get("route"), "path", "none")
    method = scope["method"] if scope["method"] in METHODS else "other"
    REQUESTS.labels(method, route, status).inc()
    SECONDS.labels(method, route).observe(seconds)
    if not scope["path"].startswith(("/static/", "/healthz")):
        told = (scope["state"]["request_id"], method, route, status, seconds * 1000)
        log.info("%s %s %s %d %.1f ms", *told)


class SizeLimit:
    """Middleware: refuses a body that says it is too large unread, and one that grows too large."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413, or pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            refusal = await on_http(Request(scope, receive), HTTPException(TOO_LARGE))
            await refusal(scope, receive, send)
            return
        read = 0

        async def measured() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MAX_BODY:
                raise HTTPException(TOO_LARGE)
            return message

        await self.app(scope, measured, send)
