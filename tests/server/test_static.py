"""Built files are kept by browsers for good."""

from __future__ import annotations

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from remote_court.assets import static_url
from remote_court.server.static import FOR_GOOD, BuiltFiles


async def get(path: str) -> httpx.Response:
    transport = httpx.ASGITransport(Starlette(routes=[Mount("/static", BuiltFiles())]))
    async with httpx.AsyncClient(transport=transport, base_url="http://court.example") as browser:
        return await browser.get(path)


async def test_a_built_file_is_kept_for_good():
    answer = await get(static_url("app.css"))
    assert answer.headers["cache-control"] == FOR_GOOD
    assert answer.headers["content-type"].startswith("text/css")


async def test_a_file_that_is_not_there_is_not_remembered():
    answer = await get("/static/own/nothing.css")
    assert answer.status_code == 404
    assert "cache-control" not in answer.headers
