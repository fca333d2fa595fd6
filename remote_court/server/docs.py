"""The API's document, and the page that shows it from files of our own."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.requests import Request
from starlette.responses import Response

from remote_court.server.guards import public, somebody
from remote_court.server.headers import policy
from remote_court.server.idempotency import calls
from remote_court.server.pages import render
from remote_court.server.programs import PROGRAMS

router = APIRouter(include_in_schema=False)
SHOWN = (*PROGRAMS, "/healthz", "/readyz", "/metrics")
ABOUT = """Book a video visit and join its call.

Sign in with `POST /api/v1/auth/token` and send the token as `Authorization: Bearer …`.
Lists are `{items, next}`; instants are RFC 3339 with offset; ids are strings. A writing call
takes an `Idempotency-Key`: sent again, it gives the same answer. Errors are RFC 9457 problems;
`Accept-Language: fa` or `en` chooses the language of their `detail`."""
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "examples": ["/problems/slot-taken"]},
        "title": {"type": "string", "examples": ["Slot taken"]},
        "status": {"type": "integer", "examples": [409]},
        "detail": {
            "type": "string",
            "examples": ["Another booking already holds one of these places at this time."],
        },
        "instance": {"type": "string", "examples": ["/api/v1/visits"]},
        "errors": {"type": "array", "items": {"type": "object"}},
        "reasons": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "citation": {"type": ["string", "null"]},
                },
            },
        },
        "alternatives": {"type": "array", "items": {"type": "object"}},
    },
}
ANSWERS = {
    "4XX": {
        "description": "Refused; `type` says why",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of what programs may call; pages are not in it."""
    if app.openapi_schema:
        return app.openapi_schema
    made = get_openapi(
        title="Remote Court", version=version("remote-court"), description=ABOUT, routes=app.routes
    )
    made["paths"] = {p: item for p, item in made["paths"].items() if p.startswith(SHOWN)}
    open_routes = set(public_routes(app))
    for path, item in made["paths"].items():
        for method, operation in item.items():
            describe(operation, closed=(path, method.upper()) not in open_routes)
    parts = made.setdefault("components", {})
    parts["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    schemas = parts.setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    app.openapi_schema = made
    return made


def describe(operation: dict[str, Any], *, closed: bool) -> None:
    """Say of an operation how it refuses and what it asks for."""
    operation["responses"].pop("422", None)
    operation["responses"] |= ANSWERS
    if closed:
        operation["security"] = [{"bearer": []}]


def public_routes(app: FastAPI) -> list[tuple[str, str]]:
    """Path and method of each route that asks nobody who they are."""
    found = []
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute) and {public, somebody} & set(
            calls(context.dependant)
        ):
            found += [(context.path_format or "", method) for method in context.methods or ()]
    return found


@router.get("/docs", dependencies=[Depends(public)])
async def docs(request: Request) -> Response:
    """Show the API's document."""
    page = render(request, "docs.html")
    # Swagger UI writes HTML from text in places, which Trusted Types would refuse.
    page.headers["Content-Security-Policy"] = policy(request.state.nonce, trusted_types=False)
    return page
