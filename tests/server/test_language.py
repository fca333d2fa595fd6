"""The switch of languages, as a route."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from remote_court.server.language import router


async def get(path: str) -> httpx.Response:
    app = FastAPI()
    app.include_router(router)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://court.example") as browser:
        return await browser.get(path)


@pytest.mark.parametrize("code", ["fa", "en"])
async def test_each_language_can_be_chosen(code):
    answer = await get(f"/lang/{code}?next=/visits%3Fpage%3D2")
    assert (answer.status_code, answer.headers["location"]) == (303, "/visits?page=2")
    assert answer.cookies["lang"] == code


async def test_a_language_we_do_not_speak_is_no_address():
    assert (await get("/lang/de")).status_code == 422
