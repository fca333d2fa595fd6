"""A site on a database of its own, and a browser that keeps cookies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from remote_court.config import Settings
from remote_court.db import Database
from remote_court.server.app import create_app
from remote_court.server.site import Site


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    return Site(Settings(mode="development", data_dir=tmp_path), database)


@pytest.fixture
def app(site: Site) -> FastAPI:
    return create_app(site)


@pytest_asyncio.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as opened:
        yield opened
