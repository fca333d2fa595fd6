"""Small courts, in the shared database, in a transaction that is rolled back."""

from __future__ import annotations

from datetime import datetime

import pytest_asyncio

from tests.hearings import branch
from tests.hearings.court import CourtWorld, make_court
from tests.sharing import rolled_back, shared_database, village
from tests.world import World

__all__ = ["rolled_back", "shared_database", "village"]


@pytest_asyncio.fixture
async def court_world(village: World) -> CourtWorld:
    return await make_court(village)


@pytest_asyncio.fixture
async def court(village: World, noon: datetime) -> branch.Court:
    return await branch.make_court(village, noon)
