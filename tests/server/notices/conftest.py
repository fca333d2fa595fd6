"""A small court on a site."""

from __future__ import annotations

import pytest
import pytest_asyncio

from tests.notices.served import know_hearings
from tests.server.notices.court import Served, on_site


@pytest_asyncio.fixture
async def at_court(site, instant, monkeypatch: pytest.MonkeyPatch) -> Served:
    know_hearings(monkeypatch)
    site.now = lambda: instant
    return await on_site(site)
