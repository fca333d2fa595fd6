"""The switch between Persian and English, on every page."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from remote_court.server.guards import public
from remote_court.server.locale import switch

router = APIRouter(include_in_schema=False, dependencies=[Depends(public)])


@router.get("/lang/{code}")
async def language(request: Request, code: Literal["fa", "en"]) -> Response:
    """Remember the language and go back to the page in ``?next=``."""
    return switch(request, code)
