"""A small country whose letters are due."""

from __future__ import annotations

from datetime import datetime

import pytest
import pytest_asyncio

from remote_court.db import Database
from remote_court.notices import occasions
from remote_court.visits.in_letters import register_visits
from tests.notices.post import Post
from tests.world import make_world


@pytest.fixture(autouse=True)
def spoken_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occasions, "KINDS", {})
    register_visits()


@pytest_asyncio.fixture
async def post(database: Database, noon: datetime) -> Post:
    async with database.transaction() as session:
        return Post(database, await make_world(session), noon)
