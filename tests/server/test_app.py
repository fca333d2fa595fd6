"""The door itself: health, documents, errors in both manners and both languages."""

from __future__ import annotations

import httpx
import pytest

from remote_court.config import Settings
from remote_court.server.app import create_app


async def test_the_process_says_that_it_lives_and_that_it_can_serve(client: httpx.AsyncClient):
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ok"}


async def test_counters_are_shown_to_this_machine(client: httpx.AsyncClient):
    await client.get("/healthz")
    shown = await client.get("/metrics")
    assert 'remote_court_http_requests_total{method="GET",route="/healthz",status="200"}' in (
        shown.text
    )


async def test_the_api_document_has_examples_and_a_bearer_scheme(client: httpx.AsyncClient):
    made = (await client.get("/openapi.json")).json()
    assert made["components"]["securitySchemes"] == {"bearer": {"type": "http", "scheme": "bearer"}}
    assert "/healthz" in made["paths"]
    assert not [
        p
        for p in made["paths"]
        if not p.startswith(("/api/", "/healthz", "/r", "/m", "/whip/", "/whep/"))
    ]


async def test_its_page_loads_nothing_from_elsewhere(client: httpx.AsyncClient):
    page = await client.get("/docs")
    assert page.status_code == 200
    assert "https://" not in page.text


@pytest.mark.parametrize(("method", "status"), [("GET", 404), ("POST", 405)])
async def test_what_the_framework_refuses_is_a_problem_too(
    client: httpx.AsyncClient, method: str, status: int
):
    path = "/api/v1/nothing" if status == 404 else "/api/v1/me"
    answer = await client.request(method, path, headers={"Accept-Language": "en"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["type"].startswith("/problems/")


async def test_a_missing_page_is_a_page_in_the_readers_language(client: httpx.AsyncClient):
    for language, word in (("fa", 'lang="fa"'), ("en", 'lang="en"')):
        page = await client.get("/nothing", headers={"Accept-Language": language})
        assert page.status_code == 404
        assert page.headers["content-type"].startswith("text/html")
        assert word in page.text


async def test_a_body_that_says_it_is_too_large_is_refused_unread(client: httpx.AsyncClient):
    answer = await client.post("/api/v1/me", content=b"x" * (1024 * 1024 + 1))
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/content-too-large"


async def test_a_body_that_grows_too_large_is_refused_while_it_is_read(client: httpx.AsyncClient):
    async def endless():
        for _ in range(20):
            yield b"x" * 100_000

    answer = await client.post("/api/v1/auth/token", content=endless())
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("address", "token", "status"),
    [("127.0.0.1", "", 200), ("::1", "", 200), ("10.0.0.9", "", 404), ("10.0.0.9", "secret", 200)],
)
async def test_counters_are_shown_elsewhere_to_who_has_the_token(
    site, tmp_path, address: str, token: str, status: int
):
    site.settings = Settings(data_dir=tmp_path, metrics_token="secret")
    transport = httpx.ASGITransport(create_app(site), client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as other:
        answer = await other.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == status
