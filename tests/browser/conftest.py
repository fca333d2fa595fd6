"""The product for a walk through its pages, and a real browser to walk with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from remote_court.assets import web_dir
from remote_court.assets.build import build
from remote_court.db import Database
from tests.browser.house import House, living
from tests.browser.stage import browsing


@pytest_asyncio.fixture
async def house(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """The whole product, where it is noon on a Tuesday."""
    build(web_dir(), say=lambda _: None)
    async with living(database, tmp_path, monkeypatch) as made:
        yield made


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    """A real Chromium with a fake camera and microphone."""
    async with browsing() as made:
        yield made
